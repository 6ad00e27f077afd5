// What a tab stores of a sheet: typed text that is not saved yet. Every record carries the key of the account that typed it
// (opaque, from the server); records of any other account are deleted unread.

const PREFIX = "sheet:"; // in sessionStorage: "sheet:<owner>:<name>"
const LEVELS = "levels"; // in localStorage: {owner, open}
const FILM_COPY = "film-copy"; // in localStorage: "light", if this device plays light copies, whoever is signed in

/** Deletes from this tab what another account has left; `owner` is the key of the account that is signed in. */
export function forgetOthers(owner) {
  attempt(() => {
    for (const key of Object.keys(sessionStorage)) if (isSheetKey(key) && !key.startsWith(`${PREFIX}${owner}:`)) sessionStorage.removeItem(key);
    if (parse(localStorage.getItem(LEVELS))?.owner !== owner) localStorage.removeItem(LEVELS);
  });
}

const isSheetKey = (key) => key.startsWith(PREFIX) || key === "sealed"; // an earlier release used the name "sealed"

function attempt(action) {
  try {
    return action();
  } catch {
    return null; // a browser without such storage still has the field itself
  }
}

function parse(text) {
  return attempt(() => JSON.parse(text));
}

/** Which copy of films this device plays: "full" or "light". */
export function filmCopy() {
  return attempt(() => localStorage.getItem(FILM_COPY)) === "light" ? "light" : "full";
}

export function rememberFilmCopy(copy) {
  attempt(() => (copy === "light" ? localStorage.setItem(FILM_COPY, copy) : localStorage.removeItem(FILM_COPY)));
}

/** The storage of one account's sheet in this tab. */
export class SheetStorage {
  constructor(owner, code) {
    this.owner = owner;
    this.typedKey = `${PREFIX}${owner}:typed:${code}`;
    this.sealedKey = `${PREFIX}${owner}:sealed`;
    this.code = code;
    forgetOthers(owner);
  }

  /** {typed, kept, disputed}: texts by field, the saved texts they were typed over, and the fields in conflict. */
  get typed() {
    return { typed: {}, kept: {}, disputed: [], ...parse(attempt(() => sessionStorage.getItem(this.typedKey))) };
  }

  set typed(record) {
    attempt(() => (record ? sessionStorage.setItem(this.typedKey, JSON.stringify(record)) : sessionStorage.removeItem(this.typedKey)));
  }

  /** Notes that this sheet has just been sealed; the reloaded page takes the note once. */
  rememberSealed() {
    attempt(() => sessionStorage.setItem(this.sealedKey, this.code));
  }

  takeSealed() {
    const wasSealed = attempt(() => sessionStorage.getItem(this.sealedKey)) === this.code;
    attempt(() => sessionStorage.removeItem(this.sealedKey));
    return wasSealed;
  }

  /** Whether this account wants the rubric's levels unfolded. */
  get levelsOpen() {
    return parse(attempt(() => localStorage.getItem(LEVELS)))?.open === true;
  }

  set levelsOpen(open) {
    attempt(() => localStorage.setItem(LEVELS, JSON.stringify({ owner: this.owner, open })));
  }
}
