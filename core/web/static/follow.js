// An event stream from the server: a full snapshot first, then changes. Reopens when lost and reports its state.

import { stream } from "./shared-stream.js";

const SILENT_MS = 40_000; // the server sends a beat every 15 s

/** Follow the events at `address`; `handlers` has snapshot(data), change(data) and state("live" | "away" | "lost" | "ended"). */
export function follow(address, handlers) {
  let revision = null; // the revision shown
  let source = null;
  let retryMs = 1000;
  let silenceTimer = null;
  const restartSilenceTimer = () => { // a cut connection may raise no error: a missing beat shows it
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => { handlers.state("lost"); reopen(0); }, SILENT_MS);
  };
  const open = () => {
    source = stream(address);
    restartSilenceTimer();
    for (const name of ["picture", "change", "beat", "away"]) source.addEventListener(name, restartSilenceTimer);
    source.addEventListener("picture", (event) => {
      const snapshot = JSON.parse(event.data);
      revision = snapshot.revision;
      retryMs = 1000;
      handlers.snapshot(snapshot);
      handlers.state("live");
    });
    source.addEventListener("change", (event) => {
      const message = JSON.parse(event.data);
      if (revision !== null && message.revision <= revision) return;
      if (revision === null || message.since !== revision) return reopen(0); // a change was missed: get a full snapshot
      revision = message.revision;
      handlers.change(message);
      handlers.state("live");
    });
    source.addEventListener("beat", () => handlers.state("live"));
    source.addEventListener("away", () => handlers.state("away")); // the stream is open; the server cannot read its database
    source.addEventListener("end", () => {
      source.close();
      clearTimeout(silenceTimer);
      handlers.state("ended");
    });
    source.addEventListener("error", () => {
      handlers.state("lost");
      if (source.readyState === EventSource.CLOSED) reopen(retryMs);
    });
  };
  const reopen = (waitMs) => {
    source.close();
    clearTimeout(silenceTimer);
    retryMs = Math.min(retryMs * 2, 15000);
    setTimeout(open, waitMs + Math.random() * waitMs);
  };
  addEventListener("pagehide", () => { source?.close(); clearTimeout(silenceTimer); });
  addEventListener("pageshow", (event) => event.persisted && open());
  adoptTheme();
  open();
}

const digits = new Intl.NumberFormat(document.documentElement.lang);

/** Fills the {placeholders} of a sentence; numbers are formatted for the page's language. */
export function format(text, facts = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => (typeof facts[name] === "number" ? digits.format(facts[name]) : facts[name] ?? ""));
}

/** Inside a frame, sets the frame's height to the height of the content. */
export function fitFrame() {
  const frame = window.frameElement;
  if (frame) frame.style.height = `${document.documentElement.offsetHeight + 8}px`;
}

/** Inside a frame, takes the light or dark theme of the page around it. */
export function adoptTheme() {
  const frame = window.frameElement;
  if (!frame) return;
  const applyTheme = () => {
    const page = frame.ownerDocument.querySelector(".stApp") ?? frame.ownerDocument.body;
    const [red, green, blue] = frame.ownerDocument.defaultView.getComputedStyle(page).backgroundColor.match(/\d+/g)?.map(Number) ?? [255, 255, 255];
    document.documentElement.dataset.theme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
  };
  applyTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(applyTheme, 300));
}
