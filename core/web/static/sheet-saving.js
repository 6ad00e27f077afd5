// What was typed and is not yet kept. One save at a time, each on the version this window saw; nothing typed is lost:
// it stays in its field, in this tab's own memory across a reload, and is sent again until the server has it.
// A field is "mark:ND", "remark:ND" or "remark:" (the overall remark); its value is the text as typed.

import { Unreachable } from "./sheet-asks.js";

const PAUSE = 450; // ms after the last key
const RETRIES = [1000, 2000, 4000, 8000];
const ENDED = new Set([403, 404, 409]); // the sheet is no longer this judge's to write on: the page is loaded again

export function held(sheet) {
  const fields = new Map();
  for (const [name, text] of Object.entries(sheet.marks)) fields.set(`mark:${name}`, text);
  for (const [name, text] of Object.entries(sheet.remarks ?? {})) fields.set(`remark:${name}`, text);
  return fields;
}

function same(field, one, other) {
  return plain(field, one) === plain(field, other);
}

function plain(field, text) {
  if (field.startsWith("remark:")) return (text ?? "").trim().normalize("NFC").replace(/\r\n/g, "\n");
  const [, whole, parts] = /^(\d*)(?:[.,](\d*))?$/.exec((text ?? "").trim()) ?? [];
  if (whole === undefined) return text;
  const left = (parts ?? "").replace(/0+$/, "");
  return whole.replace(/^0+(?=\d)/, "") + (left ? `,${left}` : "");
}

// What this tab had typed into a sheet that can no longer be written on: not kept, and said so.
export function untaken(sheet, memory) {
  const kept = held(sheet);
  const typed = Object.entries(memory.typed.typed);
  return typed.filter(([field, text]) => !same(field, text, kept.get(field))).map(([field, text]) => ({ field, text }));
}

export class Saving {
  constructor(sheet, ask, memory, told) {
    this.ask = ask;
    this.memory = memory;
    this.told = told; // changed(), saved(answer, fields), wrong(field, why), conflict(list), updated(list), caught(sheet), ended
    this.version = sheet.version;
    this.kept = held(sheet); // as the server has it
    this.typed = new Map(); // as typed, not yet kept
    this.bad = new Map(); // field -> the text the server refused
    this.disputed = null; // [{field, mine, theirs}] while the judge has to choose
    this.trouble = null; // why the last attempt to save did not come through: {status, why}
    this.unsure = new Set(); // fields whose last answer was lost: the server may or may not have them
    this.tries = 0;
  }

  get settled() {
    return this.typed.size === 0;
  }

  // What the server has not been asked yet: typed, and not the very text it refused.
  get unsent() {
    return new Map([...this.typed].filter(([field, text]) => this.bad.get(field) !== text));
  }

  get refusing() {
    return this.unsent.size < this.typed.size;
  }

  // The one state of the sheet's saving; whoever shows it asks here after every change.
  get state() {
    if (this.disputed) return "disputed";
    if (this.trouble) return this.trouble.status === 401 ? "signed_out" : "unsaved";
    if (this.busy || this.unsent.size) return "saving";
    return this.refusing ? "refused" : "kept";
  }

  // What this tab had typed before it was reloaded.
  recall() {
    const earlier = this.memory.typed;
    const mine = Object.entries(earlier.typed).filter(([field, text]) => !same(field, text, this.kept.get(field)));
    const moved = mine.filter(([field]) => earlier.disputed.includes(field) || !same(field, earlier.kept[field], this.kept.get(field)));
    for (const [field, text] of mine) this.typed.set(field, text);
    if (moved.length) this.dispute(moved.map(([field]) => field));
    this.remember();
    this.later(0);
    return mine;
  }

  remember() {
    const kept = Object.fromEntries([...this.typed.keys()].map((field) => [field, this.kept.get(field) ?? ""]));
    const disputed = (this.disputed ?? []).map(({ field }) => field);
    this.memory.typed = this.settled ? null : { typed: Object.fromEntries(this.typed), kept, disputed };
    this.told.changed();
  }

