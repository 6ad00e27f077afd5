// The sheet's requests to the server, in JSON. A refusal is returned as a response; only a failure to reach it throws.

export class Unreachable extends Error {}

/** Sends requests about one sheet. `owner`: key of the page's account; the server refuses another account's session. */
export function requester(code, owner) {
  const base = `/api/sheet/${encodeURIComponent(code)}`;
  return async function request(method, path = "", document = undefined, { leaving = false } = {}) {
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
    if (response.status >= 500 || response.status === 429) throw new Unreachable(); // temporary: sent again
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

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
