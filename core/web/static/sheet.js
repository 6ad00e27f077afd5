// The marking sheet. The server says what is kept, what it comes to and who may; this page shows it and sends what is typed.

import { asks, filled } from "./sheet-asks.js";
import { submitting, withdrawing } from "./sheet-dialogs.js";
import { Film, draw } from "./sheet-film.js";
import { beforeLeaving, leave } from "./sheet-frame.js";
import { Memory } from "./sheet-memory.js";
import { notes } from "./sheet-notes.js";
import { Saving, untaken } from "./sheet-saving.js";

const by = (id) => document.getElementById(id);
const read = (id) => JSON.parse(by(id).textContent);
const [sheet, words] = [read("sheet-data"), read("sheet-words")];
const ask = asks(sheet.code, sheet.owner);
const memory = new Memory(sheet.owner, sheet.code);
const fields = new Map([...document.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, input]));
const marks = [...fields.values()].filter((input) => input.classList.contains("mark"));
const wrong = new Map();
const speak = (text) => { by("spoken").textContent = text; };
let leaving = false;
let lastSaved = sheet.saved;
let lastState = "";
let stopped = ""; // why the last attempt to review the sheet before submitting did not come through

function named(field) {
  const name = field.slice(field.indexOf(":") + 1);
  const criterion = sheet.criteria.find((one) => one.key === name);
  if (!criterion) return words.overall;
  return field.startsWith("mark:") ? criterion.name : filled(words.remark_of, { name: criterion.name });
}

function complain(field) {
  const why = wrong.get(field) ?? "";
  if (why) fields.get(field)?.setAttribute("aria-invalid", "true");
  else fields.get(field)?.removeAttribute("aria-invalid");
  const place = by(`wrong-${field.replace(":", "-")}`);
  if (place && place.textContent !== why) place.textContent = why;
}

function kept(state, text) {
  by("kept").dataset.state = state;
  by("kept").textContent = text;
}

function reach(box, reached) {
  const [place, { levels }] = [box.querySelector(".reached"), sheet.criteria.find((one) => one.key === box.dataset.key)];
  if (!place) return;
  const range = document.createElement("b");
  range.textContent = levels[reached]?.range ?? "";
  const said = levels[reached]?.says ?? filled(words.levels, { count: levels.length });
  place.replaceChildren(...(levels[reached] ? [range, ` ${said}`] : [said]));
}

function counted(answer) {
  by("total").textContent = answer.total ?? "–";
  if (by("sum-how")) by("sum-how").textContent = answer.sum ?? "";
  by("progress").textContent = answer.missing.length ? filled(words.missing, { count: answer.missing.length }) : words.complete;
  for (const box of document.querySelectorAll(".criterion[data-key]")) {
    const reached = answer.levels[box.dataset.key];
    box.querySelectorAll(".levels li").forEach((level, place) => {
      if (place === reached) level.setAttribute("aria-current", "true");
      else level.removeAttribute("aria-current");
    });
    reach(box, reached);
  }
}

// The line at the foot: what is true of the sheet's saving now.
function stands() {
  if (!saving) return;
  const typing = [...saving.bad.keys()].every((field) => fields.get(field) === document.activeElement); // no reproach yet
  const lines = {
    disputed: ["failed", words.disputed],
    signed_out: ["failed", words.signed_out],
    unsaved: ["failed", saving.trouble?.why ?? words.unsaved],
    saving: ["saving", words.saving],
    refused: typing ? ["none", words.typing] : ["failed", words.refused],
    kept: lastSaved ? ["saved", filled(words.saved, { time: lastSaved })] : ["none", words.untouched],
  };
  const { state } = saving;
  if (state !== lastState && ["signed_out", "unsaved"].includes(state)) speak(lines[state][1]);
  lastState = state;
  kept(...(state === "kept" && stopped ? ["failed", stopped] : lines[state]));
}

function tell(sentence, list) {
  const said = list.map(({ field, text }) => `${named(field)}: ${text || words.blank}`).join("; ");
  by("told").querySelector("p").textContent = filled(sentence, { fields: said });
  by("told").hidden = false;
}

function reload() {
  leaving = true;
  location.reload();
}

const elsewhere = "BroadcastChannel" in window ? new BroadcastChannel(`sheet:${sheet.owner}:${sheet.code}`) : null;

const saving = sheet.read_only ? null : new Saving(sheet, ask, memory, {
  changed: () => queueMicrotask(stands),
  saved(answer, sent) {
    for (const field of sent) { wrong.delete(field); complain(field); }
    counted(answer);
    const chip = by("unwritten");
    if (chip) Object.assign(chip, { id: "", className: "state-chip doing", textContent: words.draft });
    lastSaved = answer.saved;
    stopped = "";
    const total = answer.total ? `${filled(words.total, { total: answer.total })}. ` : "";
    speak(`${total}${filled(words.saved, { time: answer.saved })}`);
    elsewhere?.postMessage(answer.version);
  },
  wrong(field, why) {
    wrong.set(field, why);
    if (document.activeElement !== fields.get(field)) complain(field); // not while it is being typed
  },
  conflict(both) {
    const text = (value) => value || words.blank;
    by("conflict").querySelector("tbody").replaceChildren(...both.map(({ field, mine, theirs }) => {
      const line = document.createElement("tr");
      line.append(...[named(field), text(mine), text(theirs)].map((said, place) => {
        const cell = document.createElement(place ? "td" : "th");
        cell.textContent = said;
        return cell;
      }));
      return line;
    }));
    if (by("conflict").hidden && both.length) requestAnimationFrame(() => by("conflict").scrollIntoView({ block: "nearest" }));
    by("conflict").hidden = both.length === 0;
  },
  updated(followed, { silent = false } = {}) {
    for (const { field, text } of followed) {
      if (fields.has(field)) fields.get(field).value = text;
      wrong.delete(field);
      complain(field);
    }
    if (silent) return;
    tell(words.updated_elsewhere, followed);
  },
  caught(sheet) {
    counted(sheet);
    lastSaved = sheet.saved;
  },
  ended: reload,
});

