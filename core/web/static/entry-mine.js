// The page behind an author's private link: the receipt, the film, corrections, withdrawing, and the history.
import { mountFilm } from "./entry-film.js";
import { clearFaults, fill, read, send, showFaults, words, write } from "./entry-form.js";
import { historyLine } from "./entry-history.js";

const link = location.hash.slice(1);
const byId = (id) => document.getElementById(id);
let version = 0;
let confirmed = () => {}; // what follows once the author is sure
let film = null; // the hash of the submission's film
let checkTimer = 0;
const CHECK_EVERY_MS = 5000; // between looks at a check that is not done

function say(text, where = "message") {
  byId("done").hidden = true;
  byId(where).textContent = text;
  byId(where).hidden = !text;
}

function draw(view) {
  version = view.version;
  film = view.film?.hash ?? null;
  byId("code").textContent = view.code;
  byId("state").textContent = view.stateName;
  byId("state").dataset.state = view.state;
  byId("title").textContent = view.form.title;
  byId("at").textContent = view.at;
  byId("receipt").textContent = view.receipt;
  byId("film").textContent = view.film ? fill(words.film, view.film) : words.noFilm;
  drawCheck(view.check);
  byId("edit-section").hidden = !view.mayCorrect;
  byId("upload-section").hidden = !view.moves.some(({ key }) => key === "give_film");
  byId("withdraw").hidden = !view.moves.some(({ key }) => key === "withdraw");
  byId("complete-section").hidden = view.state !== "returned";
  byId("closing").textContent = view.until && view.state !== "returned" ? fill(words.changeUntil, view) : ""; // a returned work has its own end
  byId("complete-reason").textContent = view.toComplete;
  byId("complete-until").textContent = view.until ? fill(words.completeUntil, view) : view.moves.length ? "" : words.completeEnded;
  byId("complete-how").hidden = !view.moves.length;
  byId("resubmit").hidden = !view.moves.some(({ key }) => key === "resubmit");
  byId("history").replaceChildren(...view.history.map(historyLine).reverse());
  write(view.form);
  byId("found").hidden = false;
}

/** Shows how far the check of the film is, and what it found; looks again until it has ended. */
function drawCheck(check) {
  clearTimeout(checkTimer);
  byId("check").hidden = !check;
  if (!check) return;
  const ended = check.state === "done" ? (check.good ? "good" : "doubt") : "failed";
  const said = fill(words.check[check.state] ?? words.check[ended], check);
  if (byId("check-said").textContent !== said) byId("check-said").textContent = said;
  byId("check").dataset.said = ended;
  byId("check-lines").replaceChildren(...check.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  if (["waiting", "running"].includes(check.state)) checkTimer = setTimeout(() => lookAtCheck(check), CHECK_EVERY_MS);
}

async function lookAtCheck(check) {
  const now = document.hidden ? { ok: false } : await send("/api/entry/mine", null, link);
  const same = now.ok && now.answer.film?.hash === film;
  drawCheck(same ? now.answer.check : check);
}

/** Sends a change and draws the answer; a refusal is told where `where` says. */
async function change(path, document_, where) {
  clearFaults();
  say("", where);
  const done = await send(path, document_, link);
  if (!done.ok) {
    say(done.refused, where);
    if (done.faults.length) showFaults(done.faults);
    return false;
  }
  draw(done.answer);
  return true;
}

byId("entry").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await change("/api/entry/mine/correct", { version, form: read() }, "form-message")) {
    byId("edit").open = false;
    say(words.saved, "done");
  }
});
byId("resubmit").addEventListener("click", async () => {
  if (await change("/api/entry/mine/resubmit", { version }, "message")) say(words.resubmitted, "done");
});
byId("withdraw").addEventListener("click", () => sure(withdraw));
byId("keep").addEventListener("click", () => byId("sure").close());
byId("really").addEventListener("click", () => {
  byId("sure").close();
  confirmed();
});

async function withdraw() {
  if (await change("/api/entry/mine/withdraw", { version }, "message")) say(words.withdrawn, "done");
}

/** Asks before an act that withdraws the work. */
function sure(act) {
  confirmed = act;
  byId("sure").showModal();
}

async function saveData(form) {
  const done = await send("/api/entry/mine/data", null, link);
  if (!done.ok) return say(done.refused);
  const address = URL.createObjectURL(new Blob([done.answer[form]], { type: form === "html" ? "text/html" : "application/json" }));
  Object.assign(document.createElement("a"), { href: address, download: `${done.answer.code}.${form}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

byId("data-html").addEventListener("click", () => saveData("html"));
byId("data-json").addEventListener("click", () => saveData("json"));
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (byId("ask-kind").value === "withdraw_consent" && !byId("withdraw").hidden) sure(ask);
  else ask();
});

async function ask() {
  if (await change("/api/entry/mine/requests", { kind: byId("ask-kind").value, text: byId("ask-text").value }, "ask-message")) {
    byId("ask").reset();
    byId("ask").closest("details").open = false;
    say(words.asked, "done");
    byId("done").scrollIntoView({ block: "center" });
  }
}

byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    byId("copy").textContent = words.copied;
    setTimeout(() => (byId("copy").textContent = words.copy), 3000);
  } catch {
    prompt(words.copy, location.href);
  }
});

if (link) {
  const done = await send("/api/entry/mine", null, link);
  if (done.ok) {
    draw(done.answer);
    mountFilm({
      link,
      key: `film-of-${done.answer.code}`,
      path: "/api/entry/mine",
      body: (upload) => ({ version, upload }),
      film: () => film,
      say,
      taken: draw,
    });
  } else say(done.refused);
} else {
  say(words.noLink);
}
addEventListener("hashchange", () => location.reload());
