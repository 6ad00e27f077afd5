// From sheets to places, in whole numbers (BigInt): methods, the ladder for ties, places (docs/contest-rules.md, Scores).
import { compareTexts } from "./bytes.js";
import { openBlocks } from "./missing-ranks.js";

export const byCode = (one, other) => compareTexts(one.entry, other.entry);
const ascending = (one, other) => (one < other ? -1 : Number(one > other));
const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0n);

/** A ratio that is not negative, as the nearest whole number, halves up. */
export const halfUp = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);

/** Splits items into groups of one value: [value, items] in the order in which the values first occur. */
export function grouped(items, valueOfItem) {
  const groups = new Map();
  for (const item of items) {
    const value = valueOfItem(item);
    if (groups.has(value)) groups.get(value).push(item);
    else groups.set(value, [item]);
  }
  return [...groups];
}

/** The total of a sheet, in units of 1/(100·scale) of a point; `marks` in the order of the criteria. */
export const totalOf = (rules, marks) => sumOf(rules.criteria.map(({ weight }, at) => weight * BigInt(marks[at])));

/** [numerator, denominator] of a work's score before it is rounded, in points or ranks. */
const RATIOS = {
  mean: (work, rules) => meanOf(work.sorted, rules),
  median: (work, rules) => {
    const middle = (work.sorted.length - 1) >> 1;
    return meanOf(work.sorted.slice(middle, work.sorted.length - middle), rules);
  },
  trimmed_mean: (work, rules) => meanOf(work.sorted.slice(rules.trim, work.sorted.length - rules.trim), rules),
  rank_sum: (work) => [sumOf(doubledRanks(work)), 2n],
  rank_mean: (work) => [sumOf(doubledRanks(work)), 2n * BigInt(work.ranks.size)],
};
const meanOf = (totals, rules) => [sumOf(totals), BigInt(totals.length) * 100n * rules.scale];
const doubledRanks = (work) => [...work.ranks.values()].map(BigInt);

/** Gives each work its `ranks`: judge -> twice its rank by that judge's totals; equal totals share the mean rank. */
function rankByJudges(works) {
  const marked = new Map();
  for (const work of works) {
    work.ranks = new Map();
    for (const [judge, total] of work.totals) {
      if (!marked.has(judge)) marked.set(judge, []);
      marked.get(judge).push({ work, total });
    }
  }
  for (const [judge, sheets] of marked) {
    sheets.sort((one, other) => ascending(other.total, one.total));
    let ahead = 0;
    for (const [, equals] of grouped(sheets, ({ total }) => total)) {
      for (const { work } of equals) work.ranks.set(judge, 2 * ahead + 1 + equals.length);
      ahead += equals.length;
    }
  }
}

/** A work's number on a rung, rounded as it is published; null where the chief judge has no sheet on it. */
function rungOf(work, rung, rules, chief) {
  const unit = 10n ** BigInt(rules.decimals);
  if (rung === "chief") return work.totals.has(chief) ? halfUp(work.totals.get(chief) * unit, 100n * rules.scale) : null;
  const at = rules.criteria.findIndex(({ key }) => `criterion:${key}` === rung);
  const marks = [...work.panel.values()].map((each) => BigInt(each[at]));
  return halfUp(sumOf(marks) * unit, BigInt(marks.length) * 100n);
}

/** Equal works as groups, best first: split by the first rung that separates them, each part by the ladder anew. */
function brokenTies(works, rules, chief) {
  if (works.length > 1) {
    for (const rung of rules.ladder) {
      const numbers = new Map(works.map((work) => [work, rungOf(work, rung, rules, chief)]));
      const values = [...new Set(numbers.values())];
      if (values.includes(null) || values.length === 1) continue;
      values.sort((one, other) => ascending(other, one));
      return values.flatMap((value) => brokenTies(works.filter((work) => numbers.get(work) === value), rules, chief));
    }
  }
  return [[...works].sort(byCode)];
}

/** The scored works in blocks {works, equal}, best first, before the ladder. */
function scoreBlocks(works, rules) {
  const judges = new Set(works.flatMap((work) => [...work.totals.keys()]));
  const uneven = works.some((work) => work.totals.size < judges.size);
  if (rules.method === "rank_sum" && uneven) return openBlocks(works, judges, rules.decimals ? 1 : 2);
  const best = rules.byRanks ? 1 : -1;
  const sorted = [...works].sort((one, other) => best * ascending(one.score, other.score));
  return grouped(sorted, ({ score }) => score).map(([, equals]) => ({ works: equals, equal: true }));
}

/**
 * The standings of `panels` (work -> judge -> marks): groups {works, equal} of scored works, best first, for the prizes;
 * and rows {entry, place, score, sheets}, where place and score are null where there is none.
 */
export function standingsOf(rules, panels, chief) {
  const works = [...panels].map(([entry, panel]) => ({ entry, panel, place: null, score: null, sheets: panel.size }));
  const scored = works.filter((work) => work.sheets >= rules.least);
  for (const work of scored) {
    work.totals = new Map([...work.panel].map(([judge, marks]) => [judge, totalOf(rules, marks)]));
    work.sorted = [...work.totals.values()].sort(ascending);
  }
  if (rules.byRanks) rankByJudges(scored);
  for (const work of scored) {
    const [numerator, denominator] = RATIOS[rules.method](work, rules);
    work.score = halfUp(numerator * 10n ** BigInt(rules.decimals), denominator);
  }
  const groups = scoreBlocks(scored, rules).flatMap(({ works: block, equal }) =>
    (equal ? brokenTies(block, rules, chief) : [[...block].sort(byCode)]).map((group) => ({ works: group, equal })),
  );
  let ahead = 0;
  for (const group of groups) {
    for (const work of group.works) work.place = group.equal ? ahead + 1 : null;
    ahead += group.works.length;
  }
  const unscored = works.filter((work) => work.score === null).sort(byCode);
  const rows = [...groups.flatMap((group) => group.works), ...unscored].map(({ entry, place, score, sheets }) => ({ entry, place, score, sheets }));
  return { groups: groups.map(({ works: group, equal }) => ({ entries: group.map(({ entry }) => entry), equal })), rows };
}
