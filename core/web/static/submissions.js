// The office's submissions: the list with a filter, and one opened to correct, move, or make a new private link for.
import { adoptTheme, fitFrame } from "./follow.js";
import { mountFilm } from "./entry-film.js";
import { clearFaults, fill, read, send, showFaults, words, write } from "./entry-form.js";
import { element, historyLine } from "./entry-history.js";

const byId = (id) => document.getElementById(id);
const TERMS = JSON.parse(document.body.dataset.terms);
const FILM_MOVES = ["give_film", "replace_finalist_film"]; // made by sending a film, not by a button
let all = [];
let open = null; // the opened submission; null: the list, or a new form
let moving = null;


function say(text, id = "message") {
  byId(id).textContent = text;
  byId(id).hidden = !text;
  fitFrame();
  if (text) byId(id).scrollIntoView({ block: "nearest" });
}

function cell(text, className = "") {
  const made = document.createElement("td");
  made.textContent = text;
  made.className = className;
  return made;
}

function row({ code, title, authors, unit, state, stateName, at, late, film, screening }) {
  const made = document.createElement("tr");
  const link = document.createElement("button");
  Object.assign(link, { type: "button", className: "plain code", textContent: code });
  link.addEventListener("click", () => show(code));
  const first = cell("");
  first.append(link);
  const people = cell(authors);
  people.append(small(unit));
  const marked = cell(stateName, "state-name");
  marked.dataset.state = state;
  for (const note of [late && words.late, screening, !film && state !== "awaiting_film" && words.noFilmYet]) if (note) marked.append(small(note));
  made.append(first, cell(title), people, marked, cell(at));
  return made;
}

