// The public form: keeps a draft on this device, sends the form once, and goes on to the page of the private link.
import { addAuthor, clearFaults, read, send, showFaults, words, write } from "./entry-form.js";

const DRAFT = "entry-draft";
const form = document.getElementById("entry");
const message = document.getElementById("message");
const button = document.getElementById("send");

/** 32 random bytes in base64url: made here, so that a form sent twice is one submission. */
function newSecret() {
  const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(DRAFT) ?? "null");
  } catch {
    return null;
  }
}

function keep() {
  try {
    localStorage.setItem(DRAFT, JSON.stringify({ secret, form: { ...read(), terms: [] } }));
  } catch { /* a private window: the form still works, without a draft */ }
}

function say(text) {
  message.textContent = text;
  message.hidden = !text;
}

const draft = stored();
const secret = draft?.secret ?? newSecret();

async function submit(event) {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const label = button.textContent;
  button.textContent = words.sending;
  clearFaults();
  say("");
  const done = await send("/api/entry", { secret, unit_code: form.elements.unit_code?.value ?? "", form: read() });
  button.textContent = label;
  button.removeAttribute("aria-disabled");
  if (!done.ok) {
    say(done.refused);
    if (done.faults.length) showFaults(done.faults);
    return;
  }
  localStorage.removeItem(DRAFT);
  location.assign(`/entry/mine#${secret}`);
}

if (form) {
  if (draft) {
    write(draft.form);
    document.getElementById("draft").textContent = words.draft;
    document.getElementById("draft").hidden = false;
  } else {
    addAuthor();
  }
  form.addEventListener("input", keep);
  form.addEventListener("submit", submit);
}
