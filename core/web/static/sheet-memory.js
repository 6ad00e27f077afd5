// What a tab stores of a sheet: typed text that is not saved yet. Every record carries the key of the account that typed it
// (opaque, from the server); records of any other account are deleted unread.

const PREFIX = "sheet:"; // in sessionStorage: "sheet:<owner>:<name>"
const LEVELS = "levels"; // in localStorage: {owner, open}

/** Deletes from this tab what another account has left; `owner` is the key of the account that is signed in. */
export function forgetOthers(owner) {
  attempt(() => {
    for (const key of Object.keys(sessionStorage)) if (stored(key) && !key.startsWith(`${PREFIX}${owner}:`)) sessionStorage.removeItem(key);
    if (parsed(localStorage.getItem(LEVELS))?.owner !== owner) localStorage.removeItem(LEVELS);
  });
}

const stored = (key) => key.startsWith(PREFIX) || key === "sealed"; // the second is a name of an earlier release

function attempt(act) {
  try {
    return act();
  } catch {
    return null; // a browser without such storage still has the field itself
  }
}

function parsed(text) {
  return attempt(() => JSON.parse(text));
}

/** The storage of one account's sheet in this tab. */
export class Memory {
  constructor(owner, code) {
    this.owner = owner;
    this.typing = `${PREFIX}${owner}:typed:${code}`;
    this.seal = `${PREFIX}${owner}:sealed`;
    this.code = code;
    forgetOthers(owner);
  }

  /** {typed, kept, disputed}: texts by field, the saved texts they were typed over, and the fields in conflict. */
  get typed() {
    return { typed: {}, kept: {}, disputed: [], ...parsed(attempt(() => sessionStorage.getItem(this.typing))) };
  }

  set typed(record) {
    attempt(() => (record ? sessionStorage.setItem(this.typing, JSON.stringify(record)) : sessionStorage.removeItem(this.typing)));
  }

  /** Notes that this sheet has just been sealed; the reloaded page takes the note once. */
  sealed() {
    attempt(() => sessionStorage.setItem(this.seal, this.code));
  }

  takeSealed() {
    const just = attempt(() => sessionStorage.getItem(this.seal)) === this.code;
    attempt(() => sessionStorage.removeItem(this.seal));
    return just;
  }

  /** Whether this account wants the rubric's levels unfolded. */
  get levelsOpen() {
    return parsed(attempt(() => localStorage.getItem(LEVELS)))?.open === true;
  }

  set levelsOpen(open) {
    attempt(() => localStorage.setItem(LEVELS, JSON.stringify({ owner: this.owner, open })));
  }
}
