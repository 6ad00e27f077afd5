// The live board. It keeps one picture, applies the changes it is sent, and moves the rows gently to their new places.
import { fit, follow, say } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const hall = document.body.classList.contains("hall");
const PAGE = 100;
const SHOWN = hall ? 12 : PAGE; // nobody turns pages in the hall, nor scrolls
const LONG = 60; // letters of a title that take a second line in the hall
const LONG_PRIZE = 18; // letters of a prize that take a second line
const MOVE_MS = 700;

let picture = null; // {revision, head, order, rows}: the first hundred
let first = 0; // how many works lie above the page shown; 0: the live window
let wanted = 0; // the same of the page that was asked for last
let question = 0; // counts the questions: an answer that is not the last one's is dropped
let shown = new Map(); // code -> <tr>
let paper = false; // being printed

function cell(row, name, text = "") {
  const td = document.createElement("td");
  td.className = name;
  td.setAttribute("role", "cell");
  td.textContent = text;
  return row.appendChild(td);
}

function made(code) {
  const row = document.createElement("tr");
  row.setAttribute("role", "row");
  row.dataset.code = code;
  for (const name of ["place", "code", "title", "score", "sheets", "spread", "prize"]) cell(row, name);
  const [place, , title] = row.children;
  place.append(document.createElement("span"), Object.assign(document.createElement("span"), { className: "moved" }));
  title.append(document.createElement("b"), document.createElement("small"));
  row.children[4].dataset.name = words.sheets;
  row.children[5].dataset.name = words.spread;
  return row;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function write(row, code, work) {
  const [place, label, title, score, sheets, spread, prize] = row.children;
  row.classList.toggle("unranked", work.place === null);
  put(place.firstChild, work.place === null ? "–" : String(work.place));
  put(label, code);
  put(title.firstChild, work.title);
  title.firstChild.title = work.title;
  title.firstChild.classList.toggle("long", work.title.length > LONG);
  put(title.lastChild, work.why ?? work.note ?? "");
  put(score, work.score ?? words.none);
  score.classList.toggle("none", work.score === null);
  put(sheets, `${work.sheets}/${work.expected}`);
  spread.replaceChildren();
  const gap = spread.appendChild(document.createElement("span"));
  gap.textContent = work.spread ?? "–";
  if (work.wide) {
    gap.className = "wide";
    gap.title = words.wide;
    gap.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: ` (${words.wide})` }));
  }
  prize.replaceChildren(...work.prizes.map((name) => chip("won", name)), ...work.open.map((name) => chip("open", say(words.undecided, { prize: name }))));
}

function chip(look, text) {
  return Object.assign(document.createElement("span"), { className: text.length > LONG_PRIZE ? `${look} long` : look, textContent: text });
}

function head({ leaders, margin, sheets, expected, complete, works, closes, confirmed, hidden }) {
  const [leader] = leaders;
  put(at("ask"), leaders.length > 1 ? words.tied : words.leads);
  put(at("leader-code"), leaders.length === 1 ? leader.code : "");
  put(at("leader-title"), leaders.length > 1 ? leaders.map((one) => one.code).join(", ") : leader ? leader.title : words.nobody);
  put(at("margin"), margin ?? "\u00a0");
  put(at("sheets"), say(words.sheetsIn, { sheets, expected }));
  const share = expected ? sheets / expected : 0;
  at("bar").firstElementChild.style.transform = `scaleX(${share})`;
  at("bar").setAttribute("aria-valuenow", String(Math.round(share * 100)));
  put(at("complete"), say(words.complete, { complete, works }));
  put(at("closes"), closes ?? "\u00a0");
  put(at("prize"), words.prize[Number(confirmed)]);
  put(at("fine"), words.fine[Number(confirmed)]);
  put(at("covers"), hidden ?? "");
  at("covers").hidden = hidden === null;
  document.querySelector(".answer").setAttribute("aria-busy", "false");
}

// FLIP: note where each row is, put the rows where they belong, let each travel from where it was.
function arrange(order, rows, news, most = SHOWN) {
  const gently = shown.size > 0 && !calm.matches && !document.hidden && !paper;
  const before = new Map();
  if (gently) for (const [code, row] of shown) before.set(code, row.getBoundingClientRect().top);
  const next = new Map();
  const body = at("rows");
  at("standings").style.setProperty("--code", `${Math.max(0, ...order.map((code) => code.length))}ch`);
  let following = body.firstElementChild;
  for (const code of order.slice(0, most)) {
    const row = shown.get(code) ?? made(code);
    if (news === null || news[code] || !shown.has(code)) write(row, code, rows[code]);
    if (row !== following) body.insertBefore(row, following);
    else following = following.nextElementSibling;
    next.set(code, row);
  }
  for (const [code, row] of shown) if (!next.has(code)) row.remove();
  shown = next;
  if (!gently) return;
  const after = new Map();
  for (const [code, row] of shown) after.set(code, row.getBoundingClientRect().top);
  for (const [code, row] of shown) {
    const from = before.get(code), to = after.get(code);
    if (from === undefined || Math.abs(from - to) < 1) continue;
    const far = Math.max(-innerHeight, Math.min(innerHeight, from - to));
    row.animate([{ transform: `translateY(${far}px)` }, { transform: "none" }], { duration: MOVE_MS, easing: "cubic-bezier(.3,.1,.2,1)" });
  }
}

