// The marking sheet. The server decides what is saved, the total and who may edit; this page shows it and sends edits.

import { fill, requester } from "./sheet-requests.js";
import { setUpSubmission, setUpWithdrawal } from "./sheet-dialogs.js";
import { Film, drawWatched } from "./sheet-film.js";
import { beforeLeaving, leave } from "./sheet-frame.js";
import { SheetStorage } from "./sheet-storage.js";
import { setUpCopies } from "./sheet-copies.js";
import { setUpNotes } from "./sheet-notes.js";
import { Saving, unsavedTexts } from "./sheet-saving.js";

const byId = (id) => document.getElementById(id);
const read = (id) => JSON.parse(byId(id).textContent);
const [sheet, words] = [read("sheet-data"), read("sheet-words")];
const request = requester(sheet.code, sheet.owner);
const storage = new SheetStorage(sheet.owner, sheet.code);
const fields = new Map([...document.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, input]));
const marks = [...fields.values()].filter((input) => input.classList.contains("mark"));
const errors = new Map();
const announce = (text) => { byId("announcement").textContent = text; };
let leaving = false;
let lastSaved = sheet.saved;
let lastState = "";
let reviewError = ""; // why the last attempt to review the sheet before submitting failed

function fieldName(field) {
  const name = field.slice(field.indexOf(":") + 1);
  const criterion = sheet.criteria.find((one) => one.key === name);
  if (!criterion) return words.overall;
  return field.startsWith("mark:") ? criterion.name : fill(words.remark_of, { name: criterion.name });
}

function showError(field) {
  const why = errors.get(field) ?? "";
  if (why) fields.get(field)?.setAttribute("aria-invalid", "true");
  else fields.get(field)?.removeAttribute("aria-invalid");
  const message = byId(`error-${field.replace(":", "-")}`);
  if (message && message.textContent !== why) message.textContent = why;
}

function showSaveState(state, text) {
  byId("save-state").dataset.state = state;
  byId("save-state").textContent = text;
}

function showLevel(box, reached) {
  const [summary, { levels }] = [box.querySelector(".level-reached"), sheet.criteria.find((one) => one.key === box.dataset.key)];
  if (!summary) return;
  const range = document.createElement("b");
  range.textContent = levels[reached]?.range ?? "";
  const description = levels[reached]?.says ?? fill(words.levels, { count: levels.length });
  summary.replaceChildren(...(levels[reached] ? [range, ` ${description}`] : [description]));
}

function showTotals(response) {
  byId("total").textContent = response.total ?? "–";
  if (byId("sum-formula")) byId("sum-formula").textContent = response.sum ?? "";
  byId("progress").textContent = response.missing.length ? fill(words.missing, { count: response.missing.length }) : words.complete;
  for (const box of document.querySelectorAll(".criterion[data-key]")) {
    const reached = response.levels[box.dataset.key];
    box.querySelectorAll(".levels li").forEach((level, index) => {
      if (index === reached) level.setAttribute("aria-current", "true");
      else level.removeAttribute("aria-current");
    });
    showLevel(box, reached);
  }
}

// Updates the line in the footer that shows the state of saving.
function updateSaveState() {
  if (!saving) return;
  const typing = [...saving.rejected.keys()].every((field) => fields.get(field) === document.activeElement); // no error shown yet
  const lines = {
    disputed: ["failed", words.disputed],
    signed_out: ["failed", words.signed_out],
    unsaved: ["failed", saving.failure?.why ?? words.unsaved],
    saving: ["saving", words.saving],
    refused: typing ? ["none", words.typing] : ["failed", words.refused],
    saved: lastSaved ? ["saved", fill(words.saved, { time: lastSaved })] : ["none", words.untouched],
  };
  const { state } = saving;
  if (state !== lastState && ["signed_out", "unsaved"].includes(state)) announce(lines[state][1]);
  lastState = state;
  showSaveState(...(state === "saved" && reviewError ? ["failed", reviewError] : lines[state]));
}

function showFieldNotice(sentence, list) {
  const texts = list.map(({ field, text }) => `${fieldName(field)}: ${text || words.blank}`).join("; ");
  byId("field-notice").querySelector("p").textContent = fill(sentence, { fields: texts });
  byId("field-notice").hidden = false;
}

function reload() {
  leaving = true;
  location.reload();
}

const channel = "BroadcastChannel" in window ? new BroadcastChannel(`sheet:${sheet.owner}:${sheet.code}`) : null;

const saving = sheet.read_only ? null : new Saving(sheet, request, storage, {
  changed: () => queueMicrotask(updateSaveState),
  saved(response, sent) {
    for (const field of sent) { errors.delete(field); showError(field); }
    showTotals(response);
    const chip = byId("not-started");
    if (chip) Object.assign(chip, { id: "", className: "state-chip doing", textContent: words.draft });
    lastSaved = response.saved;
    reviewError = "";
    const total = response.total ? `${fill(words.total, { total: response.total })}. ` : "";
    announce(`${total}${fill(words.saved, { time: response.saved })}`);
    channel?.postMessage(response.version);
  },
  fieldRefused(field, why) {
    errors.set(field, why);
    if (document.activeElement !== fields.get(field)) showError(field); // not while it is being typed
  },
  conflict(conflicts) {
    const text = (value) => value || words.blank;
    byId("conflict").querySelector("tbody").replaceChildren(...conflicts.map(({ field, mine, theirs }) => {
      const line = document.createElement("tr");
      line.append(...[fieldName(field), text(mine), text(theirs)].map((content, index) => {
        const cell = document.createElement(index ? "td" : "th");
        cell.textContent = content;
        return cell;
      }));
      return line;
    }));
    if (byId("conflict").hidden && conflicts.length) requestAnimationFrame(() => byId("conflict").scrollIntoView({ block: "nearest" }));
    byId("conflict").hidden = conflicts.length === 0;
  },
  updated(updates, { silent = false } = {}) {
    for (const { field, text } of updates) {
      if (fields.has(field)) fields.get(field).value = text;
      errors.delete(field);
      showError(field);
    }
    if (silent) return;
    showFieldNotice(words.updated_elsewhere, updates);
  },
  merged(sheet) {
    showTotals(sheet);
    lastSaved = sheet.saved;
  },
  ended: reload,
});

