// A table of submissions: the file's preview, row by row, and the taking of its good rows.
import { adoptTheme, fitFrame } from "./follow.js";
import { fill, send, words } from "./entry-form.js";
import { element } from "./entry-history.js";

const byId = (id) => document.getElementById(id);
const PATIENCE_MS = 180_000;
let file = null; // {name, file in base64}
let shown = null; // the preview
let chosen = new Set(); // numbers of the differing rows to take
let taken = new Map(); // number -> row that was taken

function say(text, id = "message") {
  byId(id).textContent = text;
  byId(id).hidden = !text;
  fitFrame();
}

async function base64(blob) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
  return address.slice(address.indexOf(",") + 1);
}

function busy(text) {
  for (const control of document.querySelectorAll("#file, #send")) control.disabled = Boolean(text);
  if (text) say("");
  say(text, "done");
}

async function look() {
  const picked = byId("file").files[0];
  if (!picked) return;
  for (const id of ["preview", "result"]) byId(id).hidden = true;
  busy(words.reading);
  try {
    file = { name: picked.name, file: await base64(picked) };
  } catch {
    busy("");
    return say(words.failed);
  }
  const done = await send("/api/submission-table/preview", file, "", PATIENCE_MS);
  busy("");
  if (done.ok) draw(done.answer);
  else say(done.refused);
}

function draw(preview) {
  shown = preview;
  chosen = new Set();
  taken = new Map();
  const { counts, name, rows, late } = preview;
  byId("summary").textContent = rows.length ? fill(words.summary, { ...counts, name }) : words.empty;
  const faults = [...preview.faults.map(faultText), ...(preview.unread.length ? [fill(words.unread, { columns: preview.unread.join(", ") })] : [])];
  byId("table-faults").replaceChildren(...faults.map((text) => element("li", text)));
  byId("table-faults").hidden = !faults.length;
  byId("take").hidden = !counts.new && !counts.differs;
  byId("all-field").hidden = !counts.differs;
  byId("all").checked = false;
  byId("late-field").hidden = !late || !counts.new;
  byId("preview").hidden = false;
  byId("outcome").value = "";
  drawRows();
  count();
  byId("summary").focus();
}

function drawRows() {
  const wanted = byId("outcome").value;
  byId("result").hidden = !shown.rows.length;
  document.querySelector("#rows tbody").replaceChildren(...shown.rows.filter((each) => !wanted || each.outcome === wanted).map(row));
  fitFrame();
}

function row(each) {
  const made = element("tr");
  const work = element("td", each.title || words.blank);
  if (each.authors) work.append(element("small", each.authors));
  const done = taken.get(each.number);
  const left = shown.done && each.outcome === "differs" ? words.notChosen : each.outcomeName;
  const outcome = element("td", done ? fill(done.outcome === "new" ? words.takenRow : words.correctedRow, done) : left, "state-name");
  outcome.dataset.outcome = done ? "taken" : each.outcome;
  const number = element("td", String(each.number), "number");
  number.dataset.label = words.line;
  made.append(number, work, outcome, details(each));
  return made;
}

function details(each) {
  const made = element("td");
  const lines = [...each.faults.map((fault) => element("li", faultText(fault), fault.warning ? "" : "bad")), ...each.notices.map((notice) => element("li", notice))];
  for (const { field, before, after } of each.changes) {
    const line = element("li", `${field}: `);
    line.append(element("del", before || words.blank), " → ", element("ins", after || words.blank));
    lines.push(line);
  }
  if (lines.length) {
    const list = element("ul");
    list.append(...lines);
    made.append(list);
  }
  if (each.outcome === "differs" && !shown.done) made.append(choice(each));
  else if (each.code && each.outcome !== "differs") made.append(element("small", each.code));
  return made;
}

function choice({ number, code }) {
  const made = element("label", "", "check");
  const box = element("input");
  Object.assign(box, { type: "checkbox", checked: chosen.has(number) });
  box.addEventListener("change", () => {
    chosen[box.checked ? "add" : "delete"](number);
    count();
  });
  made.append(box, fill(words.correct, { code }));
  return made;
}

function faultText({ address, column, what, suggestion }) {
  const said = address ? fill(column ? words.cell : words.row, { address, column, what }) : what;
  return suggestion ? `${said} ${fill(words.suggestion, { suggestion })}` : said;
}

/** Says on the button what it does, and asks for a reason where a stored submission is corrected. */
function count() {
  byId("reason-field").hidden = !chosen.size;
  byId("all").checked = chosen.size > 0 && chosen.size === shown.counts.differs;
  byId("send").textContent = fill(chosen.size ? (shown.counts.new ? words.take : words.takeCorrections) : words.takeNew, { new: shown.counts.new, correct: chosen.size });
  byId("send").disabled = !shown.counts.new && !chosen.size;
  fitFrame();
}

async function take(event) {
  event.preventDefault();
  busy(words.taking);
  const asked = { ...file, seen: shown.seen, correct: [...chosen], reason: byId("reason").value, late_reason: byId("late").value };
  const done = await send("/api/submission-table/take", asked, "", PATIENCE_MS);
  busy("");
  if (!done.ok) {
    if (done.preview) draw(done.preview);
    return say(done.refused);
  }
  taken = new Map(done.answer.taken.map((each) => [each.number, each]));
  shown.done = true;
  byId("preview").hidden = true;
  const added = done.answer.taken.filter(({ outcome }) => outcome === "new").length;
  say(fill(words.taken, { new: added, correct: taken.size - added, left: done.answer.left.length }), "done");
  byId("outcome").value = "";
  drawRows();
  byId("file").value = "";
  scrollTo(0, 0);
}

byId("file").addEventListener("change", look);
byId("take").addEventListener("submit", take);
byId("outcome").addEventListener("change", drawRows);
byId("all").addEventListener("change", () => {
  chosen = new Set(byId("all").checked ? shown.rows.filter(({ outcome }) => outcome === "differs").map(({ number }) => number) : []);
  drawRows();
  count();
});
adoptTheme();
fitFrame();
