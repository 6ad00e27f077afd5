// Readings of interaction counts: the grid by keyboard, paste, CSV and from Facebook, saving, and confirmation.
import { adoptTheme, fitFrame, format } from "./follow.js";
import { byId, cells, clear, countTyped, empty, examine, grid, gridRow, isTyped, once, open, put, say, send, show, takenAt, text, typedRow, vietnamTime, words, works } from "./reading-rows.js";

const KINDS = words.order;

/** Saves the rows that fit, in one request and one transaction. */
async function saveAll() {
  const typed = works.filter(isTyped);
  if (!typed.length) return say(words.nothing, true);
  const answer = await send("/api/readings", { taken_at: takenAt.value, rows: typed.map(gridRow) }, false, 60_000);
  if (!answer) return;
  let saved = 0;
  for (const result of answer.rows) {
    const row = works.find((each) => each.dataset.code === result.code);
    if (result.number === null) show(row, result);
    else { saved += 1; clear(row, result.number); }
  }
  countTyped();
  const left = works.filter(isTyped);
  if (!left.length) { leaving = true; return location.replace(`/board/readings?saved=${saved}`); }
  say(format(words.savedSome, { saved, left: left.length }), true);
  const first = left[0].querySelector("[aria-invalid='true']") ?? (left[0].dataset.asked ? left[0].querySelector(".explanation") : cells(left[0])[0]);
  first.focus();
}

/** Sends a screenshot; the row names it when it is saved. */
async function sendPicture(field) {
  const scope = field.closest("tbody.work, form"), state = scope.querySelector(".picture-state"), [file] = field.files;
  delete scope.dataset.screenshot;
  state.textContent = file ? words.sending : "";
  if (!file) return;
  try {
    const response = await fetch("/readings/screenshots", { method: "PATCH", credentials: "same-origin", body: file, signal: AbortSignal.timeout(90000) });
    const answer = await response.json();
    if (response.ok) scope.dataset.screenshot = answer.screenshot;
    state.textContent = response.ok ? words.sent : answer.refused ?? words.failed;
  } catch {
    state.textContent = words.failed;
  }
  fitFrame();
}

function move(cell, down, right) {
  const row = works.indexOf(cell.closest("tbody")), column = cells(works[row]).indexOf(cell);
  const target = works[row + down] && cells(works[row + down])[column + right];
  if (target) { target.focus(); target.select(); }
  return Boolean(target);
}

function onKey(event) {
  const cell = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return once(document.querySelector(".save"), saveAll); }
  if (!cell.matches("td.count input") || event.altKey || event.ctrlKey || event.metaKey) return;
  const start = cell.selectionStart === 0, end = cell.selectionEnd === cell.value.length, whole = start && end;
  const [down, right] = { Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, start || whole ? -1 : 0], ArrowRight: [0, end ? 1 : 0] }[event.key] ?? [0, 0];
  if (!down && !right) return;
  if (move(cell, down, right) || event.key === "Enter") event.preventDefault();
}

/** The cells of a pasted block or a file: rows of texts. Quoted cells may hold separators. */
function parse(content) {
  const lines = content.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).filter((line) => line.trim());
  const separator = ["\t", ";", ","].find((each) => lines[0]?.includes(each)) ?? "\t";
  return lines.map((line) => {
    const found = [];
    let cell = "", quoted = false;
    for (const sign of line) {
      if (sign === '"') quoted = !quoted;
      else if (sign === separator && !quoted) { found.push(cell.trim()); cell = ""; }
      else cell += sign;
    }
    return [...found, cell.trim()];
  });
}

const plain = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("\u0111", "d").trim();
const byCode = new Map(works.map((row) => [row.dataset.code.toLowerCase(), row]));

function finish(filled, unknown) {
  countTyped();
  say(unknown.length ? format(words.unknownCodes, { codes: unknown.slice(0, 20).join(", ") }) : format(words.filled, { count: filled }), unknown.length > 0);
  examine(works.filter(isTyped));
}

