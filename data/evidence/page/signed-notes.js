// Signed checkpoints (C2SP tlog-checkpoint, signed-note) and verifier keys.
import { base64, bytesOfBase64, hex, joined, must, sameBytes, utf8 } from "./bytes.js";
import { isSigned } from "./ed25519.js";
import { sha256 } from "./sha2.js";

const ED25519 = Uint8Array.of(1); // the signature's type

const keyId = (name, key) => sha256(utf8(`${name}\n`), ED25519, key).slice(0, 4);

/** The key as verifiers are given it: name, hash and key. */
export function verifierKey(name, key) {
  return `${name}+${hex(keyId(name, key))}+${base64(joined(ED25519, key))}`;
}

/** The key (32 bytes) of a verifier key in its only form, and its name; null for any other text. */
export function keyOf(text) {
  const [name, , ...encoded] = text.split("+"); // the base64 may have more of them
  const bytes = bytesOfBase64(encoded.join("+"));
  if (!bytes || bytes.length !== 33 || text !== verifierKey(name, bytes.slice(1))) return null;
  return { name, key: bytes.slice(1) };
}

/** What a note states, {origin, size, root, id, signature}, if it has exactly the form that the desk writes; else null. */
export function readNote(text) {
  const lines = text.split("\n");
  if (lines.length !== 6) return null;
  const [origin, size, root] = [lines[0], Number(lines[1]), bytesOfBase64(lines[2])];
  const signed = bytesOfBase64(lines[4].slice(lines[4].lastIndexOf(" ") + 1));
  if (!Number.isSafeInteger(size) || size < 1 || size >= 2 ** 31 || root?.length !== 32 || signed?.length !== 68) return null;
  if (text !== `${origin}\n${size}\n${base64(root)}\n\n— ${origin} ${base64(signed)}\n`) return null;
  return { origin, size, root, id: signed.slice(0, 4), signature: signed.slice(4) };
}

/** Throws Wrong unless the note is of this origin and is signed by the key. */
export async function mustBeSigned(note, origin, key) {
  const here = `Điểm chốt ${note.size} dòng`;
  must(note.origin === origin && sameBytes(keyId(origin, key), note.id), `${here}: do khóa khác ký, hoặc không viết đúng khuôn.`);
  const statement = utf8(`${origin}\n${note.size}\n${base64(note.root)}\n`);
  must(await isSigned(key, statement, note.signature), `${here}: chữ ký sai.`);
}
