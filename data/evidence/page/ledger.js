// The chain of rows: each line is hashed as it stands; RFC 6962 roots at the checkpoints.
import { Wrong, hex, isCount, isObject, isText, must, sameBytes, textOf, utf8, valueOf } from "./bytes.js";
import { sha256 } from "./sha2.js";

const DOMAIN = utf8("\0ban-giam-khao-ledger-v1\n");
const NODE = Uint8Array.of(1);
const FIELDS = "actor,at,chain,event,payload,prev,seq,version";
const EVERY = 4096; // rows between two reports of progress

export const rowHash = (line) => sha256(DOMAIN, line);

/** A Merkle tree that grows leaf by leaf; it keeps one hash for each complete subtree, the largest first. */
export class MerkleTree {
  size = 0;
  subtrees = [];

  append(leaf) {
    let hash = leaf;
    for (let joins = this.size; joins & 1; joins >>= 1) hash = sha256(NODE, this.subtrees.pop(), hash);
    this.subtrees.push(hash);
    this.size += 1;
  }

  root() {
    return this.subtrees.reduceRight((right, left) => sha256(NODE, left, right));
  }
}

/** The row of one line, checked against the row before it. `rest`: the lines after it. */
function rowOf(line, seq, previous, rest) {
  const here = `Sổ cái, dòng ${seq}`;
  const row = valueOf(textOf(line) ?? "");
  const shaped = isObject(row) && Object.keys(row).sort().join() === FIELDS;
  const typed = shaped && isCount(row.seq) && isCount(row.at) && isCount(row.version) && isText(row.actor);
  must(typed && isText(row.event) && isObject(row.payload) && row.chain === "result", `${here}: không viết đúng khuôn.`);
  if (row.seq !== seq) {
    const moved = (textOf(rest) ?? "").includes(`"seq":${seq},`);
    throw new Wrong(`${here}: mang số ${row.seq}; ${moved ? "hai dòng bị đổi chỗ." : "có dòng bị bỏ hoặc bị thêm."}`);
  }
  must(row.at >= previous.at, `${here}: thời gian lùi lại so với dòng trước.`);
  must(row.prev === previous.hash, `${here}: không nối với dòng trước.`);
  return row;
}

/**
 * Reads the chain and gives each row to `take`. Returns {size, hashes, roots}: 32 bytes a row, and size -> root.
 *
 * `progress` is awaited with the numbers of bytes read.
 */
export async function readChain(bytes, sizes, take, progress) {
  const tree = new MerkleTree();
  const roots = new Map();
  const found = [];
  let previous = { hash: "0".repeat(64), at: 0 };
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(10, from);
    const line = bytes.subarray(from, Math.max(from, to)); // a last line without its line feed is no line
    const row = rowOf(line, found.length + 1, previous, bytes.subarray(to));
    const hash = rowHash(line);
    tree.append(hash);
    found.push(hash);
    previous = { hash: hex(hash), at: row.at };
    if (sizes.has(tree.size)) roots.set(tree.size, tree.root());
    take(row);
    from = to + 1; // a line that ends the file was refused: `to` is not -1 here
    if (tree.size % EVERY === 0) await progress(from, tree.size);
  }
  return { size: found.length, hashes: found, roots };
}

/** Whether the path (32 bytes each, from the lowest up) leads from the row at `index` (from 0) to the root of `size` rows. */
export function isIncluded(leaf, index, size, path, root) {
  let [hash, at, last] = [leaf, index, size - 1];
  for (const other of path) {
    if (!last) return false;
    if (at & 1 || at === last) {
      hash = sha256(NODE, other, hash);
      while (at && !(at & 1)) [at, last] = [at >> 1, last >> 1];
    } else hash = sha256(NODE, hash, other);
    [at, last] = [at >> 1, last >> 1];
  }
  return !last && sameBytes(hash, root);
}
