// A shared worker that holds the open lines of one browser: one for each key, however many tabs follow it. On HTTP/1.1 a
// browser opens six connections to a host; with a line in each tab, the seventh tab would wait for ever.
"use strict";

const EVENTS = ["picture", "change", "beat", "away", "end"]; // what the server sends (core/web/board/live.py)
const MOST = 400; // changes stored for tabs that join later; then the whole is asked for anew
const SILENT_MS = 20_000; // older than this, what is stored may be out of date: the server sends a beat every 15 s
const lines = new Map(); // key -> Line

class Line {
  constructor(key, address) {
    this.key = key;
    this.address = address;
    this.ports = new Set();
    this.open();
  }

  open() {
    this.source?.close();
    this.past = []; // the last picture and the changes since
    const source = new EventSource(this.address);
    this.source = source;
    for (const name of EVENTS) source.addEventListener(name, ({ data }) => { if (source === this.source) this.heard(name, data); });
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      const closed = source.readyState === EventSource.CLOSED;
      this.past = [];
      this.tell({ name: "error", closed });
      if (closed) this.end();
    });
  }

  heard(name, data) {
    this.at = Date.now();
    if (name === "picture") this.past = [];
    if (name === "picture" || name === "change") this.past.push({ name, data });
    this.tell({ name, data });
    if (name === "end") this.end();
    else if (this.past.length > MOST) this.open();
  }

  tell(message) {
    for (const port of this.ports) port.postMessage(message);
  }

  // A tab that was cut off, or that finds an old line, has the whole asked for anew; a line that is just opening is new.
  join(port, anew) {
    this.ports.add(port);
    if (this.past.length > 0 && (anew || Date.now() - this.at > SILENT_MS)) this.open();
    for (const message of this.past) port.postMessage(message);
  }

  leave(port) {
    this.ports.delete(port);
    if (this.ports.size === 0) this.end();
  }

  end() {
    this.source.close();
    if (lines.get(this.key) === this) lines.delete(this.key);
  }
}

addEventListener("connect", ({ ports: [port] }) => {
  let line = null;
  const leave = () => { line?.leave(port); line = null; };
  port.addEventListener("message", ({ data: { key, address, anew } }) => {
    if (!key) return leave();
    line = lines.get(key) ?? new Line(key, address);
    lines.set(key, line);
    line.join(port, anew);
  });
  port.addEventListener("close", leave);
  port.start();
});
