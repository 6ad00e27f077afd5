// Requests about authors' data: the list with due times, one entered from paper, and the answers.
import { adoptTheme, fitFrame } from "./follow.js";
import { send, words } from "./entry-form.js";
import { element } from "./entry-history.js";

const byId = (id) => document.getElementById(id);

function say(text, id = "message") {
  for (const each of ["message", "done"]) byId(each).hidden = true;
  byId(id).textContent = text;
  byId(id).hidden = !text;
  fitFrame();
}

function draw({ requests }) {
  document.querySelector("#rows tbody").replaceChildren(...requests.map(row));
  byId("rows").hidden = !requests.length;
  byId("empty").textContent = words.none;
  byId("empty").hidden = Boolean(requests.length);
  fitFrame();
}

function row(each) {
  const made = element("tr");
  const asked = element("td", each.kind);
  asked.append(element("small", each.byAuthor ? words.byAuthor : words.onPaper), element("small", each.text));
  const about = element("td", each.code);
  about.append(element("small", each.title), element("small", each.authors));
  const due = element("td", each.due);
  if (each.overdue) due.append(element("b", ` ${words.overdue}`, "bad"));
  made.append(element("td", String(each.number)), asked, about, labelled(element("td", each.received), words.received), labelled(due, words.due), answer(each));
  return made;
}

function labelled(cell, label) {
  cell.dataset.label = label;
  return cell;
}

function answer({ number, answer: text, closed }) {
  const made = element("td");
  if (closed) {
    made.append(element("span", text), element("small", closed));
    return made;
  }
  const form = element("form");
  const label = element("label", words.open);
  const input = element("input");
  Object.assign(input, { autocomplete: "off", maxLength: 1000 });
  label.append(input);
  const button = element("button", words.answer);
  form.noValidate = true;
  form.append(label, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(`/api/person-requests/${number}/close`, { answer: input.value }, words.closed, button);
  });
  made.append(form);
  return made;
}

async function change(path, document_, told, button) {
  button.disabled = true;
  const done = await send(path, document_);
  button.disabled = false;
  if (!done.ok) {
    say(done.refused);
    return false;
  }
  draw(done.answer);
  say(told, "done");
  return true;
}

byId("paper").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { code, kind, text, received } = event.target.elements;
  const asked = { code: code.value, kind: kind.value, text: text.value, received: received.value };
  if (await change("/api/person-requests", asked, words.done, event.target.querySelector("button"))) {
    event.target.reset();
    event.target.closest("details").open = false;
    fitFrame();
  }
});
document.querySelector("details").addEventListener("toggle", fitFrame);
adoptTheme();
const first = await send("/api/person-requests");
if (first.ok) draw(first.answer);
else say(first.refused);
