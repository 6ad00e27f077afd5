// The two acts that ask first: submitting the sheet, and withdrawing from the work.

import { filled, key } from "./sheet-asks.js";

const by = (id) => document.getElementById(id);

export function opener(name, onOpen) {
  const dialog = by(name);
  by(`${name}-open`)?.addEventListener("click", onOpen);
  by(`${name}-cancel`).addEventListener("click", () => dialog.close());
  dialog.addEventListener("submit", (event) => event.preventDefault());
  return dialog;
}

// One act at a time; on a slow line the button says that it is under way.
export async function once(button, words, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const label = button.textContent;
  const slow = setTimeout(() => { button.textContent = words.under_way; }, 400);
  button.setAttribute("aria-disabled", "true");
  try {
    await act();
  } finally {
    clearTimeout(slow);
    button.textContent = label;
    button.removeAttribute("aria-disabled");
  }
}

// Shows the sheet as the server has it, once everything typed is kept; seals exactly that version.
export function submitting(words, ask, saving, film, pointOut, done) {
  let shown = null;
  let click = null;

  async function review() {
    by("submit-wrong").textContent = "";
    pointOut([]);
    film.tick();
    await film.send();
    if (!(await saving.flush())) return pointOut([...saving.bad.keys()]);
    const answer = await ask("GET").catch(() => null);
    if (!answer?.ok) return pointOut([], answer?.body.refused ?? words.failed);
    if (answer.body.missing.length) return pointOut(answer.body.missing.map((name) => `mark:${name}`), filled(words.missing, { count: answer.body.missing.length }));
    [shown, click] = [answer.body, key()];
    by("review").replaceChildren(...shown.criteria.map((criterion) => row(criterion, shown)));
    by("review-total").textContent = `${shown.total} ${shown.out_of}`;
    if (by("review-sum")) by("review-sum").textContent = shown.sum ?? "";
    by("review-remark").textContent = shown.remarks[""] ?? "";
    by("review-watched").textContent = filled(words.watched, { percent: shown.watched_percent });
    dialog.showModal();
    by("submit-now").focus();
  }

  function row(criterion, held) {
    const [line, name, mark] = [document.createElement("tr"), document.createElement("th"), document.createElement("td")];
    name.scope = "row";
    name.textContent = criterion.name;
    const remark = held.remarks[criterion.key];
    if (remark) {
      const said = document.createElement("small");
      said.textContent = remark;
      name.append(document.createElement("br"), said);
    }
    mark.className = "number";
    mark.textContent = `${held.marks[criterion.key]} / ${criterion.maximum}`;
    if (criterion.weight) {
      mark.append(document.createElement("br"), Object.assign(document.createElement("small"), { textContent: filled(words.weight, criterion) }));
    }
    line.append(name, mark);
    return line;
  }

  async function seal() {
    const answer = await ask("POST", "/submit", { version: shown.version, key: click }).catch(() => null);
    if (answer?.ok) return done();
    by("submit-wrong").textContent = answer?.body.refused ?? words.failed;
    if (answer?.status === 409 && answer.body.sheet) {
      dialog.close();
      saving.rebase(answer.body.sheet);
    }
  }

  const reviewed = () => once(by("submit-open"), words, review);
  const dialog = opener("submit", reviewed);
  by("submit-now").addEventListener("click", (event) => once(event.currentTarget, words, seal));
  return reviewed;
}

export function withdrawing(words, ask, done) {
  const dialog = opener("recuse", () => {
    by("recuse-wrong").textContent = "";
    dialog.showModal();
    by("recuse-reason").focus();
  });
  by("recuse-now").addEventListener("click", (event) => once(event.currentTarget, words, async () => {
    const answer = await ask("POST", "/recusal", { reason: by("recuse-reason").value }).catch(() => null);
    if (answer?.ok) return done();
    by("recuse-wrong").textContent = answer?.body.refused ?? words.failed;
    by("recuse-reason").focus();
  }));
}
