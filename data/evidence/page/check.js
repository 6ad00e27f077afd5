// The whole check of a bundle, step by step (docs/evidence.md). The first step that fails ends it with its sentence.
import { NEWER, Unreadable, bytesOfHex, hex, isCount, isObject, isText, must, sameBytes, textOf, valueOf } from "./bytes.js";
import { readChain } from "./ledger.js";
import { Replay } from "./replay.js";
import { readRuleCard } from "./rule-card.js";
import { sha256 } from "./sha2.js";
import { mustBeSigned, readNote, verifierKey } from "./signed-notes.js";
import { mustBeDocument, mustBeTable, tablesOf } from "./tables.js";

const FORMAT = "ban-giam-khao-evidence";
const NEEDED = ["bundle.json", "ledger.jsonl", "rule-card.json", "key.txt", "document.json", "standings.csv", "awards.csv"];
const ABOUT = "bundle.json: cuộc thi hoặc các điểm chốt khác với sổ cái ghi.";
const VERIFIERS = ["verify.py", "verify.html"];
export const isProof = (name) => /^(?:proof|receipt)[^/]*\.json$/i.test(name);

export const checkpointName = (size) => `checkpoint-${String(size).padStart(7, "0")}.txt`;
const fingerprintOf = (bytes) => `sha256:${hex(sha256(bytes))}`;

/** What bundle.json says: {contest, rows, checkpoints}; and the file names that are there. */
async function readManifest(files) {
  for (const name of NEEDED) must(files.has(name), `Gói thiếu tệp ${name}.`);
  const text = textOf(await files.get("bundle.json")()) ?? "";
  const found = text.endsWith("\n") ? valueOf(text.slice(0, -1)) : undefined;
  must(isObject(found) && found.format === FORMAT && isCount(found.version), "bundle.json: không viết đúng khuôn.");
  must(found.version === 1, `bundle.json: ${NEWER}`, Unreadable);
  const { checkpoints, contest, rows } = found;
  const ascending = Array.isArray(checkpoints) && checkpoints.length && checkpoints.every((size, at) => isCount(size) && size > (at ? checkpoints[at - 1] : 0));
  const shaped = Object.keys(found).length === 5 && isText(contest) && ascending && checkpoints[checkpoints.length - 1] === rows;
  must(shaped, "bundle.json: không viết đúng khuôn.");
  const expected = new Set([...NEEDED, ...VERIFIERS, ...checkpoints.map(checkpointName)]);
  for (const size of checkpoints) must(files.has(checkpointName(size)), `Gói thiếu tệp ${checkpointName(size)}.`);
  for (const name of files.keys()) must(expected.has(name) || isProof(name), `Gói có tệp lạ: ${name.slice(0, 80)}.`);
  return { contest, rows, checkpoints };
}

/** Reads every row once: keys, checkpoints and the first row for the checks of the chain, and the replay beside them. */
class Rows {
  keys = []; // [{from, key}]: signs the checkpoints of `from` rows and more, until the next
  checkpoints = []; // sizes, since the first key
  opened = null;
  wrong = null; // the first row that the replay refuses

  constructor(replay) {
    this.replay = replay;
  }

  take(row) {
    if (row.seq === 1) this.opened = row;
    if (row.event === "checkpoint.made" && this.keys.length) this.checkpoints.push(row.seq);
    const key = row.event === "signing_key.recorded" ? bytesOfHex(row.payload.key) : null;
    if (key?.length === 32) this.keys.push({ from: row.seq, key });
    if (this.wrong || !this.replay) return;
    try {
      this.replay.take(row);
    } catch (error) {
      this.wrong = error;
    }
  }

  keyAt(size) {
    const known = this.keys.filter(({ from }) => from <= size);
    must(known.length, `Điểm chốt ${size} dòng: trước đó sổ cái chưa ghi khóa nào.`);
    return known[known.length - 1].key;
  }
}

async function checkpointsOf(files, sizes) {
  const notes = [];
  for (const size of sizes) {
    const name = checkpointName(size);
    const note = readNote(textOf(await files.get(name)()) ?? "");
    must(note && note.size === size, `Điểm chốt ${size} dòng: do khóa khác ký, hoặc không viết đúng khuôn.`);
    notes.push(note);
  }
  return notes;
}

