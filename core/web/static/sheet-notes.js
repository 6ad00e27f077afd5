// Notes at moments of the film; each has a button that jumps to its moment.

import { clock, fill } from "./sheet-requests.js";
import { runOnce, setUpDialog } from "./sheet-dialogs.js";

const byId = (id) => document.getElementById(id);

export function setUpNotes(sheet, words, request, film) {
  const stored = [...sheet.notes];
  const dialog = setUpDialog("note-remove");
  let moment = 0;
  let removing = null; // the note that is about to be removed

  function show() {
    stored.sort((one, other) => one.at_ms - other.at_ms || one.id - other.id);
    const placeholder = document.createElement("li");
    placeholder.className = "none";
    placeholder.textContent = words.no_notes;
    byId("notes").replaceChildren(...(stored.length ? stored.map(listItem) : [placeholder]));
  }

  function listItem(note) {
    const [item, text] = [document.createElement("li"), document.createElement("span")];
    text.textContent = note.text;
    const jump = button("jump plain", note.at, fill(words.jump, { time: note.at }), () => film.seekTo(note.at_ms / 1000));
    const removeButton = button("remove plain", words.remove, fill(words.remove_note, { time: note.at }), () => {
      removing = note;
      byId("note-remove-title").textContent = fill(words.remove_note, { time: note.at });
      byId("note-remove-text").textContent = note.text;
      byId("note-remove-error").textContent = "";
      dialog.showModal();
      byId("note-remove-cancel").focus();
    });
    item.append(jump, text, removeButton);
    return item;
  }

  async function remove() {
    const response = await request("DELETE", `/notes/${removing.id}`).catch(() => null);
    if (!response?.ok) {
      byId("note-remove-error").textContent = response?.body.refused ?? words.failed;
      return;
    }
    stored.splice(stored.indexOf(removing), 1);
    show();
    dialog.close();
    byId("note-open").focus();
  }

  function button(style, text, label, onClick) {
    const element = document.createElement("button");
    Object.assign(element, { type: "button", className: style, textContent: text });
    element.setAttribute("aria-label", label);
    element.addEventListener("click", onClick);
    return element;
  }

  function open() {
    if (byId("note-form").hidden) moment = film.now;
    byId("note-label").textContent = fill(words.note_at, { time: clock(moment) });
    byId("note-form").hidden = false;
    byId("note-text").focus();
  }

  function close() {
    byId("note-form").hidden = true;
    byId("note-error").textContent = "";
    byId("note-open").focus();
  }

  byId("note-open").addEventListener("click", open);
  byId("note-cancel").addEventListener("click", close);
  byId("note-form").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  async function add() {
    const response = await request("POST", "/notes", { at_ms: moment, text: byId("note-text").value }).catch(() => null);
    if (!response?.ok) {
      byId("note-error").textContent = response?.body.refused ?? words.failed;
      return;
    }
    stored.push(response.body);
    byId("note-text").value = "";
    show();
    close();
  }

  byId("note-remove-now").addEventListener("click", (event) => runOnce(event.currentTarget, words, remove));
  byId("note-form").addEventListener("submit", (event) => {
    event.preventDefault();
    runOnce(byId("note-save"), words, add);
  });
  show();
  return open;
}
