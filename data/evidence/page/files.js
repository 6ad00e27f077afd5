// The files of a bundle as the person gave them: a ZIP, a folder, or the files themselves; each is read when it is needed.
import { Unreadable, Wrong, must, textOf } from "./bytes.js";

const MEGABYTE = 1024 * 1024;
const LARGEST_LEDGER = 1024 * MEGABYTE;
const LARGEST = 64 * MEGABYTE;
const MOST_FILES = 20_000;
const OF_THE_SYSTEM = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i; // what file managers leave in folders

const limitOf = (name) => (name === "ledger.jsonl" ? LARGEST_LEDGER : LARGEST);

function mustBeSmall(name, size) {
  must(size <= limitOf(name), `Tệp ${name} quá lớn: trang này đọc được tối đa ${limitOf(name) / MEGABYTE} MB.`, Unreadable);
}

async function bytesOfFile(name, file) {
  mustBeSmall(name, file.size);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Unreadable(`Không đọc được tệp ${name}: hãy chọn lại gói chứng cứ.`);
  }
}

/** File name -> a function that reads it, for what was given: [{path, file}]. */
export async function filesOf(given) {
  must(given.length, "Chưa có tệp nào được chọn.", Unreadable);
  const zips = given.filter(({ path }) => /\.zip$/i.test(path));
  must(zips.length <= 1, "Chỉ kiểm tra mỗi lần một tệp ZIP.", Unreadable);
  const found = given.filter((each) => !zips.includes(each)).map(({ path, file }) => [path, (name) => bytesOfFile(name, file)]);
  if (zips.length) found.push(...(await zipped(zips[0].file)));
  must(found.length <= MOST_FILES, `Có quá nhiều tệp: ${found.length}.`, Unreadable);
  return named(found);
}

/** Without the one folder that they may all lie in, and without what file managers add. */
function named(found) {
  const proper = found.filter(([path]) => !path.startsWith("__MACOSX/") && !OF_THE_SYSTEM.test(path.slice(path.lastIndexOf("/") + 1)));
  const inside = proper.filter(([path]) => path.includes("/"));
  const folder = inside.length ? inside[0][0].slice(0, inside[0][0].indexOf("/") + 1) : "";
  const files = new Map();
  for (const [path, read] of proper) {
    const name = folder && path.startsWith(folder) ? path.slice(folder.length) : path;
    if (!name) continue; // the folder itself
    must(!files.has(name), "Gói có hai tệp cùng tên.");
    files.set(name, () => read(name));
  }
  return files;
}

const BAD_ZIP = "Tệp ZIP hỏng hoặc không phải tệp ZIP.";
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

async function viewOf(file, from, to) {
  must(from >= 0 && from <= to && to <= file.size, BAD_ZIP);
  return new DataView(await file.slice(from, to).arrayBuffer());
}

/** [path, read] of every file of a ZIP. */
async function zipped(file) {
  const tail = await viewOf(file, Math.max(0, file.size - 65_557), file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== DIRECTORY_END) end -= 1;
  must(end >= 0, BAD_ZIP);
  const [count, size, start] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  must(count < 0xffff && start < 0xffffffff, "Tệp ZIP này quá lớn: hãy giải nén rồi chọn thư mục.", Unreadable);
  const directory = await viewOf(file, start, start + size);
  const found = [];
  for (let at = 0, read = 0; read < count; read++) {
    must(at + 46 <= size && directory.getUint32(at, true) === DIRECTORY_ENTRY, BAD_ZIP);
    const [names, extra, comment] = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
    must(at + 46 + names <= size, BAD_ZIP);
    const path = textOf(new Uint8Array(directory.buffer, at + 46, names));
    must(path, BAD_ZIP);
    const entry = {
      encrypted: directory.getUint16(at + 8, true) & 1, method: directory.getUint16(at + 10, true), crc: directory.getUint32(at + 16, true),
      packed: directory.getUint32(at + 20, true), size: directory.getUint32(at + 24, true), header: directory.getUint32(at + 42, true),
    };
    if (!path.endsWith("/")) found.push([path, (name) => unpacked(file, name, entry)]);
    at += 46 + names + extra + comment;
  }
  return found;
}

async function unpacked(file, name, { encrypted, method, crc, packed, size, header }) {
  mustBeSmall(name, size);
  must(!encrypted && (method === 0 || method === 8), `Tệp ZIP: không giải nén được ${name}.`, Unreadable);
  const local = await viewOf(file, header, header + 30);
  must(local.getUint32(0, true) === LOCAL_HEADER, BAD_ZIP);
  const from = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  must(from + packed <= file.size, BAD_ZIP);
  const content = file.slice(from, from + packed);
  const bytes = method === 0 ? new Uint8Array(await content.arrayBuffer()) : await inflated(content, name, size);
  must(bytes.length === size && crc32(bytes) === crc, `Tệp ZIP hỏng: ${name} không giải nén đúng.`);
  return bytes;
}

async function inflated(content, name, size) {
  if (typeof DecompressionStream === "undefined") {
    throw new Unreadable("Trình duyệt này không đọc được tệp ZIP: hãy giải nén rồi chọn thư mục.");
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  try {
    const reader = content.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      bytes.set(piece.value, at); // throws a RangeError beyond the stated size
      at += piece.value.length;
    }
  } catch {
    throw new Wrong(`Tệp ZIP hỏng: ${name} không giải nén đúng.`);
  }
  return bytes.subarray(0, at);
}

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = -1;
  for (let at = 0; at < bytes.length; at++) value = CRC[(value ^ bytes[at]) & 255] ^ (value >>> 8);
  return (value ^ -1) >>> 0;
}