async function mustHoldCheckpoints(notes, chain, rows, origin) {
  const sizes = notes.map(({ size }) => size);
  must(sizes.join() === rows.checkpoints.join(), ABOUT);
  for (const note of notes) {
    await mustBeSigned(note, origin, rows.keyAt(note.size));
    must(sameBytes(note.root, chain.roots.get(note.size)), `Sổ cái khác với điểm chốt ${note.size} dòng: đã bị sửa hoặc viết lại.`);
  }
}

/** The rules of a card; where it cannot be read, the error to throw once the chain is checked. */
function rulesOf(bytes) {
  try {
    return { rules: readRuleCard(bytes) };
  } catch (error) {
    return { unread: error };
  }
}

function mustBeConfirmed(replay, recount) {
  const { confirmed } = replay;
  const names = new Map(replay.rules.prizes.map(({ key, name }) => [key, name]));
  const [open] = recount.undecided;
  must(!open, `${names.get(open?.prize)}: ${open?.entries.slice(0, 12).join(", ")} đồng hạng mà không có quyết định chọn.`);
  must(!recount.unused.length, "Có quyết định của Ban Tổ chức không khớp với các tác phẩm đồng hạng.");
  const given = confirmed.awards.map(({ prize, entry, amount }) => `${prize}\n${entry}\n${amount}`);
  const same = recount.awards.length === given.length && recount.awards.every(({ prize, entry, amount }, at) => given[at] === `${prize}\n${entry}\n${amount}`);
  must(same, "dòng xác nhận: giải khác với tính lại từ sổ cái.");
}

/**
 * Checks a bundle. `files`: name -> a function that reads it. `step(key, text)` says which step begins, and what the one
 * before it found; it is awaited. Throws Wrong or Unreadable. Returns {chain, origin, rows, rules, recount, section}.
 */
export async function checkBundle(files, step) {
  await step("files");
  const manifest = await readManifest(files);
  const card = await files.get("rule-card.json")();
  const fingerprint = fingerprintOf(card);
  const { rules, unread } = rulesOf(card);
  const notes = await checkpointsOf(files, manifest.checkpoints);
  await step("chain", `${files.size} tệp, đủ và không thừa`);
  const rows = new Rows(rules && new Replay(rules, fingerprint));
  const ledger = await files.get("ledger.jsonl")();
  const progress = (read, size) => step("chain", "", { done: read / ledger.length, size });
  const chain = await readChain(ledger, new Set(manifest.checkpoints), (row) => rows.take(row), progress);
  must(chain.size === manifest.rows, `Sổ cái có ${chain.size} dòng, gói nói ${manifest.rows}: bị cắt hoặc nối thêm.`);

  await step("checkpoints", `${chain.size} dòng nối liền nhau`);
  const origin = `ban-giam-khao/${manifest.contest}`;
  await mustHoldCheckpoints(notes, chain, rows, origin);
  await step("key", `${notes.length} điểm chốt có chữ ký đúng`);
  const key = verifierKey(origin, rows.keyAt(chain.size));
  must(textOf(await files.get("key.txt")()) === `${key}\n`, "key.txt: không phải khóa mà sổ cái ghi.");

  await step("rules", "trùng với khóa ghi trong sổ cái");
  must(rows.opened.payload.rule_card === fingerprint, "rule-card.json: không mang mã mà sổ cái ghi ở dòng 1.");
  if (unread) throw unread;
  const opened = rows.opened.payload.contest;
  must(opened === manifest.contest && opened === rules.contest, ABOUT);
  await step("events", `mã ${fingerprint.slice(7, 23)}…`);
  if (rows.wrong) throw rows.wrong;

  must(rows.replay.published, "Kết quả chưa công bố, hoặc lần công bố cuối đã bị thu hồi.");
  await step("recount", "mọi dòng hợp lệ");
  const recount = rows.replay.recount();
  mustBeConfirmed(rows.replay, recount);
  const placed = recount.rows.filter(({ score }) => score !== null).length;
  await step("document", `${placed} tác phẩm có điểm, ${recount.awards.length} giải`);
  const document = await files.get("document.json")();
  must(fingerprintOf(document) === rows.replay.published.public, "document.json: không mang mã mà dòng công bố ghi.");
  const hashAt = (seq) => chain.hashes[seq - 1] && hex(chain.hashes[seq - 1]);
  const section = mustBeDocument(document, rules, rows.replay, recount, hashAt);
  await step("tables", "đúng bản đã công bố");
  for (const [name, text] of Object.entries(tablesOf(rules, recount))) mustBeTable(name, await files.get(name)(), text);
  await step("", "khớp từng byte");
  return { chain, origin, rows, rules, recount, section };
}
