// One check at a time, beside the page (a worker) or in it: messages in, messages out.
import { Unreadable, Wrong, hex, textOf } from "./bytes.js";
import { checkBundle, isProof } from "./check.js";
import { filesOf } from "./files.js";
import { readMarks, wrongMark } from "./printed-marks.js";
import { mustBeProved } from "./proofs.js";
import { keyOf } from "./signed-notes.js";
import { scoreText } from "./tables.js";

/** What the page shows of a checked bundle: plain texts and numbers. */
function shownOf({ chain, rules, recount, section, notes }) {
  const titles = new Map(section.standings.map(({ code, title }) => [code, title]));
  const authors = new Map(section.awards.map(({ code, author, unit }) => [code, [author, unit].filter(Boolean).join(", ")]));
  const names = new Map(rules.prizes.map(({ key, name }) => [key, name]));
  const work = (entry) => ({ code: entry, title: String(titles.get(entry) ?? "") });
  return {
    contest: rules.name,
    size: chain.size,
    last: `${chain.size}:${hex(chain.hashes[chain.size - 1]).slice(0, 16)}`,
    checkpoints: notes,
    awards: recount.awards.map(({ prize, entry, amount }) => ({ ...work(entry), prize: names.get(prize), author: authors.get(entry), amount: String(amount) })),
    notGiven: recount.notGiven.map(({ prize, quantity }) => ({ prize: names.get(prize), quantity })),
    standings: recount.rows.map(({ entry, place, score, sheets }) => ({ ...work(entry), place, score: score === null ? null : scoreText(score, rules.decimals, ","), sheets })),
  };
}

/** The sentence of an error: one of ours, or that the bundle is broken in a way that nobody foresaw. */
function verdictOf(error) {
  if (error instanceof Wrong) return { verdict: "wrong", sentence: error.message };
  if (error instanceof Unreadable) return { verdict: "unreadable", sentence: error.message };
  return { verdict: "unreadable", sentence: `gói hỏng hoặc không đúng định dạng (${error?.name}).` };
}

/** Answers messages {kind: "check", given, marks} and {kind: "marks", marks} by `post`. */
export function session(post, pause) {
  let checked = null; // the chain's hashes, once the bundle was found right
  let current = null;

  async function step(key, text = "", progress = null) {
    if (key === current && progress) post({ kind: "progress", step: key, ...progress });
    else {
      if (current) post({ kind: "step", step: current, state: "right", text });
      current = key;
      if (key) post({ kind: "step", step: key, state: "running", text: "" });
    }
    await pause();
  }

  function marks(typed) {
    const read = readMarks(typed);
    if (!read.length) return { state: "none", text: "" };
    const wrong = read.find((mark) => wrongMark(mark, checked));
    if (wrong) return { state: wrong.row ? "wrong" : "unreadable", text: wrongMark(wrong, checked) };
    return { state: "right", text: `${read.map(({ row }) => `dòng ${row}`).join(", ")} khớp dấu xác thực` };
  }

  async function proofs(files, signerOf) {
    const found = [];
    for (const name of [...files.keys()].filter(isProof)) found.push(await mustBeProved(name, await files.get(name)(), await signerOf()));
    return found.join("; ");
  }

  async function check({ given, marks: typed }) {
    checked = current = null;
    const files = await filesOf(given);
    const others = [...files.keys()].filter((name) => !isProof(name));
    if (files.size > others.length && others.every((name) => name === "key.txt")) return checkProofs(files);
    const found = await checkBundle(files, step);
    checked = found.chain.hashes;
    const proved = await proofs(files, () => ({ origin: found.origin, key: found.rows.keyAt(found.chain.size) }));
    const notes = found.rows.checkpoints.length;
    return { verdict: "right", result: shownOf({ ...found, notes }), marks: marks(typed), proofs: proved };
  }

  /** Proofs without their ledger: all that they need is the key. */
  async function checkProofs(files) {
    if (!files.has("key.txt")) throw new Unreadable("Biên nhận cần tệp key.txt của gói chứng cứ: hãy chọn cả hai tệp.");
    const signer = keyOf((textOf(await files.get("key.txt")()) ?? "").trimEnd());
    if (!signer) throw new Wrong("key.txt: không viết đúng khuôn.");
    const proved = await proofs(files, () => ({ origin: signer.name, key: signer.key }));
    return { verdict: "proved", proofs: proved };
  }

  return async function answer(message) {
    if (message.kind === "marks") return post({ kind: "marks", marks: checked && marks(message.marks) });
    try {
      post({ kind: "done", ...(await check(message)) });
    } catch (error) {
      if (current) post({ kind: "step", step: current, state: verdictOf(error).verdict, text: verdictOf(error).sentence });
      post({ kind: "done", ...verdictOf(error) });
    }
  };
}
