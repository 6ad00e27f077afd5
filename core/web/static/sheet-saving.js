// Saves what was typed. One request at a time, each based on the version this window saw. Nothing typed is lost: it
// stays in its field, in this tab's session storage across a reload, and is sent again until the server has it.
// A field is "mark:ND", "remark:ND" or "remark:" (the overall remark); its value is the text as typed.

import { Unreachable } from "./sheet-requests.js";

const PAUSE_MS = 450; // ms after the last key
const RETRY_MS = [1000, 2000, 4000, 8000];
const ENDED_STATUSES = new Set([403, 404, 409]); // the judge can no longer write on this sheet: the page is reloaded

export function fieldValues(sheet) {
  const fields = new Map();
  for (const [name, text] of Object.entries(sheet.marks)) fields.set(`mark:${name}`, text);
  for (const [name, text] of Object.entries(sheet.remarks ?? {})) fields.set(`remark:${name}`, text);
  return fields;
}

function equal(field, one, other) {
  return normalized(field, one) === normalized(field, other);
}

function normalized(field, text) {
  if (field.startsWith("remark:")) return (text ?? "").trim().normalize("NFC").replace(/\r\n/g, "\n");
  const [, whole, parts] = /^(\d*)(?:[.,](\d*))?$/.exec((text ?? "").trim()) ?? [];
  if (whole === undefined) return text;
  const decimals = (parts ?? "").replace(/0+$/, "");
  return whole.replace(/^0+(?=\d)/, "") + (decimals ? `,${decimals}` : "");
}

// Texts typed in this tab into a sheet that is now read-only: they are not saved, and the page says so.
export function unsavedTexts(sheet, storage) {
  const saved = fieldValues(sheet);
  const typed = Object.entries(storage.typed.typed);
  return typed.filter(([field, text]) => !equal(field, text, saved.get(field))).map(([field, text]) => ({ field, text }));
}

export class Saving {
  constructor(sheet, request, storage, handlers) {
    this.request = request;
    this.storage = storage;
    this.handlers = handlers; // changed(), saved(response, fields), fieldRefused(field, why), conflict(list), updated(list), merged(sheet), ended
    this.version = sheet.version;
    this.saved = fieldValues(sheet); // as the server has it
    this.typed = new Map(); // as typed, not saved yet
    this.rejected = new Map(); // field -> the text the server refused
    this.conflicts = null; // [{field, mine, theirs}] while the judge has to choose
    this.failure = null; // why the last attempt to save failed: {status, why}
    this.unconfirmed = new Set(); // fields whose last response was lost: the server may or may not have saved them
    this.tries = 0;
  }

  get allSaved() {
    return this.typed.size === 0;
  }

  // Texts typed and still to be sent: all except those the server has refused.
  get unsent() {
    return new Map([...this.typed].filter(([field, text]) => this.rejected.get(field) !== text));
  }

  get hasRejected() {
    return this.unsent.size < this.typed.size;
  }

  // The state of saving, in one word; read after every change by the code that displays it.
  get state() {
    if (this.conflicts) return "disputed";
    if (this.failure) return this.failure.status === 401 ? "signed_out" : "unsaved";
    if (this.busy || this.unsent.size) return "saving";
    return this.hasRejected ? "refused" : "saved";
  }

  // Restores what was typed in this tab before a reload.
  restore() {
    const earlier = this.storage.typed;
    const mine = Object.entries(earlier.typed).filter(([field, text]) => !equal(field, text, this.saved.get(field)));
    const changedElsewhere = mine.filter(([field]) => earlier.disputed.includes(field) || !equal(field, earlier.kept[field], this.saved.get(field)));
    for (const [field, text] of mine) this.typed.set(field, text);
    if (changedElsewhere.length) this.setConflicts(changedElsewhere.map(([field]) => field));
    this.store();
    this.schedule(0);
    return mine;
  }

  store() {
    const kept = Object.fromEntries([...this.typed.keys()].map((field) => [field, this.saved.get(field) ?? ""]));
    const disputed = (this.conflicts ?? []).map(({ field }) => field);
    this.storage.typed = this.allSaved ? null : { typed: Object.fromEntries(this.typed), kept, disputed };
    this.handlers.changed();
  }

