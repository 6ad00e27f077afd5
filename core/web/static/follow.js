// An open line to the desk: a whole picture first, then changes; kept open, and honest about being closed.

import { stream } from "./shared-stream.js";

const SILENT_MS = 40_000; // the desk says every fifteen seconds that it is there

/** Follow the events at `address`; `ears` has picture(data), change(data) and state("live" | "away" | "lost" | "ended"). */
export function follow(address, ears) {
  let known = null; // the revision shown
  let line = null;
  let again = 1000;
  let silence = null;
  const heard = () => { // a line that is cut says nothing: the desk's beat is missed instead
    clearTimeout(silence);
    silence = setTimeout(() => { ears.state("lost"); reopen(0); }, SILENT_MS);
  };
  const open = () => {
    line = stream(address);
    heard();
    for (const name of ["picture", "change", "beat", "away"]) line.addEventListener(name, heard);
    line.addEventListener("picture", (event) => {
      const whole = JSON.parse(event.data);
      known = whole.revision;
      again = 1000;
      ears.picture(whole);
      ears.state("live");
    });
    line.addEventListener("change", (event) => {
      const news = JSON.parse(event.data);
      if (known !== null && news.revision <= known) return;
      if (known === null || news.since !== known) return reopen(0); // a gap: never guess, ask for the whole again
      known = news.revision;
      ears.change(news);
      ears.state("live");
    });
    line.addEventListener("beat", () => ears.state("live"));
    line.addEventListener("away", () => ears.state("away")); // the line is open, but the desk cannot read its database
    line.addEventListener("end", () => {
      line.close();
      clearTimeout(silence);
      ears.state("ended");
    });
    line.addEventListener("error", () => {
      ears.state("lost");
      if (line.readyState === EventSource.CLOSED) reopen(again);
    });
  };
  const reopen = (wait) => {
    line.close();
    clearTimeout(silence);
    again = Math.min(again * 2, 15000);
    setTimeout(open, wait + Math.random() * wait);
  };
  addEventListener("pagehide", () => { line?.close(); clearTimeout(silence); });
  addEventListener("pageshow", (event) => event.persisted && open());
  adopt();
  open();
}

const digits = new Intl.NumberFormat(document.documentElement.lang);

/** A sentence with its facts in their places, numbers as the reader writes them. */
export function say(text, facts = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => (typeof facts[name] === "number" ? digits.format(facts[name]) : facts[name] ?? ""));
}

/** Inside a page of the desk, be as high as what is shown. */
export function fit() {
  const frame = window.frameElement;
  if (frame) frame.style.height = `${document.documentElement.offsetHeight + 8}px`;
}

/** Inside a page of the desk, take that page's light or dark. */
export function adopt() {
  const frame = window.frameElement;
  if (!frame) return;
  const look = () => {
    const page = frame.ownerDocument.querySelector(".stApp") ?? frame.ownerDocument.body;
    const [red, green, blue] = frame.ownerDocument.defaultView.getComputedStyle(page).backgroundColor.match(/\d+/g)?.map(Number) ?? [255, 255, 255];
    document.documentElement.dataset.theme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
  };
  look();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(look, 300));
}
