// Judging codes drawn again from the closed list and the public seed (docs/contest-rules.md, Judging codes).
import { compareTexts, hex, utf8 } from "./bytes.js";
import { sha256 } from "./sha2.js";

const hashOf = (text) => hex(sha256(utf8(text)));

/** The SHA-256 of a list's text, hex. */
export function listHash({ works, taken }) {
  const lines = (kind, codes) => [...codes].sort(compareTexts).map((code) => `${kind} ${code}\n`);
  return hashOf(["finals list 1\n", ...lines("work", works), ...lines("taken", taken)].join(""));
}

/** Submission -> judging code, for a list, its hash and the seed; `prefix` comes before the number. */
export function drawnCodes({ works, taken }, seed, prefix) {
  const hash = listHash({ works, taken });
  let first = 100n;
  while (2n * BigInt(works.length) > 9n * first) first *= 10n;
  const used = new Set(taken);
  const codes = new Map();
  for (const work of [...works].sort(compareTexts)) {
    let code;
    for (let attempt = 0; !code || used.has(code); attempt++) {
      const number = BigInt(`0x${hashOf(`judging code 1\n${hash}\n${seed}\n${work}\n${attempt}\n`)}`);
      code = `${prefix}-${first + (number % (9n * first))}`;
    }
    used.add(code);
    codes.set(work, code);
  }
  return codes;
}
