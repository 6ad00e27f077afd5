// One act of a submission's history: what, when, by whom, why, and which fields changed.
import { words } from "./entry-form.js";

export function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

export function historyLine({ at, act, person, reason, changes }) {
  const line = element("li", "");
  line.append(element("b", act), element("small", `${at} · ${person}`));
  if (reason) line.append(element("p", reason, "reason"));
  for (const { field, before, after } of changes) {
    const change = element("p", `${field}: `, "change");
    change.append(element("del", before || words.empty), " → ", element("ins", after || words.empty));
    line.append(change);
  }
  return line;
}