/** Fills the grid by the works' codes. `columns`: the kind in each column, or null. */
function fillByCode(rows, codeAt, columns) {
  let filled = 0;
  const unknown = [];
  for (const row of rows) {
    const work = byCode.get((row[codeAt] ?? "").toLowerCase());
    if (work) columns.forEach((kind, index) => { if (kind) filled += put(work, kind, row[index]); });
    else unknown.push(row[codeAt] ?? "");
  }
  finish(filled, unknown);
}

function onPaste(event) {
  const content = event.clipboardData.getData("text");
  if (!event.target.matches("td.count input") || !/[\t\n\r]/.test(content.trim())) return;
  event.preventDefault();
  const rows = parse(content);
  if (rows.every((row) => byCode.has(row[0].toLowerCase()))) return fillByCode(rows, 0, [null, ...KINDS]);
  const from = works.indexOf(event.target.closest("tbody")), column = KINDS.indexOf(event.target.dataset.kind);
  let filled = 0;
  rows.forEach((row, down) => row.forEach((value, right) => { if (works[from + down] && KINDS[column + right]) filled += put(works[from + down], KINDS[column + right], value); }));
  finish(filled, []);
}

async function onFile(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const [head, ...rows] = parse(await file.text());
  const names = (head ?? []).map(plain);
  const codeAt = names.findIndex((name) => words.codeNames.map(plain).includes(name));
  const columns = names.map((name) => KINDS.find((kind) => kind === name || plain(words.kinds[kind]) === name) ?? null);
  if (codeAt < 0 || !columns.some(Boolean)) return say(words.unreadable, true);
  fillByCode(rows, codeAt, columns);
}

const isFetched = (row) => "fetched" in row.dataset; // its counts are as they came from Facebook

/** Fills the grid with the counts that the server reads from Facebook; nothing is saved. All rows share one time. */
async function fetchCounts() {
  if (works.some((row) => isTyped(row) && !isFetched(row))) return say(words.fetchFirst, true);
  works.filter(isFetched).forEach(empty);
  const codes = works.map((row) => row.dataset.code), refused = new Map();
  const refuse = (code, why) => refused.set(why, [...refused.get(why) ?? [], code]);
  let filled = 0, answer = null, stop = null;
  showRefused(refused);
  for (let at = 0; at < codes.length && !stop; at += words.fetchedAtOnce) {
    byId("fetching").textContent = format(words.fetching, { done: at, all: codes.length });
    byId("fetching").hidden = false;
    answer = await send("/api/readings/fetch", { codes: codes.slice(at, at + words.fetchedAtOnce) }, false, 70_000);
    if (!answer) break;
    takenAt.value = answer.taken_at;
    for (const post of answer.posts) {
      if (post.counts) filled += fillFetched(post);
      else refuse(post.code, post.refused);
      stop = post.stops ? post.refused : stop;
    }
    if (stop) codes.slice(at + words.fetchedAtOnce).forEach((code) => refuse(code, stop));
  }
  byId("fetching").hidden = true;
  showRefused(refused);
  countTyped();
  if (answer && filled) say(`${format(words.fetched, { count: filled })} ${format(words.byHand, { kinds: words.notFetched.map((kind) => words.kinds[kind]).join(", ") })}`);
  examine(works.filter(isFetched));
}

/** Fills one work's counts and its post's address, unless somebody has typed into the row meanwhile. */
function fillFetched(post) {
  const row = byCode.get(post.code.toLowerCase()), address = row.querySelector(".address");
  if (isTyped(row)) return 0;
  for (const [kind, count] of Object.entries(post.counts)) put(row, kind, count);
  if (post.address.length <= address.maxLength) address.value = post.address;
  row.dataset.fetched = "";
  return 1;
}

