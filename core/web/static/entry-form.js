// The form of a submission: fills it, reads it, and shows each fault under its field.

export const words = JSON.parse(document.getElementById("words").textContent);
export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
const TEXTS = ["title", "form", "summary", "category", "unit", "group", "email", "guardian", "published_on", "published_where", "guardian_phone"];
const form = document.getElementById("entry");
const authors = document.getElementById("authors");

function authorBlocks() {
  return [...authors.querySelectorAll(".author")];
}

/** Numbers the authors' blocks, and gives each field the path by which faults name it. */
function number() {
  authorBlocks().forEach((block, at) => {
    block.querySelector("legend").textContent = at ? fill(words.author, { number: at + 1 }) : words.first;
    const remove = block.querySelector(".remove");
    remove.hidden = !at;
    remove.textContent = fill(words.remove, { number: at + 1 });
    for (const input of block.querySelectorAll("input")) input.closest(".field").dataset.field = `authors.${at}.${input.name}`;
  });
}

export function addAuthor(author = {}) {
  const block = document.getElementById("author").content.cloneNode(true).firstElementChild;
  for (const input of block.querySelectorAll("input")) input.value = author[input.name] ?? "";
  block.querySelector(".remove").addEventListener("click", () => {
    const before = block.previousElementSibling;
    block.remove();
    number();
    before?.querySelector("input").focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  authors.append(block);
  number();
  return block;
}

/** What stands in the form, as the server takes it. */
export function read() {
  const value = Object.fromEntries(TEXTS.map((name) => [name, form.elements[name].value]));
  value.link = form.querySelector("[name=link]:checked")?.value ?? "";
  value.authors = authorBlocks().map((block) => Object.fromEntries([...block.querySelectorAll("input")].map((input) => [input.name, input.value])));
  value.terms = [...form.querySelectorAll("[name=term]:checked")].map((box) => [box.value, Number(box.dataset.version)]);
  return value;
}

export function write(value) {
  for (const name of TEXTS) {
    const field = form.elements[name];
    field.value = value[name] ?? "";
    if (field.value !== (value[name] ?? "") && field.tagName === "SELECT") { // a choice that is no longer offered
      field.add(new Option(value[name]));
      field.value = value[name];
    }
    const folded = field.closest("details:not(#edit)");
    if (folded && field.value) folded.open = true;
  }
  for (const radio of form.querySelectorAll("[name=link]")) radio.checked = radio.value === value.link;
  authors.replaceChildren();
  for (const author of value.authors?.length ? value.authors : [{}]) addAuthor(author);
  const agreed = new Map(value.terms ?? []);
  for (const box of form.querySelectorAll("[name=term]")) box.checked = agreed.get(box.value) === Number(box.dataset.version);
}

export function clearFaults() {
  for (const each of form.querySelectorAll(".fault")) each.remove();
  for (const each of form.querySelectorAll("[aria-invalid]")) {
    each.removeAttribute("aria-invalid");
    if (each.dataset.hint) each.setAttribute("aria-describedby", each.dataset.hint);
    else each.removeAttribute("aria-describedby");
  }
}

/** Shows each fault under its field, and takes the reader to the first one. */
export function showFaults(faults) {
  clearFaults();
  for (const { field, what } of [...faults].reverse()) {
    const place = form.querySelector(`[data-field="${CSS.escape(field)}"]`) ?? document.getElementById("authors");
    const said = document.createElement("small");
    said.className = "fault";
    said.id = `fault-${field}`;
    said.textContent = what;
    place.append(said);
    const input = place.querySelector("input, select, textarea");
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-describedby", [input.dataset.hint, said.id].filter(Boolean).join(" "));
    const folded = place.closest("details");
    if (folded) folded.open = true;
  }
  const first = form.querySelector("[aria-invalid]");
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "center" });
}

document.getElementById("add-author")?.addEventListener("click", () => {
  addAuthor().querySelector("input").focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
});

let pressed = null; // the button whose press is handled now
for (const kind of ["click", "submit"]) {
  addEventListener(kind, (event) => {
    const button = event.submitter ?? event.target.closest?.("button");
    if (button?.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    pressed = button;
    setTimeout(() => { pressed = null; });
  }, true);
}

/** Runs a request; the pressed button takes no second press until it has ended. */
async function once(request) {
  const button = pressed;
  button?.setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
  try {
    return await request();
  } finally {
    button?.removeAttribute("aria-disabled");
  }
}

/** Sends JSON. `ok` with the answer, else the refusal's text and faults; without an answer the text of `words.failed`. */
export function send(path, document_, link = "", patienceMs = 30000) {
  return document_ ? once(() => request(path, document_, link, patienceMs)) : request(path, null, link, patienceMs);
}

async function request(path, document_, link, patienceMs) {
  const headers = { ...(document_ ? { "content-type": "application/json" } : {}), ...(link ? { "x-entry-link": link } : {}) };
  let response;
  try {
    response = await fetch(path, { method: document_ ? "POST" : "GET", headers, body: document_ && JSON.stringify(document_), cache: "no-store", signal: AbortSignal.timeout(patienceMs) });
    const answer = await response.json();
    return response.ok ? { ok: true, answer, status: response.status } : { ok: false, refused: answer.refused ?? words.failed, faults: answer.faults ?? [], film: answer.film, waits: answer.waits, preview: answer.preview, status: response.status };
  } catch {
    return { ok: false, refused: words.failed, faults: [], status: response?.status ?? 0 };
  }
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    document.cookie = `lang=${button.dataset.language}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
}
