// The live board. Stores one snapshot, applies the changes it receives and animates rows to their new places.
import { fitFrame, follow, format } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const hall = document.body.classList.contains("hall");
const PAGE = 100;
const MAX_ROWS = hall ? 12 : PAGE; // the hall screen has no paging and no scrolling
const LONG = 60; // a title with more characters takes a second line in the hall
const LONG_PRIZE = 18; // a prize name with more characters takes a second line
const MOVE_MS = 700;

let snapshot = null; // {revision, head, order, rows}: snapshot of the first 100 works
let first = 0; // number of works before the page shown; 0: the first page, which is updated live
let requestedFirst = 0; // the same for the page requested last
let requestNumber = 0; // number of the latest page request; responses to earlier ones are dropped
let rowElements = new Map(); // code -> <tr>
let printing = false;

function cell(row, name, text = "") {
  const td = document.createElement("td");
  td.className = name;
  td.setAttribute("role", "cell");
  td.textContent = text;
  return row.appendChild(td);
}

function createRow(code) {
  const row = document.createElement("tr");
  row.setAttribute("role", "row");
  row.dataset.code = code;
  for (const name of ["place", "code", "title", "score", "sheets", "spread", "prize"]) cell(row, name);
  const [place, , title] = row.children;
  place.append(document.createElement("span"), Object.assign(document.createElement("span"), { className: "movement" }));
  title.append(document.createElement("b"), document.createElement("small"));
  row.children[4].dataset.name = words.sheets;
  row.children[5].dataset.name = words.spread;
  return row;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function fillRow(row, code, work) {
  const [place, label, title, score, sheets, spread, prize] = row.children;
  row.classList.toggle("unranked", work.place === null);
  setText(place.firstChild, work.place === null ? "–" : String(work.place));
  setText(label, code);
  setText(title.firstChild, work.title);
  title.firstChild.title = work.title;
  title.firstChild.classList.toggle("long", work.title.length > LONG);
  setText(title.lastChild, work.why ?? work.note ?? "");
  setText(score, work.score ?? words.none);
  score.classList.toggle("none", work.score === null);
  setText(sheets, `${work.sheets}/${work.expected}`);
  spread.replaceChildren();
  const gap = spread.appendChild(document.createElement("span"));
  gap.textContent = work.spread ?? "–";
  if (work.wide) {
    gap.className = "wide";
    gap.title = words.wide;
    gap.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` (${words.wide})` }));
  }
  prize.replaceChildren(...work.prizes.map((name) => chip("won", name)), ...work.open.map((name) => chip("open", format(words.undecided, { prize: name }))));
}

function chip(style, text) {
  return Object.assign(document.createElement("span"), { className: text.length > LONG_PRIZE ? `${style} long` : style, textContent: text });
}

function head({ leaders, margin, sheets, expected, complete, works, closes, confirmed, hidden }) {
  const [leader] = leaders;
  setText(byId("leader-label"), leaders.length > 1 ? words.tied : words.leads);
  setText(byId("leader-code"), leaders.length === 1 ? leader.code : "");
  setText(byId("leader-title"), leaders.length > 1 ? leaders.map((one) => one.code).join(", ") : leader ? leader.title : words.nobody);
  setText(byId("margin"), margin ?? "\u00a0");
  setText(byId("sheets"), format(words.sheetsIn, { sheets, expected }));
  const share = expected ? sheets / expected : 0;
  byId("bar").firstElementChild.style.transform = `scaleX(${share})`;
  byId("bar").setAttribute("aria-valuenow", String(Math.round(share * 100)));
  setText(byId("complete"), format(words.complete, { complete, works }));
  setText(byId("closes"), closes ?? "\u00a0");
  setText(byId("prize"), words.prize[Number(confirmed)]);
  setText(byId("fine-print"), words.fine[Number(confirmed)]);
  setText(byId("coverage"), hidden ?? "");
  byId("coverage").hidden = hidden === null;
  document.querySelector(".summary").setAttribute("aria-busy", "false");
}

// FLIP animation: measures each row, puts the rows in their new order, then animates each from its old position.
function arrange(order, rows, changes, most = MAX_ROWS) {
  const animated = rowElements.size > 0 && !reducedMotion.matches && !document.hidden && !printing;
  const before = new Map();
  if (animated) for (const [code, row] of rowElements) before.set(code, row.getBoundingClientRect().top);
  const next = new Map();
  const body = byId("rows");
  byId("standings").style.setProperty("--code", `${Math.max(0, ...order.map((code) => code.length))}ch`);
  let following = body.firstElementChild;
  for (const code of order.slice(0, most)) {
    const row = rowElements.get(code) ?? createRow(code);
    if (changes === null || changes[code] || !rowElements.has(code)) fillRow(row, code, rows[code]);
    if (row !== following) body.insertBefore(row, following);
    else following = following.nextElementSibling;
    next.set(code, row);
  }
  for (const [code, row] of rowElements) if (!next.has(code)) row.remove();
  rowElements = next;
  if (!animated) return;
  const after = new Map();
  for (const [code, row] of rowElements) after.set(code, row.getBoundingClientRect().top);
  for (const [code, row] of rowElements) {
    const from = before.get(code), to = after.get(code);
    if (from === undefined || Math.abs(from - to) < 1) continue;
    const offset = Math.max(-innerHeight, Math.min(innerHeight, from - to));
    row.animate([{ transform: `translateY(${offset}px)` }, { transform: "none" }], { duration: MOVE_MS, easing: "cubic-bezier(.3,.1,.2,1)" });
  }
}

