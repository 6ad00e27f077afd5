// The rule card, version 1: what decides a result. Points are hundredths, money is đồng.
import { NEWER, Unreadable, Wrong, isCount, isObject, isText, must, textOf, valueOf } from "./bytes.js";

const METHODS = new Set(["mean", "median", "trimmed_mean", "rank_sum", "rank_mean"]);
const KINDS = ["reactions", "comments", "shares", "views"];
const MOST = 1_000_000; // of what a contest counts: sheets, prizes, decimals

function gcd(one, other) {
  let [a, b] = [one, other];
  while (b) [a, b] = [b, a % b];
  return a;
}

/** A weight such as "1/3" as [numerator, denominator]. */
function weightOf(text) {
  const found = /^([0-9]{1,30})(?:\/([1-9][0-9]{0,29}))?$/.exec(text);
  must(found, "Thể lệ chấm không đọc được.");
  return [BigInt(found[1]), BigInt(found[2] ?? 1)];
}

/** The last second (UTC, whole seconds) in which a reading counts; null without a cut-off. */
function secondOf(text) {
  if (text === null) return null;
  const found = isText(text) && /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00:00$/.exec(text);
  must(found, "Thể lệ chấm không đọc được.");
  return Date.parse(`${found[1]}Z`) / 1000;
}

function shaped(card) {
  const { criteria, interactions, judging, prizes, scoring, ties } = card;
  if (![criteria, prizes, ties?.ladder].every(Array.isArray) || ![scoring, interactions, judging].every(isObject)) return false;
  const keys = new Set(criteria.map((each) => each?.key));
  const rungs = new Set(["chief", ...criteria.map((each) => `criterion:${each?.key}`)]);
  return (
    criteria.length > 0 && keys.size === criteria.length &&
    criteria.every((each) => isText(each?.key) && isCount(each.max) && isCount(each.step) && each.step > 0 && isText(each.weight)) &&
    METHODS.has(scoring.method) && [scoring.trim, scoring.min_sheets].every((count) => isCount(count) && count <= MOST) &&
    isCount(scoring.decimals) && scoring.decimals <= 12 &&
    ties.ladder.every((rung) => rungs.has(rung)) && ["committee", "share"].includes(ties.then) &&
    prizes.every((each) => isText(each?.key) && isText(each.name) && isCount(each.amount) && isCount(each.quantity) && each.quantity <= MOST) &&
    new Set(prizes.map((each) => each.key)).size === prizes.length && isCount(judging.watched_share) && KINDS.every((kind) => isCount(interactions[kind]))
  );
}

/**
 * The rules of a card's text: criteria with `weight` as a whole number (BigInt) and `scale`, by which all weights were
 * multiplied; method, trim, decimals, least (sheets of a score), ladder, share, prizes, worth, close.
 */
export function readRuleCard(bytes) {
  const card = valueOf(textOf(bytes) ?? "");
  must(isObject(card), "Thể lệ chấm không đọc được.");
  must(card.version === 1, `Thể lệ chấm bản ${card.version}: ${NEWER}`, Unreadable);
  if (!shaped(card)) throw new Wrong("Thể lệ chấm không đọc được.");
  const weights = card.criteria.map((each) => weightOf(each.weight));
  const scale = weights.reduce((common, [, denominator]) => (common * denominator) / gcd(common, denominator), 1n);
  const { method, trim, decimals, min_sheets: least } = card.scoring;
  return {
    contest: card.contest,
    name: card.name,
    criteria: card.criteria.map((each, at) => ({ ...each, weight: (weights[at][0] * scale) / weights[at][1] })),
    scale, method, trim, decimals,
    byRanks: method.startsWith("rank_"),
    least: method === "trimmed_mean" ? Math.max(least, 2 * trim + 1) : Math.max(least, 1),
    ladder: card.ties.ladder,
    share: card.ties.then === "share",
    prizes: card.prizes,
    worth: KINDS.map((kind) => [kind, BigInt(card.interactions[kind])]),
    close: secondOf(card.interactions.close),
    watchedShare: card.judging.watched_share,
    needsCounts: card.prizes.some((each) => each.by === "interaction"),
  };
}