/** Lists what could not be read: reason -> codes. */
function showRefused(refused) {
  const lines = [...refused].map(([why, codes]) => Object.assign(document.createElement("li"), { textContent: `${codes.join(", ")}: ${why}` }));
  byId("unread").querySelector("ul").replaceChildren(...lines);
  byId("unread").hidden = !lines.length;
  fitFrame();
}

let leaving = false;
if (grid) {
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("paste", onPaste);
  grid.addEventListener("input", (event) => { for (const mark of ["saved", "fetched"]) delete event.target.closest("tbody").dataset[mark]; countTyped(); });
  grid.addEventListener("focusout", (event) => {
    const row = event.target.closest("tbody");
    if (event.target.matches("td.count input") && !row.querySelector("tr").contains(event.relatedTarget)) examine([row]);
  });
  grid.addEventListener("click", (event) => {
    const pressed = event.target.closest(".evidence");
    if (pressed) open(pressed.closest("tbody"), pressed.getAttribute("aria-expanded") !== "true");
  });
  for (const button of document.querySelectorAll(".save")) button.addEventListener("click", () => once(button, saveAll));
  byId("fetch")?.addEventListener("click", (event) => once(event.currentTarget, fetchCounts));
  byId("csv").addEventListener("change", onFile);
  addEventListener("beforeunload", (event) => { if (!leaving && works.some(isTyped)) event.preventDefault(); });
}

/** Takes a reading off the list of those that wait, and says of its work what became of it. */
function settle(line, said) {
  const work = line.querySelector("h3 a").getAttribute("href");
  line.remove();
  const notes = [...document.links].filter((each) => each.getAttribute("href") === work).map((each) => each.parentElement.querySelector("small"));
  for (const note of notes) if (note) note.textContent = said;
  const none = !document.querySelector(".waiting li");
  byId("none-waits").hidden = !none;
  byId("how-confirmed").hidden = none;
  fitFrame();
}

async function confirmed(numbers, button) {
  await once(button, async () => {
    const answer = await send("/api/readings/confirm", { numbers });
    if (!answer) return;
    say(answer.done);
    byId("confirm-all")?.remove();
    for (const number of numbers) {
      const line = document.querySelector(`.waiting li[data-number="${number}"]`);
      if (line) settle(line, words.confirmed);
    }
  });
}

for (const line of document.querySelectorAll(".waiting li")) {
  const number = Number(line.dataset.number), form = line.querySelector(".reject"), refuse = line.querySelector(".refuse");
  line.querySelector(".confirm")?.addEventListener("click", (event) => confirmed([number], event.target));
  refuse?.addEventListener("click", () => {
    form.hidden = !form.hidden;
    refuse.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.querySelector("input").focus();
    fitFrame();
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form.querySelector("button"), async () => {
      const answer = await send(`/api/readings/${number}/reject`, { reason: form.querySelector("input").value });
      if (!answer) return;
      settle(line, words.rejected);
      say(answer.done);
    });
  });
}
byId("confirm-all")?.addEventListener("click", (event) => confirmed(event.target.dataset.numbers.split(" ").map(Number), event.target));

for (const form of document.querySelectorAll(".correct form")) {
  const line = form.closest("li");
  form.querySelector(".at").value = vietnamTime(Date.parse(line.dataset.at));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form.querySelector("button"), async () => {
      const more = { corrects: Number(line.dataset.number), reason: text(form, "reason") };
      const row = typedRow(form, line.dataset.code, form.dataset.seen, more);
      const answer = await send("/api/readings", { taken_at: text(form, "at"), rows: [row] });
      if (!answer) return;
      if (answer.rows[0].number === null) show(form, answer.rows[0]);
      else location.reload();
    });
  });
}
for (const field of document.querySelectorAll(".picture")) field.addEventListener("change", () => sendPicture(field));
for (const each of document.querySelectorAll("details")) each.addEventListener("toggle", fitFrame);
addEventListener("resize", fitFrame);
document.fonts.ready.then(fitFrame);
adoptTheme();
fitFrame();
