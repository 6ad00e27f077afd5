// A proof of one row: the row, the hashes beside its way up, and the checkpoint it leads to.
import { bytesOfHex, isCount, isObject, isText, must, textOf, utf8, valueOf } from "./bytes.js";
import { isIncluded, rowHash } from "./ledger.js";
import { mustBeSigned, readNote } from "./signed-notes.js";

/** What is proved, as a sentence. `signer`: {origin, key}. Throws Wrong where the proof does not hold. */
export async function mustBeProved(name, bytes, signer) {
  const text = textOf(bytes) ?? "";
  const proof = valueOf(text.endsWith("\n") ? text.slice(0, -1) : text);
  const shaped = isObject(proof) && isText(proof.row) && isText(proof.checkpoint) && Array.isArray(proof.path) && proof.path.length <= 64;
  const path = shaped ? proof.path.map(bytesOfHex) : [];
  const note = shaped ? readNote(proof.checkpoint) : null;
  const row = shaped ? valueOf(proof.row) : null;
  const readable = note && isObject(row) && isCount(row.seq) && row.seq >= 1 && row.seq <= note.size && path.every((hash) => hash?.length === 32);
  must(readable, `${name}: không viết đúng khuôn.`);
  await mustBeSigned(note, signer.origin, signer.key);
  const holds = isIncluded(rowHash(utf8(proof.row)), row.seq - 1, note.size, path, note.root);
  must(holds, `Dòng ${row.seq} không nằm trong điểm chốt ${note.size} dòng.`);
  return `dòng ${row.seq} nằm trong sổ cái ${note.size} dòng mà điểm chốt đã ký`;
}
