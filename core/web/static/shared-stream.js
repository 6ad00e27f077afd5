// An EventSource shared by the tabs of a browser (stream-worker.js). Without shared workers, each tab opens its own.

const WORKER = new URL("stream-worker.js", import.meta.url);
const OPEN_TIMEOUT_MS = 8000; // a stream that brings no event in this time is reported as an error
const followedKeys = new Set(); // keys this page followed before: it may have missed changes, so it needs a new snapshot

class SharedStream extends EventTarget {
  constructor(key, address) {
    super();
    this.readyState = EventSource.CONNECTING;
    this.port = new SharedWorker(WORKER).port;
    this.port.addEventListener("message", ({ data }) => this.receive(data));
    this.port.start();
    this.port.postMessage({ key, address, reopen: followedKeys.has(key) });
    followedKeys.add(key);
    this.openTimer = setTimeout(() => this.dispatchEvent(new Event("error")), OPEN_TIMEOUT_MS);
  }

  receive({ name, data, closed = false }) {
    if (this.readyState === EventSource.CLOSED) return;
    clearTimeout(this.openTimer);
    this.readyState = closed ? EventSource.CLOSED : name === "error" ? EventSource.CONNECTING : EventSource.OPEN;
    this.dispatchEvent(name === "error" ? new Event("error") : new MessageEvent(name, { data }));
  }

  close() {
    this.readyState = EventSource.CLOSED;
    clearTimeout(this.openTimer);
    this.port.postMessage({});
  }
}

/** Follows the events at `address`. Only pages of the same account and language share a stream. */
export function stream(address) {
  const key = [document.body.dataset.owner ?? "", document.documentElement.lang, address].join("|");
  return "SharedWorker" in window ? new SharedStream(key, address) : new EventSource(address);
}
