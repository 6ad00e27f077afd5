// A submission's film: the upload control, and what follows a complete upload. An upload whose answer was lost is kept in
// mind on this device and offered again, so that no film is sent twice.
import { send, words } from "./entry-form.js";
import { mountUpload } from "./upload.js";

const byId = (id) => document.getElementById(id);
const RETRIES_MS = [2000, 5000, 10000, 20000];
const FINAL = [404, 410, 422]; // the upload is gone, or the film breaks a rule: nothing to try again
const CHECK_MS = 600_000; // the server looks at a film of 2 GB within it

/**
 * Runs the control in #upload for one submission. `page` has `key` to remember a complete upload by, `link` (or ""), `path` of
 * the submission, body(id, pastRules) of the request that gives the film, film(view) which a view has, or which is shown now, say(text, id),
 * taken(view), and perhaps `done`: the sentence for a film that was taken.
 */
export function mountFilm(page) {
  let root = byId("upload");
  const remember = (id) => {
    try {
      if (id) localStorage.setItem(page.key, id);
      else localStorage.removeItem(page.key);
    } catch { /* a private window: a film whose answer is lost is sent again */ }
  };
  const remembered = () => {
    try {
      return localStorage.getItem(page.key);
    } catch {
      return null;
    }
  };

  async function give(id, { retries = RETRIES_MS, pastRules = false } = {}) {
    remember(id);
    faults([]);
    page.say("", "message");
    page.say(words.checkingFilm, "done");
    const before = page.film();
    const given = await send(`${page.path}/film`, page.body(id, pastRules), page.link, CHECK_MS);
    const done = given.ok ? given : await looked(given, before);
    const temporary = [0, 429].includes(done.status) || done.status >= 500;
    if (temporary && retries.length) return setTimeout(() => give(id, { retries: retries.slice(1), pastRules }), retries[0]);
    page.say("", "done");
    if (!done.ok && !FINAL.includes(done.status)) return again(id, done, pastRules);
    remember(null);
    if (done.ok) {
      page.taken(done.answer);
      page.say(page.done ?? words.filmTaken, "done");
    } else {
      page.say(done.refused, "message");
      faults(done.film ?? []);
    }
    return fresh();
  }

  /** Looks at the submission after a refusal: if the first answer was lost, it has its new film by now. */
  async function looked(refusal, before) {
    const now = await send(page.path, null, page.link);
    if (now.ok) page.taken(now.answer);
    return now.ok && page.film(now.answer) && page.film(now.answer) !== before ? now : refusal;
  }

  /** The film is whole on the server and was not given: once more, after a reason or a change, or another file. */
  function again(id, { refused, film, waits }, pastRules) {
    page.say(refused, "message");
    faults(film ?? []);
    const button = (text, className, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
      made.addEventListener("click", act);
      return made;
    };
    const drop = () => {
      remember(null);
      page.say("", "message");
      fresh();
    };
    const go = waits || pastRules
      ? button(words.filmPastRules, "primary", () => give(id, { pastRules: true }))
      : button(words.filmAgain, "primary", () => give(id));
    replaced().append(go, button(words.upload.drop, "plain", drop));
  }

  function faults(lines) {
    if (!root.isConnected) return; // the page shows another submission by now
    byId("film-faults").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    byId("film-faults").hidden = !lines.length;
  }

  /** An empty #upload: each upload has a control of its own. One that the page has taken away stays away. */
  function replaced() {
    const made = Object.assign(document.createElement("div"), { id: "upload" });
    root.replaceWith(made);
    if (made.isConnected) root = made;
    return made;
  }

  function fresh() {
    const made = replaced();
    made.addEventListener("upload:done", ({ detail }) => give(detail.id));
    mountUpload(made, words.upload, { headers: page.link ? { "x-entry-link": page.link } : {} });
  }

  root = replaced(); // what another submission was using goes
  if (remembered()) give(remembered(), { retries: [] });
  else fresh();
}
