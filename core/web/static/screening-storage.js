// What this device keeps of a screener's form until it is sent: {revision, fields}, under the work's code and the key of the
// account that typed it (opaque, from the server). Records of any other account, or of an earlier revision, are deleted unread.

const PREFIX = "screening:"; // in localStorage: "screening:<owner>:<code>"
const FIELDS = "#verdict :is(input, textarea), #recusal input";

function attempt(action) {
  try {
    return action();
  } catch {
    return null; // a browser without such storage still has the fields themselves
  }
}

const isChosen = (field) => field.type === "radio" || field.type === "checkbox";
const nameOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.id);

/** Deletes from this device what another account has left; `owner` is the key of the account that is signed in. */
export function forgetOthers(owner) {
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${owner}:`)) localStorage.removeItem(key);
  });
}

/** The unsent fields of one work's form, for one account on this device. */
export class UnsentForm {
  constructor(owner, code, revision) {
    this.key = `${PREFIX}${owner}:${code}`;
    this.revision = revision;
  }

  get fields() {
    return [...document.querySelectorAll(FIELDS)];
  }

  /** Stores what stands in the form; an empty form leaves nothing. */
  keep() {
    const typed = {};
    for (const field of this.fields) {
      if (isChosen(field) ? field.checked : field.value) typed[nameOf(field)] = isChosen(field) || field.value;
    }
    if (!Object.keys(typed).length) return this.forget();
    return attempt(() => localStorage.setItem(this.key, JSON.stringify({ revision: this.revision, fields: typed })));
  }

  /** Fills the form with what was kept; returns whether there was anything about this revision. */
  restore() {
    const record = attempt(() => JSON.parse(localStorage.getItem(this.key)));
    if (record?.revision !== this.revision) {
      this.forget();
      return false;
    }
    for (const field of this.fields) {
      const value = record.fields[nameOf(field)];
      if (isChosen(field)) field.checked = value === true;
      else field.value = value ?? "";
    }
    return true;
  }

  forget() {
    attempt(() => localStorage.removeItem(this.key));
  }
}
