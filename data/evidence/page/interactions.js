// Readings of interaction counts, and which of them count (docs/contest-rules.md, Interaction prizes).
import { compareTexts } from "./bytes.js";
import { grouped } from "./standings.js";

/** All readings: of each work, in the order they were entered. */
export class Readings {
  works = new Map(); // work -> [{taken, weighted, confirmed, waits, corrects, by}]

  /** Adds a reading. One of version 1 of the event counts without confirmation. */
  enter(rules, { actor, version, payload }) {
    const weighted = rules.worth.reduce((sum, [kind, weight]) => sum + weight * BigInt(payload[kind]), 0n);
    const before = this.works.get(payload.entry) ?? [];
    const counts = version === 1;
    this.works.set(payload.entry, before);
    before.push({ taken: payload.taken_at, weighted, confirmed: counts, waits: !counts, corrects: payload.corrects ?? null, by: actor });
  }

  /** Confirms or rejects a reading. Returns what is wrong, or nothing. */
  review({ actor, payload }, confirmed) {
    const reading = this.works.get(payload.entry)?.[payload.reading - 1];
    if (!reading?.waits) return "số liệu tương tác này không chờ xác nhận";
    if (reading.by === actor) return "người nhập số liệu tự xác nhận";
    Object.assign(reading, { confirmed, waits: false });
  }

  /** Work -> weighted count: of its last confirmed reading in time that no confirmed reading corrects. */
  counts(rules, competes) {
    const found = new Map();
    for (const [entry, readings] of this.works) {
      const confirmed = readings.map((reading, at) => ({ ...reading, number: at + 1 })).filter((reading) => reading.confirmed);
      const corrected = new Set(confirmed.map(({ corrects }) => corrects));
      let last = null;
      for (const reading of confirmed) {
        const inTime = rules.close === null || Math.floor(reading.taken / 1000) <= rules.close;
        if (inTime && !corrected.has(reading.number) && (!last || last.taken <= reading.taken)) last = reading;
      }
      if (last && competes(entry)) found.set(entry, last.weighted);
    }
    return found;
  }
}

/** Works with a count above 0 in groups {entries, equal}, the most first. */
export function countGroups(counts) {
  const works = [...counts].filter(([, count]) => count > 0n);
  works.sort(([one, mine], [other, theirs]) => (mine === theirs ? compareTexts(one, other) : mine > theirs ? -1 : 1));
  return grouped(works, ([, count]) => count).map(([, equals]) => ({ entries: equals.map(([entry]) => entry), equal: true }));
}