function small(text) {
  const made = document.createElement("small");
  made.textContent = text;
  return made;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("\u0111", "d");

function drawList() {
  const wanted = plain(byId("search").value.trim());
  const state = byId("state-filter").value;
  const shown = all.filter((each) => (!state || each.state === state) && plain(`${each.code} ${each.title} ${each.authors} ${each.unit}`).includes(wanted));
  document.querySelector("#rows tbody").replaceChildren(...shown.map(row));
  byId("after-list").hidden = false;
  byId("rows").hidden = !shown.length;
  byId("empty").hidden = Boolean(shown.length);
  byId("empty").textContent = all.length ? words.noMatch : words.none;
  byId("count").textContent = fill(words.count, { shown: shown.length, all: all.length });
  fitFrame();
}

async function load() {
  const done = await send("/api/submissions");
  if (!done.ok) return say(done.refused);
  all = done.answer.submissions;
  byId("screening").textContent = done.answer.screening.text;
  byId("screening").classList.toggle("late-screening", done.answer.screening.late);
  drawList();
}

function face(name) {
  byId("list").hidden = name !== "list";
  byId("one").hidden = name === "list";
  for (const id of ["facts", "data-section", "history-section", "reason-field"]) byId(id).hidden = name !== "one";
  byId("paper-terms").hidden = name !== "new";
  byId("send").textContent = name === "new" ? words.enter : words.save;
  byId("late-field").hidden = name !== "new" || !("late" in document.body.dataset);
  byId("link").hidden = true;
  clearFaults();
  for (const id of ["message", "done", "form-message"]) say("", id);
  scrollTo(0, 0);
}

function draw(view) {
  open = view;
  byId("code").textContent = view.code;
  byId("state").textContent = view.stateName;
  byId("title").textContent = view.form.title;
  byId("at").textContent = view.late ? `${view.at} · ${words.late}` : view.at;
  byId("receipt").textContent = view.receipt;
  byId("film").textContent = view.film ? fill(words.film, view.film) : words.noFilm;
  byId("history").replaceChildren(...view.history.map(historyLine).reverse());
  byId("player").hidden = !view.film;
  const address = view.film ? `/submissions/${encodeURIComponent(view.code)}/film` : "";
  if (byId("player").getAttribute("src") !== address || byId("player").dataset.film !== view.film?.hash) {
    byId("player").dataset.film = view.film?.hash ?? "";
    byId("player").poster = address && `/submissions/${encodeURIComponent(view.code)}/poster`;
    byId("player").src = address;
  }
  const moves = view.moves.filter(({ key }) => !FILM_MOVES.includes(key)).map(({ key, title }) => button(title, () => ask(key, title)));
  byId("moves").replaceChildren(...moves, button(words.newLink, newLink));
  byId("notices").replaceChildren(...view.notices.map((notice) => element("li", notice)));
  byId("notices").hidden = !view.notices.length;
  byId("people").replaceChildren(...view.form.authors.map(({ name }, at) => person(view.code, name, at + 1)));
  byId("data-section").hidden = !view.form.authors.length;
  write(view.form);
  byId("sure").hidden = true;
  byId("upload-section").hidden = !view.moves.some(({ key }) => FILM_MOVES.includes(key));
  byId("film-by-two").hidden = !view.finalist;
  byId("form-by-two").hidden = !(view.finalist && view.mayCorrect);
  byId("proposal-waits").hidden = !view.waits;
  byId("film-faults").hidden = true;
  lock(!view.mayCorrect);
  byId("reason").value = "";
  fitFrame();
}

/** Whether the form can only be read. */
function lock(locked) {
  for (const field of byId("entry").elements) field.disabled = locked;
  byId("reason-field").hidden = locked || !open;
  byId("send").hidden = locked;
}

function person(code, name, place) {
  const line = element("li", `${name}: `);
  for (const [form, told] of [["html", words.toRead], ["json", words.forPrograms]]) {
    const link = element("a", told);
    Object.assign(link, { href: `/export/person/${encodeURIComponent(code)}/${place}.${form}`, download: "" });
    line.append(link, form === "html" ? " · " : "");
  }
  return line;
}

function button(text, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

async function show(code) {
  const done = await send(`/api/submissions/${encodeURIComponent(code)}`);
  if (!done.ok) return say(done.refused);
  face("one");
  draw(done.answer);
  mount();
  listIncoming();
  byId("one-title").focus();
}

function ask(key, title) {
  moving = key;
  byId("sure-title").textContent = fill(words.why, { act: title, code: open.code });
  byId("really").textContent = title;
  byId("move-reason").value = "";
  byId("sure").hidden = false;
  byId("move-reason").focus();
  fitFrame();
}

/** Sends a change of the opened submission and draws the answer. */
async function change(act, document_, where = "message") {
  clearFaults();
  say("", where);
  const done = await send(`/api/submissions/${encodeURIComponent(open.code)}/${act}`, { version: open.version, ...document_ });
  if (done.ok) draw(done.answer);
  else say(done.refused, where);
  if (done.faults?.length) showFaults(done.faults);
  return done.ok;
}

/** The control for the opened submission's film. An upload goes on, and to this submission, while another one is looked at. */
function mount() {
  const { code } = open;
  let [view, reason] = [open, ""];
  const latest = () => {
    if (open?.code === code) [view, reason] = [open, byId("film-reason").value];
    return view;
  };
  byId("film-reason").value = "";
  byId("film-reason").addEventListener("input", latest);
  mountFilm({
    link: "",
    key: `film-for-${code}`,
    path: `/api/submissions/${encodeURIComponent(code)}`,
    body: (upload, pastRules) => ({ version: latest().version, upload, reason, past_rules: pastRules }),
    film: (view = latest()) => view.proposedFilm || (view.film?.hash ?? null),
    done: open.finalist ? words.filmProposed : words.filmTaken,
    say: (text, id) => say(text && `${code}: ${text}`, id),
    taken: (given) => {
      if (open?.code === code) draw(given);
    },
  });
}

/** Offers the films of the folder on the server. */
async function listIncoming() {
  const done = await send("/api/incoming-films");
  const films = done.ok ? done.answer.films : [];
  const size = (megabytes) => megabytes.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  byId("incoming-name").replaceChildren(...films.map(({ name, megabytes }) => new Option(fill(words.incoming, { name, megabytes: size(megabytes) }), name)));
  byId("incoming").hidden = !films.length;
  fitFrame();
}

async function takeIncoming(pastRules) {
  const { code, version } = open;
  const button = byId("incoming").querySelector("button");
  say("");
  byId("film-faults").hidden = true;
  byId("incoming-past").hidden = true;
  button.disabled = true;
  say(words.checkingFilm, "done");
  const asked = { version, name: byId("incoming-name").value, reason: byId("film-reason").value, past_rules: pastRules };
  const done = await send(`/api/submissions/${encodeURIComponent(code)}/incoming`, asked, "", 600_000);
  button.disabled = false;
  say("", "done");
  if (!done.ok) {
    say(`${code}: ${done.refused}`);
    if (open?.code === code) byId("film-faults").replaceChildren(...(done.film ?? []).map((each) => element("li", each)));
    byId("film-faults").hidden = open?.code !== code || !done.film?.length;
    byId("incoming-past").hidden = open?.code !== code || !done.waits;
    return fitFrame();
  }
  if (open?.code === code) draw(done.answer);
  say(`${code}: ${done.answer.finalist ? words.filmProposed : words.filmTaken}`, "done");
}

async function newLink() {
  const done = await send(`/api/submissions/${encodeURIComponent(open.code)}/link`, { version: open.version });
  if (!done.ok) return say(done.refused);
  const { code } = open;
  await show(code);
  say(`${words.link} ${location.origin}${done.answer.path}`, "link");
}

byId("sure").addEventListener("submit", async (event) => {
  event.preventDefault();
  await change("move", { move: moving, reason: byId("move-reason").value });
});
byId("keep").addEventListener("click", () => {
  byId("sure").hidden = true;
  fitFrame();
});
byId("entry").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (open) {
    if (await change("correct", { form: read(), reason: byId("reason").value }, "form-message")) say(open.finalist ? words.formProposed : words.saved, "done");
    return;
  }
  const terms = document.querySelector("[name=on-paper]").checked ? TERMS : [];
  const done = await send("/api/submissions", { form: { ...read(), terms }, late_reason: byId("late").value });
  if (!done.ok) {
    say(done.refused, "form-message");
    return showFaults(done.faults);
  }
  await show(done.answer.code);
  say(fill(words.registered, done.answer), "done");
});
byId("new").addEventListener("click", () => {
  open = null;
  face("new");
  write({});
  lock(false);
  fitFrame();
});
byId("back").addEventListener("click", () => {
  face("list");
  load();
});
byId("incoming").addEventListener("submit", (event) => {
  event.preventDefault();
  takeIncoming(false);
});
byId("incoming-past").addEventListener("click", () => takeIncoming(true));
byId("incoming-name").addEventListener("change", () => { byId("incoming-past").hidden = true; });
byId("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { open: box, code } = byId("door").elements;
  const seen = { seen_open: box.defaultChecked, seen_code: code.defaultValue };
  const done = await send("/api/entry-door", { open: box.checked, code: code.value, ...seen });
  if (done.ok) {
    box.defaultChecked = done.answer.open;
    code.defaultValue = code.value = done.answer.code;
  }
  say(done.ok ? words.door : done.refused, done.ok ? "done" : "message");
});
for (const id of ["search", "state-filter"]) byId(id).addEventListener("input", drawList);
adoptTheme();
await load();