  edit(field, text) {
    if (this.rejected.get(field) !== text) this.rejected.delete(field);
    if (equal(field, text, this.saved.get(field)) && !this.sending?.has(field) && !this.unconfirmed.has(field)) this.typed.delete(field);
    else this.typed.set(field, text);
    if (this.allSaved) this.failure = null; // nothing is left to send
    if (this.conflicts?.some((one) => one.field === field)) this.setConflicts(this.conflicts.map((one) => one.field));
    this.store();
    this.schedule(PAUSE_MS);
  }

  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Sends what is typed now; resolves to true when everything typed is saved.
  async flush({ leaving = false } = {}) {
    clearTimeout(this.timer);
    if (this.conflicts) return false;
    if (this.busy) {
      await this.busy;
      return this.flush({ leaving });
    }
    const batch = this.unsent;
    if (batch.size === 0) return this.allSaved;
    this.sending = batch;
    this.busy = this.send(batch, leaving);
    this.handlers.changed();
    let again;
    try {
      again = await this.busy;
    } finally {
      this.busy = this.sending = null;
      this.handlers.changed();
    }
    return again ? this.flush({ leaving }) : this.allSaved;
  }

  async send(batch, leaving) {
    const document = { version: this.version, marks: {}, remarks: {} };
    for (const [field, text] of batch) {
      const [kind, name] = [field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1)];
      document[kind === "mark" ? "marks" : "remarks"][name] = text;
    }
    let response;
    try {
      response = await this.request("PATCH", "", document, { leaving });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      for (const field of batch.keys()) this.unconfirmed.add(field);
      return this.retry({ status: 0 });
    }
    if (response.ok) return this.handleAccepted(batch, response.body);
    if (response.status === 409 && response.body.sheet) return this.rebase(response.body.sheet);
    if (response.status === 422 && response.body.fields) return this.handleRefusal(batch, response.body.fields);
    if (!ENDED_STATUSES.has(response.status)) return this.retry({ status: response.status, why: response.body.refused });
    this.handlers.ended();
    return false;
  }

  resetFailures() {
    this.tries = 0;
    this.failure = null;
    this.unconfirmed.clear();
  }

  handleAccepted(batch, response) {
    this.resetFailures();
    this.version = response.version;
    for (const [field, text] of batch) {
      this.saved.set(field, field.startsWith("mark:") ? (response.marks[field.slice(5)] ?? "") : text.trim());
      if (this.typed.get(field) === text) this.typed.delete(field);
    }
    this.store();
    this.handlers.saved(response, [...batch.keys()]);
    return this.unsent.size > 0;
  }

  handleRefusal(batch, fields) {
    this.resetFailures();
    for (const [field, why] of Object.entries(fields)) {
      this.rejected.set(field, batch.get(field));
      this.handlers.fieldRefused(field, why);
    }
    return this.unsent.size > 0;
  }

  retry(failure) {
    this.failure = failure;
    this.schedule(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
    return false;
  }

  // The sheet was changed elsewhere. Fields not edited here take the new text; where both changed, the judge chooses.
  rebase(sheet) {
    this.resetFailures();
    if (sheet.state === "sealed") {
      this.handlers.ended();
      return false;
    }
    const theirs = fieldValues(sheet);
    const open = new Set((this.conflicts ?? []).map(({ field }) => field)); // a second change elsewhere resolves none
    const updates = [];
    for (const field of new Set([...this.saved.keys(), ...theirs.keys()])) {
      const [before, now] = [this.saved.get(field) ?? "", theirs.get(field) ?? ""];
      if (equal(field, before, now)) continue;
      if (!this.typed.has(field)) updates.push({ field, text: now });
      else if (equal(field, this.typed.get(field), now)) this.typed.delete(field);
      else open.add(field);
    }
    this.version = sheet.version;
    this.saved = theirs;
    this.setConflicts([...open].filter((field) => this.typed.has(field)));
    this.store();
    if (updates.length) this.handlers.updated(updates);
    this.handlers.merged(sheet);
    return !this.conflicts && this.unsent.size > 0;
  }

  // Sets the fields that were changed both here and elsewhere; an empty list ends the conflict.
  setConflicts(fields) {
    this.conflicts = fields.length ? fields.map((field) => ({ field, mine: this.typed.get(field) ?? this.saved.get(field) ?? "", theirs: this.saved.get(field) ?? "" })) : null;
    this.handlers.conflict(this.conflicts ?? []);
  }

  resolve(takeTheirs) {
    const conflicts = this.conflicts ?? [];
    this.conflicts = null;
    if (takeTheirs) {
      for (const { field } of conflicts) {
        this.typed.delete(field);
        this.rejected.delete(field);
      }
      this.handlers.updated(conflicts.map(({ field, theirs }) => ({ field, text: theirs })), { silent: true });
    }
    this.store();
    this.schedule(0);
  }
}
