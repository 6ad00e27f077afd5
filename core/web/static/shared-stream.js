// An EventSource that the tabs of a browser share (stream-worker.js); where there are no shared workers, one of this tab's own.

const WORKER = new URL("stream-worker.js", import.meta.url);
const OPENS_MS = 8000; // a line that brings nothing in this time is told as one that is lost
const joined = new Set(); // the keys this page has followed before: what it missed since is asked for anew

class SharedStream extends EventTarget {
  constructor(key, address) {
    super();
    this.readyState = EventSource.CONNECTING;
    this.port = new SharedWorker(WORKER).port;
    this.port.addEventListener("message", ({ data }) => this.heard(data));
    this.port.start();
    this.port.postMessage({ key, address, anew: joined.has(key) });
    joined.add(key);
    this.late = setTimeout(() => this.dispatchEvent(new Event("error")), OPENS_MS);
  }

  heard({ name, data, closed = false }) {
    if (this.readyState === EventSource.CLOSED) return;
    clearTimeout(this.late);
    this.readyState = closed ? EventSource.CLOSED : name === "error" ? EventSource.CONNECTING : EventSource.OPEN;
    this.dispatchEvent(name === "error" ? new Event("error") : new MessageEvent(name, { data }));
  }

  close() {
    this.readyState = EventSource.CLOSED;
    clearTimeout(this.late);
    this.port.postMessage({});
  }
}

/** Follows the events at `address`. A line is shared by the pages of one account in one language, and by no others. */
export function stream(address) {
  const key = [document.body.dataset.owner ?? "", document.documentElement.lang, address].join("|");
  return "SharedWorker" in window ? new SharedStream(key, address) : new EventSource(address);
}
