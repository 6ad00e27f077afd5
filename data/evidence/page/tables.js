// The two tables as the bundle has them, and the published document, compared with the recount.
import { NEWER, Unreadable, Wrong, isCount, isObject, must, textOf, valueOf } from "./bytes.js";
import { totalOf } from "./standings.js";

/** A score in units of its last decimal, with a point (or `separator`) and exactly that many decimals. */
export function scoreText(score, decimals, separator = ".") {
  const digits = String(score).padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}${separator}${digits.slice(-decimals)}` : digits;
}

/** File name -> text of the tables of a recount. */
export function tablesOf(rules, { rows, awards }) {
  const standings = rows.map(({ entry, place, score, sheets }) => ["", place ?? "", entry, score === null ? "" : scoreText(score, rules.decimals), sheets]);
  const given = awards.map(({ prize, entry, amount }) => ["", prize, entry, amount]);
  const text = (header, lines) => [header, ...lines.map((line) => line.join(","))].map((line) => `${line}\n`).join("");
  return { "standings.csv": text("section,place,code,score,sheets", standings), "awards.csv": text("section,prize,code,amount", given) };
}

/** Throws Wrong with the first line in which a table of the bundle is not that of the recount. */
export function mustBeTable(name, bytes, expected) {
  const text = textOf(bytes);
  if (text === expected) return;
  const [theirs, ours] = [(text ?? "").split("\n"), expected.split("\n")];
  const line = ours.findIndex((each, at) => each !== theirs[at]);
  throw new Wrong(`${name}, dòng ${(line < 0 ? ours.length : line) + 1}: khác với tính lại từ sổ cái.`);
}

const lines = (rows) => JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? Number(value) : value));

/** Throws Wrong unless the published document (one section) says what the recount says. Returns its section. */
export function mustBeDocument(bytes, rules, state, recount, hashAt) {
  const section = sectionOf(bytes, rules, state, hashAt);
  const same = (what, mine, theirs) => must(lines(mine) === lines(theirs), `document.json: ${what} khác với tính lại từ sổ cái.`);
  same("giải", recount.awards.map(({ prize, entry, amount }) => [prize, entry, amount]), section.awards.map(({ prize, code, amount }) => [prize, code, amount]));
  const names = new Map(rules.prizes.map(({ key, name }) => [key, name]));
  same("giải không trao", recount.notGiven.map(({ prize, quantity }) => [names.get(prize), quantity]), section.withheld.map((each) => [each.prize_name, each.quantity]));
  same("xếp hạng", recount.rows.map(({ entry, place, score, sheets }) => [entry, place, score, sheets]), section.standings.map(({ code, place, score, sheets }) => [code, place, score, sheets]));
  must(hasSheets(section, rules, recount), "document.json: phiếu khác với tính lại từ sổ cái.");
  const criteria = section.criteria.map(({ key, maximum }) => [key, maximum]);
  same("khung điểm", rules.criteria.map(({ key, max }) => [key, max]), criteria);
  return section;
}

/** Whether the document has exactly the sheets that count, each with its marks and total. */
function hasSheets({ sheets, judges }, rules, { panels }) {
  const named = new Set();
  const right = sheets.every(({ code, judge, marks, total }) => {
    const counted = panels.get(code)?.get(judges[judge].number);
    named.add(`${judge} ${code}`);
    return counted && Array.isArray(marks) && counted.join() === marks.join() && totalOf(rules, counted) === BigInt(total);
  });
  const count = [...panels.values()].reduce((sum, panel) => sum + panel.size, 0);
  return right && named.size === sheets.length && count === sheets.length;
}

/** The document's only section, with every field that is compared. The document itself is fixed by its hash. */
function sectionOf(bytes, rules, state, hashAt) {
  const document = valueOf(textOf(bytes) ?? "");
  must(isObject(document) && Array.isArray(document.sections), "document.json: không viết đúng khuôn.");
  must(document.version === 1 && document.sections.length === 1, `document.json: ${NEWER}`, Unreadable);
  const [section] = document.sections;
  const tables = ["awards", "withheld", "undecided", "standings", "sheets", "judges", "criteria"];
  const shaped = isObject(section) && tables.every((name) => Array.isArray(section[name]) && section[name].every(isObject));
  must(shaped && isObject(document.proof) && section.sheets.every(({ judge, total }) => section.judges[judge] && isCount(total)), "document.json: không viết đúng khuôn.");
  const { rule_card: card, ledger_seq: seq, ledger_head: head } = document.proof;
  must(card === state.fingerprint, "document.json: thể lệ chấm khác với tính lại từ sổ cái.");
  must(Number.isSafeInteger(seq) && head === hashAt(seq), "document.json: mã sổ cái khác với tính lại từ sổ cái.");
  must(section.key === "" && section.score_places === rules.decimals && !section.undecided.length, "document.json: còn giải chưa quyết định, hoặc khác thể lệ chấm.");
  return section;
}
