// Readings of interaction counts: the grid by keyboard, paste and CSV, its questions, saving, and confirmation.
import { adoptTheme, fitFrame, format } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const grid = byId("grid");
const works = grid ? [...grid.querySelectorAll("tbody.work")] : [];
const KINDS = words.order;
const BYTES = 48_000; // of one request
const takenAt = byId("taken-at");
const started = performance.now();

function say(text, refused = false) {
  for (const id of ["message", "done"]) byId(id).hidden = true;
  const said = byId(refused ? "message" : "done");
  said.textContent = text;
  said.hidden = false;
  said.scrollIntoView({ block: "nearest" });
  fitFrame();
}

/** Sends a request; returns the answer, or null after saying what was refused. */
async function send(address, body, quiet = false) {
  try {
    const response = await fetch(address, {
      method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" },
      body: JSON.stringify(body), signal: AbortSignal.timeout(20000),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    if (!quiet) say(answer.refused ?? words.failed, true);
  } catch {
    if (!quiet) say(words.failed, true);
  }
  return null;
}

/** Runs `act` once at a time for a button. */
async function once(button, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
  await act();
  button.removeAttribute("aria-disabled");
}

const cells = (row) => [...row.querySelectorAll("td.count input")];
const isTyped = (row) => cells(row).some((cell) => cell.value.trim() !== "");
const text = (row, name) => row.querySelector(`.${name}`)?.value ?? "";

/** One row as it is sent. `scope`: the element with its fields. */
function typedRow(scope, code, seen, more = {}) {
  const counts = {};
  for (const cell of cells(scope)) if (cell.value.trim() || cell.dataset.kind !== "views") counts[cell.dataset.kind] = cell.value;
  return { code, counts, seen: Number(seen), explanation: text(scope, "explanation"), address: text(scope, "address"), screenshot: scope.dataset.screenshot ?? "",
    asked: (scope.dataset.asked ?? "").split(" ").filter(Boolean), corrects: null, reason: "", ...more };
}
const gridRow = (row) => typedRow(row, row.dataset.code, row.dataset.seen);

/** Shows the faults and questions of one row's result. */
function show(scope, result) {
  const faults = Object.entries(result.faults);
  for (const cell of cells(scope)) cell.toggleAttribute("aria-invalid", false);
  for (const cell of cells(scope)) if (result.faults[cell.dataset.kind]) cell.setAttribute("aria-invalid", "true");
  const list = scope.querySelector(".faults");
  list.replaceChildren(...faults.map(([cell, fault]) => Object.assign(document.createElement("li"), { textContent: words.kinds[cell] ? `${words.kinds[cell]}: ${fault}` : fault })));
  list.hidden = !faults.length;
  const asked = result.questions;
  scope.dataset.asked = asked.map(({ key }) => key).join(" ");
  scope.querySelector(".asked").hidden = !asked.length;
  scope.querySelector(".questions").textContent = asked.length ? `${words.explain} ${asked.map((each) => each.text).join("; ")}.` : "";
  if (faults.length || asked.length) open(scope, true);
  fitFrame();
}

function open(row, opened) {
  const detail = row.querySelector("tr.detail");
  if (!detail) return;
  detail.hidden = !opened;
  row.querySelector(".evidence").setAttribute("aria-expanded", String(opened));
  fitFrame();
}

function countTyped() {
  const typed = works.filter(isTyped).length;
  if (byId("typed")) byId("typed").textContent = typed ? format(words.typed, { count: typed }) : "";
  if (typed && takenAt && !takenAt.value) takenAt.value = vietnamTime(Number(takenAt.dataset.now) + performance.now() - started);
}

/** A time as Vietnam's clocks show it, for a datetime-local field. */
function vietnamTime(milliseconds) {
  return new Date(milliseconds + 7 * 3600_000).toISOString().slice(0, 19);
}

/** Asks what would be said about a row whose required fields are filled. */
async function examine(row) {
  if (!takenAt.value || cells(row).some((cell) => !cell.value.trim() && cell.dataset.kind !== "views")) return;
  const answer = await send("/api/readings/check", { taken_at: takenAt.value, rows: [gridRow(row)] }, true);
  if (answer && isTyped(row)) show(row, answer.rows[0]);
}

/** Splits the rows so that no request is too large; usually all go in one. */
function requests(rows) {
  const parts = [[]];
  let size = 0;
  for (const row of rows) {
    const length = new TextEncoder().encode(JSON.stringify(row)).length;
    if (size + length > BYTES && parts.at(-1).length) { parts.push([]); size = 0; }
    parts.at(-1).push(row);
    size += length;
  }
  return parts;
}

async function saveAll() {
  const typed = works.filter(isTyped);
  if (!typed.length) return say(words.nothing, true);
  let saved = 0;
  for (const rows of requests(typed.map(gridRow))) {
    const answer = await send("/api/readings", { taken_at: takenAt.value, rows });
    if (!answer) return;
    for (const result of answer.rows) {
      const row = works.find((each) => each.dataset.code === result.code);
      if (result.number === null) show(row, result);
      else { saved += 1; clear(row, result.number); }
    }
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

function clear(row, number) {
  delete row.dataset.screenshot;
  row.querySelector(".picture").value = "";
  row.querySelector(".picture-state").textContent = "";
  row.dataset.seen = number;
  row.dataset.asked = "";
  row.dataset.saved = "";
  for (const cell of cells(row)) { cell.value = ""; cell.toggleAttribute("aria-invalid", false); }
  row.querySelector(".explanation").value = "";
  row.querySelector(".faults").hidden = true;
  row.querySelector(".asked").hidden = true;
  row.querySelector("th small").textContent = words.saved;
  open(row, false);
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

/** Fills a cell by its kind; an empty text leaves it. */
function put(row, kind, value) {
  const cell = row.querySelector(`[data-kind="${kind}"]`);
  if (!cell || !value) return 0;
  cell.value = value;
  return 1;
}

function finish(filled, unknown) {
  countTyped();
  say(unknown.length ? format(words.unknownCodes, { codes: unknown.slice(0, 20).join(", ") }) : format(words.filled, { count: filled }), unknown.length > 0);
  for (const row of works.filter(isTyped)) examine(row);
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

let leaving = false;
if (grid) {
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("paste", onPaste);
  grid.addEventListener("input", (event) => { delete event.target.closest("tbody").dataset.saved; countTyped(); });
  grid.addEventListener("focusout", (event) => {
    const row = event.target.closest("tbody");
    if (event.target.matches("td.count input") && !row.querySelector("tr").contains(event.relatedTarget)) examine(row);
  });
  grid.addEventListener("click", (event) => {
    const pressed = event.target.closest(".evidence");
    if (pressed) open(pressed.closest("tbody"), pressed.getAttribute("aria-expanded") !== "true");
  });
  for (const button of document.querySelectorAll(".save")) button.addEventListener("click", () => once(button, saveAll));
  byId("csv").addEventListener("change", onFile);
  addEventListener("beforeunload", (event) => { if (!leaving && works.some(isTyped)) event.preventDefault(); });
}

async function confirmed(numbers, button) {
  await once(button, async () => {
    const answer = await send("/api/readings/confirm", { numbers });
    if (!answer) return;
    say(answer.done);
    for (const number of numbers) document.querySelector(`.waiting li[data-number="${number}"]`)?.remove();
    byId("confirm-all")?.remove();
    fitFrame();
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
      line.remove();
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
