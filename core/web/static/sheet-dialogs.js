// The two actions that need confirmation: submitting the sheet, and withdrawing from the work.

import { fill, randomKey } from "./sheet-requests.js";

const byId = (id) => document.getElementById(id);

export function setUpDialog(name, onOpen) {
  const dialog = byId(name);
  byId(`${name}-open`)?.addEventListener("click", onOpen);
  byId(`${name}-cancel`).addEventListener("click", () => dialog.close());
  dialog.addEventListener("submit", (event) => event.preventDefault());
  return dialog;
}

// Runs one action at a time; after 400 ms the button's label says that it is under way.
export async function runOnce(button, words, action) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const label = button.textContent;
  const slow = setTimeout(() => { button.textContent = words.under_way; }, 400);
  button.setAttribute("aria-disabled", "true");
  try {
    await action();
  } finally {
    clearTimeout(slow);
    button.textContent = label;
    button.removeAttribute("aria-disabled");
  }
}

// Saves everything typed, shows the sheet as the server has it, and seals exactly that version.
export function setUpSubmission(words, request, saving, film, showErrors, onDone) {
  let reviewed = null; // the sheet as the dialog shows it
  let submissionKey = null;

  async function review() {
    byId("submit-error").textContent = "";
    showErrors([]);
    film.tick();
    await film.send();
    if (!(await saving.flush())) return showErrors([...saving.rejected.keys()]);
    const response = await request("GET").catch(() => null);
    if (!response?.ok) return showErrors([], response?.body.refused ?? words.failed);
    if (response.body.missing.length) return showErrors(response.body.missing.map((name) => `mark:${name}`), fill(words.missing, { count: response.body.missing.length }));
    [reviewed, submissionKey] = [response.body, randomKey()];
    byId("review").replaceChildren(...reviewed.criteria.map((criterion) => row(criterion, reviewed)));
    byId("review-total").textContent = `${reviewed.total} ${reviewed.out_of}`;
    if (byId("review-sum")) byId("review-sum").textContent = reviewed.sum ?? "";
    byId("review-remark").textContent = reviewed.remarks[""] ?? "";
    byId("review-watched").textContent = fill(words.watched, { percent: reviewed.watched_percent });
    dialog.showModal();
    byId("submit-now").focus();
  }

  function row(criterion, sheet) {
    const [line, name, mark] = [document.createElement("tr"), document.createElement("th"), document.createElement("td")];
    name.scope = "row";
    name.textContent = criterion.name;
    const remark = sheet.remarks[criterion.key];
    if (remark) {
      const remarkText = document.createElement("small");
      remarkText.textContent = remark;
      name.append(document.createElement("br"), remarkText);
    }
    mark.className = "number";
    mark.textContent = `${sheet.marks[criterion.key]} / ${criterion.maximum}`;
    if (criterion.weight) {
      mark.append(document.createElement("br"), Object.assign(document.createElement("small"), { textContent: fill(words.weight, criterion) }));
    }
    line.append(name, mark);
    return line;
  }

  async function seal() {
    const response = await request("POST", "/submit", { version: reviewed.version, key: submissionKey }).catch(() => null);
    if (response?.ok) return onDone();
    byId("submit-error").textContent = response?.body.refused ?? words.failed;
    if (response?.status === 409 && response.body.sheet) {
      dialog.close();
      saving.rebase(response.body.sheet);
    }
  }

  const openReview = () => runOnce(byId("submit-open"), words, review);
  const dialog = setUpDialog("submit", openReview);
  byId("submit-now").addEventListener("click", (event) => runOnce(event.currentTarget, words, seal));
  return openReview;
}

export function setUpWithdrawal(words, request, onDone) {
  const dialog = setUpDialog("recuse", () => {
    byId("recuse-error").textContent = "";
    dialog.showModal();
    byId("recuse-reason").focus();
  });
  byId("recuse-now").addEventListener("click", (event) => runOnce(event.currentTarget, words, async () => {
    const response = await request("POST", "/recusal", { reason: byId("recuse-reason").value }).catch(() => null);
    if (response?.ok) return onDone();
    byId("recuse-error").textContent = response?.body.refused ?? words.failed;
    byId("recuse-reason").focus();
  }));
}
