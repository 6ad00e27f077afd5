// The screeners' page: the checklist by keyboard, the verdict, and leaving a work to others.
import { changeSource } from "./film-source.js";
import { adoptTheme, fitFrame } from "./follow.js";
import { UnsentForm, forgetOthers } from "./screening-storage.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const DONE = "screening-done"; // what the list tells after a verdict
const KEYS = { d: "yes", k: "no" };
const form = byId("verdict");
const unsent = form && new UnsentForm(document.body.dataset.owner, form.dataset.code, Number(form.dataset.revision));

function say(text, id = "message") {
  byId(id).hidden = false;
  byId(id).textContent = text;
  byId(id).classList.add("refused");
  fitFrame();
}

/** Sends a request; returns whether it was done. A refusal is told, and what was typed stays. */
async function send(address, body, pressed, where) {
  if (pressed.getAttribute("aria-disabled") === "true") return false;
  pressed.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
  try {
    const response = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15000),
    });
    const answer = await response.json();
    if (response.ok) {
      unsent.forget();
      sessionStorage.setItem(DONE, answer.done);
      return true;
    }
    say(answer.refused ?? words.failed, where);
  } catch {
    say(words.failed, where);
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
  return false;
}

function answers() {
  const given = {};
  for (const item of document.querySelectorAll(".item")) {
    const chosen = item.querySelector("input:checked");
    if (chosen) given[item.dataset.item] = chosen.value;
  }
  return given;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const verdict = new FormData(form).get("verdict");
  if (!verdict) return say(words.choose);
  const body = {
    revision: Number(form.dataset.revision),
    verdict,
    points: byId("points")?.value ?? "",
    answers: answers(),
    reason: byId("reason").value,
    names_author: byId("names")?.checked ?? false,
  };
  const address = `/api/screening/${encodeURIComponent(form.dataset.code)}/verdict`;
  if (await send(address, body, form.querySelector("button"), "message")) location.assign("/board/screening");
});

byId("recusal")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = `/api/screening/${encodeURIComponent(form.dataset.code)}/recusal`;
  const done = await send(address, { reason: byId("why").value }, event.target.querySelector("button"), "recusal-message");
  if (done) location.assign("/board/screening");
});

if (document.querySelector(".progress") && sessionStorage.getItem(DONE)) {
  if (byId("message").hidden) byId("message").textContent = sessionStorage.getItem(DONE);
  byId("message").hidden = false;
  sessionStorage.removeItem(DONE);
}

const items = [...document.querySelectorAll(".item")];
for (const [number, item] of items.entries()) {
  item.addEventListener("keydown", (event) => {
    const answer = KEYS[event.key.toLowerCase()];
    if (!answer || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    item.querySelector(`[value=${answer}]`).checked = true;
    unsent.keep();
    (items[number + 1]?.querySelector("input") ?? document.querySelector("[name=verdict]")).focus();
  });
}

forgetOthers(document.body.dataset.owner);
if (unsent) {
  byId("restored").hidden = !unsent.restore();
  if (byId("why").value) byId("why").closest("details").open = true;
  for (const id of ["verdict", "recusal"]) byId(id).addEventListener("input", () => unsent.keep());
}

byId("light")?.addEventListener("change", ({ target }) => {
  const film = byId("film");
  changeSource(film, `${film.src.split("?")[0]}${target.checked ? "?copy=light" : ""}`);
});
byId("film")?.addEventListener("error", () => byId("message") && say(words.noFilm));
byId("film")?.addEventListener("loadedmetadata", fitFrame);
for (const part of document.querySelectorAll("details")) part.addEventListener("toggle", fitFrame);
addEventListener("resize", fitFrame);
document.fonts.ready.then(fitFrame);
adoptTheme();
fitFrame();
