// Rank sums where judges left works out: the order that holds whatever the missing ranks are
// (docs/contest-rules.md, Missing ranks). All numbers are doubled ranks: small whole numbers.
import { compareTexts } from "./bytes.js";

/**
 * The most by which the sum of `one` exceeds that of `other`, whatever places the judges would have given the works they
 * left out. Judges are independent, so it is the sum of what each can do at most.
 */
function mostBehind(one, other, missing, last) {
  let most = one.sure - other.sure;
  for (let judge = 0; judge < missing.length; judge++) {
    const [mine, theirs] = [one.open[judge], other.open[judge]];
    const all = 2 * missing[judge]; // all the works that this judge left out, put between the two
    if (mine !== null && theirs !== null) most += mine - theirs + (mine > theirs ? all : 0);
    else if (mine !== null) most += mine + all - 2; // the others before `one`, and `other` before everything
    else most += last - (theirs ?? 2); // `one` comes last, and nothing before `other`
  }
  return most;
}

/** Joins works into sets: the root of a work's set. */
function blockRoot(parents, at) {
  let root = at;
  while (parents[root] !== root) root = parents[root] = parents[parents[root]];
  return root;
}

/** Whether `one` and `other` are separated, equal or open, and by how much `one` is behind at most. */
function relation(one, other, missing, last, gap) {
  const [behind, ahead] = [mostBehind(one, other, missing, last), mostBehind(other, one, missing, last)];
  return { separated: behind <= -gap || ahead <= -gap, equal: behind === 0 && ahead === 0, first: behind <= -gap };
}

/**
 * Blocks {works, equal} of scored works, best first; each work has `ranks`. `judges`: all who marked one of them.
 *
 * Works that are linked by pairs that are not separated form one block. It is equal where all its pairs are equal.
 * `gap`: the least difference of sums that separates two works.
 */
export function openBlocks(works, judges, gap) {
  const counts = new Map([...judges].map((judge) => [judge, 0]));
  for (const work of works) for (const judge of work.ranks.keys()) counts.set(judge, counts.get(judge) + 1);
  const absent = [...counts].filter(([, count]) => count < works.length);
  const missing = absent.map(([, count]) => works.length - count);
  const last = 2 * works.length;
  const partial = new Set(absent.map(([judge]) => judge));
  const candidates = works.map((work) => ({
    work,
    sure: [...work.ranks].reduce((sum, [judge, rank]) => sum + (partial.has(judge) ? 0 : rank), 0),
    open: absent.map(([judge]) => work.ranks.get(judge) ?? null),
  }));
  const parents = candidates.map((_, at) => at);
  const open = new Set(); // works in a pair of open order
  for (let at = 0; at < candidates.length; at++) {
    for (let other = at + 1; other < candidates.length; other++) {
      const { separated, equal } = relation(candidates[at], candidates[other], missing, last, gap);
      if (separated) continue;
      parents[blockRoot(parents, other)] = blockRoot(parents, at);
      if (!equal) open.add(at).add(other);
    }
  }
  const blocks = new Map();
  candidates.forEach((candidate, at) => {
    const root = blockRoot(parents, at);
    if (!blocks.has(root)) blocks.set(root, { members: [], equal: true });
    blocks.get(root).members.push(candidate);
    if (open.has(at)) blocks.get(root).equal = false;
  });
  return [...blocks.values()]
    .sort((one, other) => (relation(one.members[0], other.members[0], missing, last, gap).first ? -1 : 1))
    .map(({ members, equal }) => ({ works: members.map(({ work }) => work).sort((a, b) => compareTexts(a.entry, b.entry)), equal }));
}
