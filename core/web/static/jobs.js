// The list of background jobs: follows their states and progress, cancels one, tries one again, requests film checks.
import { fitFrame, follow, format } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const body = document.querySelector("#jobs tbody");
let head = {};
let order = [];
let rows = {};

/** An element with text; `parts` are appended as children. */
function element(name, text = "", parts = []) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...parts);
  return made;
}

function cell(className, ...parts) {
  const made = element("td", "", parts);
  made.className = className;
  return made;
}

const LINES = 3; // of a report that are shown at once

/** Text whose codes, such as "CĐS24-010", are not broken at the end of a line. */
function withCodes(name, text) {
  const parts = text.split(/([\p{L}\p{N}]+(?:-\p{N}+)+)/u).map((part, place) => (place % 2 ? element("span", part) : part));
  const made = element(name, "", parts.filter(Boolean));
  for (const code of made.children) code.className = "code";
  return made;
}

/** The lines of a report, of which the first `asks` want an act; of a good one the first, and the others on request. */
function report(lines, good, asks) {
  if (lines.length < 2) return withCodes(asks ? "b" : "span", lines[0] ?? "");
  const items = lines.map((line) => withCodes("li", line));
  for (const item of items.slice(0, asks)) item.className = "asks";
  if (!good || items.length <= LINES) return element("ul", "", items);
  const rest = element("details", "", [element("summary", format(words.more, { count: items.length - 1 })), element("ul", "", items.slice(1))]);
  rest.addEventListener("toggle", fitFrame);
  return element("div", "", [...items[0].childNodes, rest]);
}

function state({ stateName, living, progress, attempts, ended, state: key }) {
  const parts = [element("b", stateName)];
  if (key === "running") {
    parts.push(` ${Math.floor(progress / 10)} %`);
    const bar = element("progress");
    Object.assign(bar, { max: 1000, value: progress });
    bar.setAttribute("aria-label", stateName);
    parts.push(bar);
  }
  if (attempts > 1) parts.push(element("small", format(words.attempts, { attempts })));
  if (!living && ended) parts.push(element("small", ended));
  return parts;
}

function button(id, job) {
  const act = job.living ? "cancel" : "retry";
  const made = element("button", words[act]);
  made.type = "button";
  if (job.cancelling) made.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
  made.setAttribute("aria-label", format(words.about, { act: words[act], title: job.title, subject: job.subject }));
  made.addEventListener("click", () => send(`/api/jobs/${id}/${act}`, made));
  return made;
}

function line(id, job) {
  const made = element("tr", "", [
    cell("job", element("span", job.title), element("small", job.subject)),
    cell("state-name", ...state(job)),
    cell("report", report(job.report, job.good, job.asks)),
    cell("act", button(id, job)),
  ]);
  Object.assign(made.dataset, { id, state: job.state, good: job.good });
  return made;
}

/** Draws the rows that are new or changed, and puts all in order; the focused button keeps its focus. */
function draw(changed) {
  const focused = document.activeElement?.closest?.("tr")?.dataset.id;
  const drawn = new Map([...body.children].map((each) => [each.dataset.id, each]));
  body.replaceChildren(...order.map((id) => (changed.has(id) || !drawn.has(id) ? line(id, rows[id]) : drawn.get(id))));
  if (focused) body.querySelector(`tr[data-id="${focused}"] button`)?.focus({ preventScroll: true });
  const counts = [head.living ? format(words.living, head) : words.still, ...(head.bad ? [format(words.bad, head)] : [])];
  byId("living").textContent = counts.join(" · ");
  byId("jobs").hidden = !order.length;
  byId("empty").hidden = Boolean(order.length);
  byId("empty").textContent = words.empty;
  fitFrame();
}

function say(text, refused) {
  byId("message").hidden = false;
  byId("message").textContent = text;
  byId("message").classList.toggle("refused", refused);
  fitFrame();
}

async function send(address, pressed) {
  if (pressed.getAttribute("aria-disabled") === "true") return;
  pressed.setAttribute("aria-disabled", "true");
  try {
    const response = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(15000),
    });
    const answer = await response.json();
    say(answer.done ?? answer.refused ?? words.failed, !response.ok);
  } catch {
    say(words.failed, true);
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
}

byId("check").addEventListener("click", () => send("/api/jobs/film-checks", byId("check")));
byId("copies").addEventListener("click", () => send("/api/jobs/film-copies", byId("copies")));
addEventListener("resize", fitFrame);

follow("/live/jobs", {
  snapshot: (message) => {
    ({ head, order, rows } = message);
    draw(new Set(order));
  },
  change: (message) => {
    head = message.head ?? head;
    order = message.order ?? order;
    for (const [id, fields] of Object.entries(message.rows ?? {})) rows[id] = { ...rows[id], ...fields };
    draw(new Set(Object.keys(message.rows ?? {})));
  },
  state: (state) => {
    byId("state").dataset.state = state;
    byId("state").lastElementChild.textContent = words.states[state];
  },
});
