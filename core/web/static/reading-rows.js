// The rows of the grid of readings: what is sent of them, the faults and questions shown in them, and filling them.
import { fitFrame, format } from "./follow.js";

export const words = JSON.parse(document.getElementById("words").textContent);
export const byId = (id) => document.getElementById(id);
export const grid = byId("grid");
export const works = grid ? [...grid.querySelectorAll("tbody.work")] : [];
export const takenAt = byId("taken-at");
const started = performance.now();

export function say(text, refused = false) {
  for (const id of ["message", "done"]) byId(id).hidden = true;
  const said = byId(refused ? "message" : "done");
  said.textContent = text;
  said.hidden = false;
  said.scrollIntoView({ block: "nearest" });
  fitFrame();
}

/** Sends a request; returns the answer, or null after saying what was refused. */
export async function send(address, body, quiet = false, patienceMs = 20_000) {
  try {
    const response = await fetch(address, {
      method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" },
      body: JSON.stringify(body), signal: AbortSignal.timeout(patienceMs),
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
export async function once(button, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
  await act();
  button.removeAttribute("aria-disabled");
}

export const cells = (row) => [...row.querySelectorAll("td.count input")];
export const isTyped = (row) => cells(row).some((cell) => cell.value.trim() !== "");
export const text = (row, name) => row.querySelector(`.${name}`)?.value ?? "";

/** One row as it is sent. `scope`: the element with its fields. */
export function typedRow(scope, code, seen, more = {}) {
  const counts = {};
  for (const cell of cells(scope)) if (cell.value.trim() || cell.dataset.kind !== "views") counts[cell.dataset.kind] = cell.value;
  return { code, counts, seen: Number(seen), explanation: text(scope, "explanation"), address: text(scope, "address"), screenshot: scope.dataset.screenshot ?? "",
    asked: (scope.dataset.asked ?? "").split(" ").filter(Boolean), corrects: null, reason: "", ...more };
}
export const gridRow = (row) => typedRow(row, row.dataset.code, row.dataset.seen);

/** Shows the faults and questions of one row's result. */
export function show(scope, result) {
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

export function open(row, opened) {
  const detail = row.querySelector("tr.detail");
  if (!detail) return;
  detail.hidden = !opened;
  row.querySelector(".evidence").setAttribute("aria-expanded", String(opened));
  fitFrame();
}

export function countTyped() {
  const typed = works.filter(isTyped).length;
  if (byId("typed")) byId("typed").textContent = typed ? format(words.typed, { count: typed }) : "";
  if (typed && takenAt && !takenAt.value) takenAt.value = vietnamTime(Number(takenAt.dataset.now) + performance.now() - started);
}

/** A time as Vietnam's clocks show it, for a datetime-local field. */
export function vietnamTime(milliseconds) {
  return new Date(milliseconds + 7 * 3600_000).toISOString().slice(0, 19);
}

/** Asks, in one request, what would be said about those of the rows whose required fields are filled. */
export async function examine(rows) {
  const filled = rows.filter((row) => cells(row).every((cell) => cell.value.trim() || cell.dataset.kind === "views"));
  if (!takenAt.value || !filled.length) return;
  const answer = await send("/api/readings/check", { taken_at: takenAt.value, rows: filled.map(gridRow) }, true);
  filled.forEach((row, at) => { if (answer && isTyped(row)) show(row, answer.rows[at]); });
}

export function clear(row, number) {
  delete row.dataset.screenshot;
  row.querySelector(".picture").value = "";
  row.querySelector(".picture-state").textContent = "";
  row.dataset.seen = number;
  row.dataset.saved = "";
  empty(row);
  row.querySelector(".explanation").value = "";
  row.querySelector("th small").textContent = words.saved;
  open(row, false);
}

/** Empties a row's counts, and what was said about them. */
export function empty(row) {
  delete row.dataset.fetched;
  row.dataset.asked = "";
  for (const cell of cells(row)) { cell.value = ""; cell.toggleAttribute("aria-invalid", false); }
  for (const name of [".faults", ".asked"]) row.querySelector(name).hidden = true;
}

/** Fills a cell by its kind; an empty text leaves it. The row then counts as typed by hand. */
export function put(row, kind, value) {
  const cell = row.querySelector(`[data-kind="${kind}"]`);
  if (!cell || !value) return 0;
  cell.value = value;
  delete row.dataset.fetched;
  return 1;
}
