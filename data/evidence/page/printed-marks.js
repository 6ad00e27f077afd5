// Printed marks: the number of a row and at least the first 16 hexadecimal digits of its hash.
import { hex } from "./bytes.js";

const MARK = /^#?\s*([1-9][0-9]{0,11})[\s:·.•–-]+([0-9a-f][0-9a-f\s-]*)$/i;

/** The marks that a person typed, one on each line: [{text, row, digits}]; row 0 where a line is no mark. */
export function readMarks(typed) {
  const lines = typed.split(/[\n,;]+/).map((line) => line.trim()).filter(Boolean);
  return lines.map((text) => {
    const found = MARK.exec(text);
    const digits = found ? found[2].replace(/[^0-9a-f]/gi, "").toLowerCase() : "";
    return digits.length >= 16 && digits.length <= 64 ? { text, row: Number(found[1]), digits } : { text, row: 0, digits };
  });
}

/** What is wrong with a mark, as a sentence; "" where the chain has the row with this hash. `hashes`: of the rows. */
export function wrongMark({ text, row, digits }, hashes) {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (!row) return `Không hiểu dấu xác thực “${shown}”; hãy gõ như 187:7f3a91c208d45be1.`;
  if (row > hashes.length) return `Sổ cái chỉ có ${hashes.length} dòng, dấu xác thực ở dòng ${row}: bị cắt, hoặc gói cũ hơn dấu.`;
  const same = hex(hashes[row - 1]).startsWith(digits);
  return same ? "" : `Dòng ${row} khác dấu xác thực: sổ cái bị viết lại sau khi in.`;
}