if (saving) {
  const early = [...fields].filter(([, { value, defaultValue }]) => value !== defaultValue) // typed before this script came
    .map(([field, { value }]) => [field, value]);
  for (const [field, text] of saving.recall()) if (fields.has(field)) fields.get(field).value = text;
  for (const [field, input] of fields) {
    input.addEventListener("input", () => {
      wrong.delete(field);
      complain(field);
      stopped = "";
      saving.write(field, input.value);
    });
    input.addEventListener("focus", stands);
    input.addEventListener("blur", () => { complain(field); stands(); saving.flush(); });
  }
  for (const [field, text] of early) {
    fields.get(field).value = text;
    saving.write(field, text);
  }
  for (const [id, theirs] of [["keep-mine", false], ["keep-theirs", true]]) {
    by(id).addEventListener("click", () => { by("conflict").hidden = true; saving.settle(theirs); follow(); });
  }
  addEventListener("online", () => saving.flush());
  addEventListener("pagehide", () => saving.flush({ leaving: true }));
  addEventListener("beforeunload", (event) => { if (!leaving && !saving.settled) event.preventDefault(); });
  elsewhere?.addEventListener("message", ({ data }) => { if (data > saving.version) follow(); });
} else {
  const left = untaken(sheet, memory);
  if (left.length) tell(words.untaken, left);
}

// What became of the sheet elsewhere: another window, the chief judge, the end of the round.
async function follow() {
  if (saving?.trouble) saving.flush();
  if (saving?.busy) return;
  const answer = await ask("GET").catch(() => null);
  if (!answer || answer.status === 401 || saving?.busy) return;
  stopped = "";
  stands();
  if (!answer.ok || answer.body.read_only !== sheet.read_only || answer.body.return_reason !== sheet.return_reason) return reload();
  if (answer.body.version > saving?.version) { saving.rebase(answer.body); saving.later(0); }
}
addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) follow(); });

function pointOut(list, why = "") {
  for (const field of list) {
    if (!wrong.has(field)) wrong.set(field, words.not_given);
    complain(field);
  }
  if (why) speak(why);
  if (list.length) fields.get(list[0])?.focus();
  else if (saving?.disputed) by("keep-mine").focus();
  stopped = list.length ? "" : why;
  stands();
}

const film = new Film(by("film"), sheet, words, async (played, away) => {
  const answer = await ask("POST", "/watched", { played }, { leaving: away });
  if (answer.ok) {
    by("watched").textContent = filled(words.watched, { percent: answer.body.watched_percent });
    seen.push(...played);
    draw(by("track"), seen, sheet.milliseconds);
  }
  return answer.ok || answer.status < 500 && answer.status !== 401;
});
const seen = [...sheet.watched];
draw(by("track"), seen, sheet.milliseconds);
addEventListener("pagehide", () => { film.tick(); film.send({ leaving: true }); });

const addNote = notes(sheet, words, ask, film);
const review = saving ? submitting(words, ask, saving, film, pointOut, () => { elsewhere?.postMessage(Infinity); memory.sealed(); reload(); }) : null;
withdrawing(words, ask, () => { leaving = true; leave("/queue"); });
history.scrollRestoration = "manual"; // what a sheet has to say stands at its head
if (memory.takeSealed()) by("receipt")?.focus();

function fieldBy(step, from) {
  const next = marks[marks.indexOf(from) + step];
  next?.focus();
  next?.select();
}

const keys = {
  KeyK: () => film.toggle(),
  KeyJ: () => film.by(-5),
  KeyL: () => film.by(5),
  KeyN: () => addNote(),
};

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  const typing = event.target.matches?.("input, textarea");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    review?.();
  } else if (event.key === "Enter" && event.target.classList?.contains("mark")) {
    event.preventDefault();
    fieldBy(event.shiftKey ? -1 : 1, event.target);
  } else if (keys[event.code] && !event.ctrlKey && !event.metaKey && (event.altKey || !typing)) {
    event.preventDefault();
    keys[event.code]();
  }
});

// The rubric's levels stay unfolded, all of them, for a judge who unfolded one.
const levels = [...document.querySelectorAll("details.levels")];
for (const one of levels) {
  one.open = memory.levelsOpen;
  one.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    const open = !one.open;
    for (const other of levels) other.open = open;
    memory.levelsOpen = open;
  });
}

beforeLeaving(() => Promise.resolve(saving?.flush()).finally(() => { leaving = true; }));
