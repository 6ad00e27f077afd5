// How the sheet talks to the server: one JSON question, one answer; a refusal is an answer too.

export class Unreachable extends Error {}

/** Asks about one sheet; `owner` is the key of the account this page was made for: the server refuses any other's session. */
export function asks(code, owner) {
  const base = `/api/sheet/${encodeURIComponent(code)}`;
  return async function ask(method, path = "", document = undefined, { leaving = false } = {}) {
    let response;
    try {
      response = await fetch(base + path, {
        method,
        credentials: "same-origin",
        cache: "no-store",
        keepalive: leaving,
        headers: { "x-sheet-owner": owner, ...(document === undefined ? {} : { "content-type": "application/json" }) },
        body: document === undefined ? undefined : JSON.stringify(document),
        signal: leaving ? undefined : AbortSignal.timeout(15000),
      });
    } catch {
      throw new Unreachable();
    }
    if (response.status >= 500 || response.status === 429) throw new Unreachable(); // both pass: it is sent again
    const type = response.headers.get("content-type") ?? "";
    let body = {};
    try {
      if (type.startsWith("application/json")) body = await response.json();
    } catch {
      throw new Unreachable();
    }
    return { status: response.status, ok: response.ok, body };
  };
}

export function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function filled(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

export function at(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