  write(field, text) {
    if (this.bad.get(field) !== text) this.bad.delete(field);
    if (same(field, text, this.kept.get(field)) && !this.sending?.has(field) && !this.unsure.has(field)) this.typed.delete(field);
    else this.typed.set(field, text);
    if (this.settled) this.trouble = null; // nothing is left to send
    if (this.disputed?.some((one) => one.field === field)) this.dispute(this.disputed.map((one) => one.field));
    this.remember();
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Send what is typed now; answers true when nothing is left to send.
  async flush({ leaving = false } = {}) {
    clearTimeout(this.timer);
    if (this.disputed) return false;
    if (this.busy) {
      await this.busy;
      return this.flush({ leaving });
    }
    const batch = this.unsent;
    if (batch.size === 0) return this.settled;
    this.sending = batch;
    this.busy = this.send(batch, leaving);
    this.told.changed();
    let again;
    try {
      again = await this.busy;
    } finally {
      this.busy = this.sending = null;
      this.told.changed();
    }
    return again ? this.flush({ leaving }) : this.settled;
  }

  async send(batch, leaving) {
    const document = { version: this.version, marks: {}, remarks: {} };
    for (const [field, text] of batch) {
      const [kind, name] = [field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1)];
      document[kind === "mark" ? "marks" : "remarks"][name] = text;
    }
    let answer;
    try {
      answer = await this.ask("PATCH", "", document, { leaving });
    } catch (failure) {
      if (!(failure instanceof Unreachable)) throw failure;
      for (const field of batch.keys()) this.unsure.add(field);
      return this.retry({ status: 0 });
    }
    if (answer.ok) return this.accepted(batch, answer.body);
    if (answer.status === 409 && answer.body.sheet) return this.rebase(answer.body.sheet);
    if (answer.status === 422 && answer.body.fields) return this.refused(batch, answer.body.fields);
    if (!ENDED.has(answer.status)) return this.retry({ status: answer.status, why: answer.body.refused });
    this.told.ended();
    return false;
  }

  came() {
    this.tries = 0;
    this.trouble = null;
    this.unsure.clear();
  }

  accepted(batch, answer) {
    this.came();
    this.version = answer.version;
    for (const [field, text] of batch) {
      this.kept.set(field, field.startsWith("mark:") ? (answer.marks[field.slice(5)] ?? "") : text.trim());
      if (this.typed.get(field) === text) this.typed.delete(field);
    }
    this.remember();
    this.told.saved(answer, [...batch.keys()]);
    return this.unsent.size > 0;
  }

  refused(batch, fields) {
    this.came();
    for (const [field, why] of Object.entries(fields)) {
      this.bad.set(field, batch.get(field));
      this.told.wrong(field, why);
    }
    return this.unsent.size > 0;
  }

  retry(trouble) {
    this.trouble = trouble;
    this.later(RETRIES[Math.min(this.tries++, RETRIES.length - 1)]);
    return false;
  }

  // The sheet was changed elsewhere. What this window has not touched follows; what both changed is for the judge.
  rebase(sheet) {
    this.came();
    if (sheet.state === "sealed") {
      this.told.ended();
      return false;
    }
    const theirs = held(sheet);
    const open = new Set((this.disputed ?? []).map(({ field }) => field)); // not settled by a second change elsewhere
    const followed = [];
    for (const field of new Set([...this.kept.keys(), ...theirs.keys()])) {
      const [before, now] = [this.kept.get(field) ?? "", theirs.get(field) ?? ""];
      if (same(field, before, now)) continue;
      if (!this.typed.has(field)) followed.push({ field, text: now });
      else if (same(field, this.typed.get(field), now)) this.typed.delete(field);
      else open.add(field);
    }
    this.version = sheet.version;
    this.kept = theirs;
    this.dispute([...open].filter((field) => this.typed.has(field)));
    this.remember();
    if (followed.length) this.told.updated(followed);
    this.told.caught(sheet);
    return !this.disputed && this.unsent.size > 0;
  }

  // These fields were changed here and elsewhere; with none left, there is no conflict.
  dispute(fields) {
    this.disputed = fields.length ? fields.map((field) => ({ field, mine: this.typed.get(field) ?? this.kept.get(field) ?? "", theirs: this.kept.get(field) ?? "" })) : null;
    this.told.conflict(this.disputed ?? []);
  }

  settle(takeTheirs) {
    const both = this.disputed ?? [];
    this.disputed = null;
    if (takeTheirs) {
      for (const { field } of both) {
        this.typed.delete(field);
        this.bad.delete(field);
      }
      this.told.updated(both.map(({ field, theirs }) => ({ field, text: theirs })), { silent: true });
    }
    this.remember();
    this.later(0);
  }
}
