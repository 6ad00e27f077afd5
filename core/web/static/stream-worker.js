// A shared worker that holds the event streams of one browser: one for each key, however many tabs follow it. On
// HTTP/1.1 a browser opens six connections to a host; with a stream in each tab, the seventh tab would wait for ever.
"use strict";

const EVENTS = ["picture", "change", "beat", "away", "end"]; // what the server sends (core/web/board/live.py)
const MAX_EVENTS = 400; // most events stored for tabs that join later; above this the stream is reopened for a new snapshot
const SILENT_MS = 20_000; // after this time without an event, stored events may be out of date; beats come every 15 s
const streams = new Map(); // key -> Stream

class Stream {
  constructor(key, address) {
    this.key = key;
    this.address = address;
    this.ports = new Set();
    this.open();
  }

  open() {
    this.source?.close();
    this.events = []; // the last "picture" event (snapshot) and the changes since
    const source = new EventSource(this.address);
    this.source = source;
    for (const name of EVENTS) source.addEventListener(name, ({ data }) => { if (source === this.source) this.receive(name, data); });
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      const closed = source.readyState === EventSource.CLOSED;
      this.events = [];
      this.broadcast({ name: "error", closed });
      if (closed) this.end();
    });
  }

  receive(name, data) {
    this.lastEventAt = Date.now();
    if (name === "picture") this.events = [];
    if (name === "picture" || name === "change") this.events.push({ name, data });
    this.broadcast({ name, data });
    if (name === "end") this.end();
    else if (this.events.length > MAX_EVENTS) this.open();
  }

  broadcast(message) {
    for (const port of this.ports) port.postMessage(message);
  }

  // Reopens the stream for a new snapshot if the tab was cut off or the stream is silent too long; not if just opening.
  join(port, reopen) {
    this.ports.add(port);
    if (this.events.length > 0 && (reopen || Date.now() - this.lastEventAt > SILENT_MS)) this.open();
    for (const message of this.events) port.postMessage(message);
  }

  leave(port) {
    this.ports.delete(port);
    if (this.ports.size === 0) this.end();
  }

  end() {
    this.source.close();
    if (streams.get(this.key) === this) streams.delete(this.key);
  }
}

addEventListener("connect", ({ ports: [port] }) => {
  let stream = null;
  const leave = () => { stream?.leave(port); stream = null; };
  port.addEventListener("message", ({ data: { key, address, reopen } }) => {
    if (!key) return leave();
    stream = streams.get(key) ?? new Stream(key, address);
    streams.set(key, stream);
    stream.join(port, reopen);
  });
  port.addEventListener("close", leave);
  port.start();
});