function markChanges(before, changes) {
  for (const [code, work] of Object.entries(changes)) {
    const old = before.rows[code], row = rowElements.get(code);
    if (!row || !old || (old.score === work.score && old.sheets === work.sheets)) continue;
    row.classList.remove("changed");
    void row.offsetWidth;
    row.classList.add("changed");
    const steps = old.place !== null && work.place !== null ? old.place - work.place : 0;
    const movement = row.firstElementChild.lastChild;
    movement.textContent = steps > 0 ? `▲ ${steps}` : steps < 0 ? `▼ ${-steps}` : "";
    clearTimeout(row.unmarkTimer);
    row.unmarkTimer = setTimeout(() => { movement.textContent = ""; row.classList.remove("changed"); }, 8000);
    announce(format(work.place === null ? words.toldUnranked : words.told, { code, score: work.score ?? words.none, place: work.place, sheets: work.sheets, expected: work.expected }));
  }
}

let announceTimer = null;
function announce(text) { // for screen readers: waits 600 ms and announces only the last sentence
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => setText(byId("announcement"), text), 600);
}

function showPaging() {
  const { lines: works } = snapshot.head;
  byId("pages").hidden = works <= MAX_ROWS;
  byId("previous-page").disabled = requestedFirst === 0;
  byId("next-page").disabled = requestedFirst + PAGE >= works;
  byId("standings").setAttribute("aria-busy", String(requestedFirst !== first));
  setText(byId("page-range"), format(words.where, { from: first + 1, to: Math.min(first + MAX_ROWS, works), works }));
}

let pending = null; // `first` of the page that is being fetched; null: none
let stale = null; // timer that fetches the page shown again after a change
async function loadPage() { // a page after the first: fetched when turned to, and again after a change
  const [number, from] = [++requestNumber, requestedFirst];
  pending = from;
  const page = await fetch(`/live/standings/page?first=${from}`).then((response) => (response.ok ? response.json() : null)).catch(() => null);
  if (number !== requestNumber) return;
  pending = null;
  if (page) {
    first = from;
    arrange(page.order, page.rows, null);
  }
  requestedFirst = first; // the fetch failed: the page shown stays
  showPaging();
  fitFrame();
}

function scheduleReload() {
  stale ??= setTimeout(() => {
    stale = null;
    if (requestedFirst === 0) return;
    if (pending === requestedFirst) scheduleReload();
    else loadPage();
  }, 800);
}

function goToPage(to) {
  requestedFirst = Math.max(0, to);
  if (requestedFirst > 0) loadPage();
  else {
    requestNumber += 1;
    pending = null;
    first = 0;
    arrange(snapshot.order, snapshot.rows, null);
    fitFrame();
  }
  showPaging();
}

function show(next, changes) {
  const before = snapshot;
  snapshot = next;
  head(next.head);
  byId("empty").hidden = next.head.works > 0;
  byId("standings").hidden = next.head.works === 0;
  setText(byId("empty"), words.empty);
  if (first === 0) {
    arrange(next.order, next.rows, before ? changes : null);
    if (before && changes) markChanges(before, changes);
  }
  if (requestedFirst > 0) scheduleReload();
  showPaging();
  fitFrame();
}

// A print shows all works. The pages not loaded yet are fetched synchronously, because printing does not wait.
function fetchNow(from) {
  const request = new XMLHttpRequest();
  request.open("GET", `/live/standings/page?first=${from}`, false);
  try {
    request.send();
    return request.status === 200 ? JSON.parse(request.responseText) : null;
  } catch {
    return null;
  }
}

function showAllRows() {
  if (printing || hall || !snapshot) return;
  printing = true;
  const { works } = snapshot.head;
  const parts = [snapshot];
  for (let part; parts.length * PAGE < works && (part = fetchNow(parts.length * PAGE)); ) parts.push(part);
  const order = parts.flatMap((part) => part.order);
  arrange(order, Object.assign({}, ...parts.map((part) => part.rows)), null, works);
  setText(byId("page-range"), format(words.where, { from: 1, to: order.length, works }));
}

function showPageAgain() {
  if (!printing) return;
  printing = false;
  if (first === 0) arrange(snapshot.order, snapshot.rows, null);
  else loadPage();
  showPaging();
}

addEventListener("beforeprint", showAllRows);
addEventListener("afterprint", showPageAgain);
byId("previous-page").addEventListener("click", () => goToPage(requestedFirst - PAGE));
byId("next-page").addEventListener("click", () => goToPage(requestedFirst + PAGE));
addEventListener("resize", fitFrame);

follow("/live/standings", {
  snapshot: (full) => show(full, null),
  change: (changes) => {
    const order = changes.order ?? snapshot.order;
    const rows = {}, changed = {};
    for (const code of order) {
      rows[code] = { ...snapshot.rows[code], ...changes.rows?.[code] };
      if (changes.rows?.[code]) changed[code] = rows[code];
    }
    show({ revision: changes.revision, head: changes.head ?? snapshot.head, order, rows }, changed);
  },
  state: (state) => {
    byId("state").dataset.state = state;
    setText(byId("state").lastElementChild, words.states[state]);
  },
});
