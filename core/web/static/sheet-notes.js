// Notes at moments of the film; each jumps back to its moment.

import { at, filled } from "./sheet-asks.js";
import { once, opener } from "./sheet-dialogs.js";

const by = (id) => document.getElementById(id);

export function notes(sheet, words, ask, film) {
  const kept = [...sheet.notes];
  const dialog = opener("note-remove");
  let moment = 0;
  let leaving = null; // the note that is about to be removed

  function show() {
    kept.sort((one, other) => one.at_ms - other.at_ms || one.id - other.id);
    const none = document.createElement("li");
    none.className = "none";
    none.textContent = words.no_notes;
    by("notes").replaceChildren(...(kept.length ? kept.map(line) : [none]));
  }

  function line(note) {
    const [item, said] = [document.createElement("li"), document.createElement("span")];
    said.textContent = note.text;
    const jump = button("jump plain", note.at, filled(words.jump, { time: note.at }), () => film.to(note.at_ms / 1000));
    const remove = button("remove plain", words.remove, filled(words.remove_note, { time: note.at }), () => {
      leaving = note;
      by("note-remove-title").textContent = filled(words.remove_note, { time: note.at });
      by("note-remove-text").textContent = note.text;
      by("note-remove-wrong").textContent = "";
      dialog.showModal();
      by("note-remove-cancel").focus();
    });
    item.append(jump, said, remove);
    return item;
  }

  async function removed() {
    const answer = await ask("DELETE", `/notes/${leaving.id}`).catch(() => null);
    if (!answer?.ok) {
      by("note-remove-wrong").textContent = answer?.body.refused ?? words.failed;
      return;
    }
    kept.splice(kept.indexOf(leaving), 1);
    show();
    dialog.close();
    by("note-open").focus();
  }

  function button(style, text, label, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: style, textContent: text });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function open() {
    if (by("note-form").hidden) moment = film.now;
    by("note-label").textContent = filled(words.note_at, { time: at(moment) });
    by("note-form").hidden = false;
    by("note-text").focus();
  }

  function close() {
    by("note-form").hidden = true;
    by("note-wrong").textContent = "";
    by("note-open").focus();
  }

  by("note-open").addEventListener("click", open);
  by("note-cancel").addEventListener("click", close);
  by("note-form").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  async function add() {
    const answer = await ask("POST", "/notes", { at_ms: moment, text: by("note-text").value }).catch(() => null);
    if (!answer?.ok) {
      by("note-wrong").textContent = answer?.body.refused ?? words.failed;
      return;
    }
    kept.push(answer.body);
    by("note-text").value = "";
    show();
    close();
  }

  by("note-remove-now").addEventListener("click", (event) => once(event.currentTarget, words, removed));
  by("note-form").addEventListener("submit", (event) => {
    event.preventDefault();
    once(by("note-save"), words, add);
  });
  show();
  return open;
}