if (saving) {
  const typedEarly = [...fields].filter(([, { value, defaultValue }]) => value !== defaultValue) // typed before this ran
    .map(([field, { value }]) => [field, value]);
  for (const [field, text] of saving.restore()) if (fields.has(field)) fields.get(field).value = text;
  for (const [field, input] of fields) {
    input.addEventListener("input", () => {
      errors.delete(field);
      showError(field);
      reviewError = "";
      saving.edit(field, input.value);
    });
    input.addEventListener("focus", updateSaveState);
    input.addEventListener("blur", () => { showError(field); updateSaveState(); saving.flush(); });
  }
  for (const [field, text] of typedEarly) {
    fields.get(field).value = text;
    saving.edit(field, text);
  }
  for (const [id, theirs] of [["keep-mine", false], ["keep-theirs", true]]) {
    byId(id).addEventListener("click", () => { byId("conflict").hidden = true; saving.resolve(theirs); refresh(); });
  }
  addEventListener("online", () => saving.flush());
  addEventListener("pagehide", () => saving.flush({ leaving: true }));
  addEventListener("beforeunload", (event) => { if (!leaving && !saving.allSaved) event.preventDefault(); });
  channel?.addEventListener("message", ({ data }) => { if (data > saving.version) refresh(); });
} else {
  const unsaved = unsavedTexts(sheet, storage);
  if (unsaved.length) showFieldNotice(words.untaken, unsaved);
}

// Fetches changes made elsewhere: in another window, by the chief judge, by the end of the round.
async function refresh() {
  if (saving?.failure) saving.flush();
  if (saving?.busy) return;
  const response = await request("GET").catch(() => null);
  if (!response || response.status === 401 || saving?.busy) return;
  reviewError = "";
  updateSaveState();
  if (!response.ok || response.body.read_only !== sheet.read_only || response.body.return_reason !== sheet.return_reason) return reload();
  if (response.body.version > saving?.version) { saving.rebase(response.body); saving.schedule(0); }
}
addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) refresh(); });

function showErrors(list, why = "") {
  for (const field of list) {
    if (!errors.has(field)) errors.set(field, words.not_given);
    showError(field);
  }
  if (why) announce(why);
  if (list.length) fields.get(list[0])?.focus();
  else if (saving?.conflicts) byId("keep-mine").focus();
  reviewError = list.length ? "" : why;
  updateSaveState();
}

const film = new Film(byId("film"), sheet, words, async (played, away) => {
  const response = await request("POST", "/watched", { played }, { leaving: away });
  if (response.ok) {
    byId("watched").textContent = fill(words.watched, { percent: response.body.watched_percent });
    watched.push(...played);
    drawWatched(byId("track"), watched, sheet.milliseconds);
  }
  return response.ok || response.status < 500 && response.status !== 401;
});
const watched = [...sheet.watched];
drawWatched(byId("track"), watched, sheet.milliseconds);
addEventListener("pagehide", () => { film.tick(); film.send({ leaving: true }); });

setUpCopies(byId("film"), byId("film-copy"), sheet.code);
const addNote = setUpNotes(sheet, words, request, film);
const review = saving ? setUpSubmission(words, request, saving, film, showErrors, () => { channel?.postMessage(Infinity); storage.rememberSealed(); reload(); }) : null;
setUpWithdrawal(words, request, () => { leaving = true; leave("/queue"); });
history.scrollRestoration = "manual"; // the sheet's notices are at its top
if (storage.takeSealed()) byId("receipt")?.focus();

function focusMark(step, from) {
  const next = marks[marks.indexOf(from) + step];
  next?.focus();
  next?.select();
}

const keys = {
  KeyK: () => film.toggle(),
  KeyJ: () => film.seekBy(-5),
  KeyL: () => film.seekBy(5),
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
    focusMark(event.shiftKey ? -1 : 1, event.target);
  } else if (keys[event.code] && !event.ctrlKey && !event.metaKey && (event.altKey || !typing)) {
    event.preventDefault();
    keys[event.code]();
  }
});

// Unfolding or folding the levels of one criterion does so for all, and this account's choice is remembered.
const levels = [...document.querySelectorAll("details.levels")];
for (const one of levels) {
  one.open = storage.levelsOpen;
  one.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    const open = !one.open;
    for (const other of levels) other.open = open;
    storage.levelsOpen = open;
  });
}

beforeLeaving(() => Promise.resolve(saving?.flush()).finally(() => { leaving = true; }));
