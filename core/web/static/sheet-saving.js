// What was typed and is not yet kept. One save at a time, each on the version this window saw; nothing typed is lost:
// it stays in its field, in this tab's own memory across a reload, and is sent again until the server has it.
// A field is "mark:ND", "remark:ND" or "remark:" (the overall remark); its value is the text as typed.

import { Unreachable } from "./sheet-asks.js";

const PAUSE = 450; // ms after the last key
const RETRIES = [1000, 2000, 4000, 8000];

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

const memory = (code) => `sheet:${code}`;

function remembered(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? { typed: {}, kept: {} };
  } catch {
    return { typed: {}, kept: {} }; // nothing that can be read is nothing
  }
}

// What this tab had typed into a sheet that can no longer be written on: not kept, and said so.
export function untaken(sheet) {
  const kept = held(sheet);
  const typed = Object.entries(remembered(memory(sheet.code)).typed);
  return typed.filter(([field, text]) => !same(field, text, kept.get(field))).map(([field, text]) => ({ field, text }));
}

export class Saving {
  constructor(sheet, ask, told) {
    this.ask = ask;
    this.told = told; // saving, saved(answer), wrong(field, why), failed(status), conflict(list), updated(list), caught(sheet, settled), ended
    this.version = sheet.version;
    this.kept = held(sheet); // as the server has it
    this.typed = new Map(); // as typed, not yet kept
    this.bad = new Map(); // field -> the text the server refused
    this.disputed = null;
    this.tries = 0;
    this.memory = memory(sheet.code);
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

  // What this tab had typed before it was reloaded.
  recall() {
    const earlier = remembered(this.memory);
    const mine = Object.entries(earlier.typed).filter(([field, text]) => !same(field, text, this.kept.get(field)));
    const moved = mine.filter(([field]) => !same(field, earlier.kept[field], this.kept.get(field)));
    for (const [field, text] of mine) this.typed.set(field, text);
    if (moved.length) this.dispute(moved.map(([field, text]) => ({ field, mine: text, theirs: this.kept.get(field) ?? "" })));
    this.remember();
    this.later(0);
    return mine;
  }

  remember() {
    try {
      if (this.settled) sessionStorage.removeItem(this.memory);
      else {
        const typed = Object.fromEntries(this.typed);
        const kept = Object.fromEntries([...this.typed.keys()].map((field) => [field, this.kept.get(field) ?? ""]));
        sessionStorage.setItem(this.memory, JSON.stringify({ typed, kept }));
      }
    } catch {
      // a browser without such memory still has the field itself
    }
  }

  write(field, text) {
    if (this.bad.get(field) !== text) this.bad.delete(field);
    if (same(field, text, this.kept.get(field)) && !this.sending?.has(field)) this.typed.delete(field);
    else this.typed.set(field, text);
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
    let again;
    try {
      again = await this.busy;
    } finally {
      this.busy = this.sending = null;
    }
    return again ? this.flush({ leaving }) : this.settled;
  }

  async send(batch, leaving) {
    const document = { version: this.version, marks: {}, remarks: {} };
    for (const [field, text] of batch) {
      const [kind, name] = [field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1)];
      document[kind === "mark" ? "marks" : "remarks"][name] = text;
    }
    this.told.saving();
    let answer;
    try {
      answer = await this.ask("PATCH", "", document, { leaving });
    } catch (failure) {
      if (!(failure instanceof Unreachable)) throw failure;
      return this.retry(0);
    }
    if (answer.ok) return this.accepted(batch, answer.body);
    if (answer.status === 409 && answer.body.sheet) return this.rebase(answer.body.sheet);
    if (answer.status === 422 && answer.body.fields) return this.refused(batch, answer.body.fields);
    if (answer.status === 401) return this.retry(401);
    this.told.ended(answer);
    return false;
  }

  accepted(batch, answer) {
    this.tries = 0;
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
    for (const [field, why] of Object.entries(fields)) {
      this.bad.set(field, batch.get(field));
      this.told.wrong(field, why);
    }
    return this.unsent.size > 0;
  }

  retry(status) {
    this.told.failed(status);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RETRIES[Math.min(this.tries++, RETRIES.length - 1)]);
    return false;
  }

  // The sheet was changed elsewhere. What this window has not touched follows; what both changed is for the judge.
  rebase(sheet) {
    if (sheet.state === "sealed") {
      this.told.ended({ status: 409, body: {} });
      return false;
    }
    const theirs = held(sheet);
    const both = [];
    const followed = [];
    for (const field of new Set([...this.kept.keys(), ...theirs.keys()])) {
      const [before, now] = [this.kept.get(field) ?? "", theirs.get(field) ?? ""];
      if (same(field, before, now)) continue;
      if (this.typed.has(field) && same(field, this.typed.get(field), now)) this.typed.delete(field);
      else if (this.typed.has(field)) both.push({ field, mine: this.typed.get(field), theirs: now });
      else followed.push({ field, text: now });
    }
    this.version = sheet.version;
    this.kept = theirs;
    this.remember();
    if (followed.length) this.told.updated(followed);
    this.told.caught(sheet, this.settled);
    if (both.length) this.dispute(both);
    return !both.length && this.unsent.size > 0;
  }

  dispute(both) {
    this.disputed = both;
    this.told.conflict(both);
  }

  settle(takeTheirs) {
    const both = this.disputed ?? [];
    this.disputed = null;
    if (takeTheirs) {
      for (const { field } of both) this.typed.delete(field);
      this.told.updated(both.map(({ field, theirs }) => ({ field, text: theirs })), { silent: true });
    }
    this.remember();
    this.later(0);
  }
}
