// Films that are alike: sends the decision about a pair, and asks for all films to be compared again.
import { adoptTheme, fitFrame } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);

function say(text, refused) {
  byId("message").hidden = false;
  byId("message").textContent = text;
  byId("message").classList.toggle("refused", refused);
  fitFrame();
}

/** Sends a request; returns whether it was done, and says what the server answered. */
async function send(address, body, pressed) {
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
    say(answer.done ?? answer.refused ?? words.failed, !response.ok);
    return response.ok;
  } catch {
    say(words.failed, true);
    return false;
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
}

/** What stands in place of a still whose file is not there, as after a restored backup. */
function noStill() {
  const made = document.createElement("span");
  made.className = "no-still";
  made.textContent = words.noStill;
  return made;
}

byId("compare")?.addEventListener("click", () => send("/api/twins/comparisons", {}, byId("compare")));
byId("decision")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const verdict = new FormData(form).get("verdict");
  if (!verdict) return say(words.choose, true);
  const body = { verdict, reason: byId("reason").value, seen: Number(form.dataset.seen) };
  if (await send(`/api/twins/${form.dataset.pair}/decision`, body, form.querySelector("button"))) location.reload();
});
for (const image of document.images) {
  const missing = () => { image.replaceWith(noStill()); fitFrame(); };
  image.addEventListener("load", fitFrame);
  image.addEventListener("error", missing);
  if (image.complete && image.naturalWidth === 0) missing(); // the error was over before this script ran
}
addEventListener("resize", fitFrame);
document.fonts.ready.then(fitFrame);
adoptTheme();
fitFrame();