function mark(before, news) {
  for (const [code, work] of Object.entries(news)) {
    const old = before.rows[code], row = shown.get(code);
    if (!row || !old || (old.score === work.score && old.sheets === work.sheets)) continue;
    row.classList.remove("fresh");
    void row.offsetWidth;
    row.classList.add("fresh");
    const steps = old.place !== null && work.place !== null ? old.place - work.place : 0;
    const moved = row.firstElementChild.lastChild;
    moved.textContent = steps > 0 ? `▲ ${steps}` : steps < 0 ? `▼ ${-steps}` : "";
    clearTimeout(row.quiet);
    row.quiet = setTimeout(() => { moved.textContent = ""; row.classList.remove("fresh"); }, 8000);
    tell(say(work.place === null ? words.toldUnranked : words.told, { code, score: work.score ?? words.none, place: work.place, sheets: work.sheets, expected: work.expected }));
  }
}

let waiting = null;
function tell(text) { // quietly: one sentence at a time, the last one wins
  clearTimeout(waiting);
  waiting = setTimeout(() => put(at("told"), text), 600);
}

function pages() {
  const { lines: works } = picture.head;
  at("pages").hidden = works <= SHOWN;
  at("back").disabled = wanted === 0;
  at("on").disabled = wanted + PAGE >= works;
  at("standings").setAttribute("aria-busy", String(wanted !== first));
  put(at("where"), say(words.where, { from: first + 1, to: Math.min(first + SHOWN, works), works }));
}

let pending = null; // the page that a question is out for
let stale = null; // the timer after which a page shown is asked for again
async function elsewhere() { // beyond the live window: asked for when turned to, and again when something changed
  const [mine, from] = [++question, wanted];
  pending = from;
  const page = await fetch(`/live/standings/page?first=${from}`).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  if (mine !== question) return;
  pending = null;
  if (page) {
    first = from;
    arrange(page.order, page.rows, null);
  }
  wanted = first; // a page that did not come is not shown
  pages();
  fit();
}

function later() {
  stale ??= setTimeout(() => {
    stale = null;
    if (wanted === 0) return;
    if (pending === wanted) later();
    else elsewhere();
  }, 800);
}

function turn(to) {
  wanted = Math.max(0, to);
  if (wanted > 0) elsewhere();
  else {
    question += 1;
    pending = null;
    first = 0;
    arrange(picture.order, picture.rows, null);
    fit();
  }
  pages();
}

function show(next, news) {
  const before = picture;
  picture = next;
  head(next.head);
  at("empty").hidden = next.head.works > 0;
  at("standings").hidden = next.head.works === 0;
  put(at("empty"), words.empty);
  if (first === 0) {
    arrange(next.order, next.rows, before ? news : null);
    if (before && news) mark(before, news);
  }
  if (wanted > 0) later();
  pages();
  fit();
}

// On paper stand all works: those that are not in hand are asked for while the page waits to be printed.
function atOnce(from) {
  const ask = new XMLHttpRequest();
  ask.open("GET", `/live/standings/page?first=${from}`, false);
  try {
    ask.send();
    return ask.status === 200 ? JSON.parse(ask.responseText) : null;
  } catch {
    return null;
  }
}

function toPaper() {
  if (paper || hall || !picture) return;
  paper = true;
  const { works } = picture.head;
  const parts = [picture];
  for (let part; parts.length * PAGE < works && (part = atOnce(parts.length * PAGE)); ) parts.push(part);
  const order = parts.flatMap((part) => part.order);
  arrange(order, Object.assign({}, ...parts.map((part) => part.rows)), null, works);
  put(at("where"), say(words.where, { from: 1, to: order.length, works }));
}

function fromPaper() {
  if (!paper) return;
  paper = false;
  if (first === 0) arrange(picture.order, picture.rows, null);
  else elsewhere();
  pages();
}

addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);
at("back").addEventListener("click", () => turn(wanted - PAGE));
at("on").addEventListener("click", () => turn(wanted + PAGE));
addEventListener("resize", fit);

follow("/live/standings", {
  picture: (whole) => show(whole, null),
  change: (news) => {
    const order = news.order ?? picture.order;
    const rows = {}, changed = {};
    for (const code of order) {
      rows[code] = { ...picture.rows[code], ...news.rows?.[code] };
      if (news.rows?.[code]) changed[code] = rows[code];
    }
    show({ revision: news.revision, head: news.head ?? picture.head, order, rows }, changed);
  },
  state: (state) => {
    at("state").dataset.state = state;
    put(at("state").lastElementChild, words.states[state]);
  },
});
