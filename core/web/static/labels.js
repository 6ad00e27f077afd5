// Streamlit names its own buttons in English; here a screen reader says them in the reader's language.
"use strict";

const words = JSON.parse(document.currentScript.dataset.words);
const NAMES = ["aria-label", "title", "placeholder"];
const NAMED = NAMES.map((name) => `[${name}]`).join();

// "day, Ngày đọc số liệu" is a part of a field and the field's own name
function spoken(name) {
  const [first, ...rest] = name.split(", ");
  return Object.hasOwn(words, first) ? [words[first], ...rest].join(", ") : name;
}

function say(element) {
  for (const name of NAMES) {
    const said = element.getAttribute(name) ?? "";
    if (spoken(said) !== said) element.setAttribute(name, spoken(said));
  }
}

function sayAll(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  say(node);
  node.querySelectorAll(NAMED).forEach(say);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") say(change.target);
    else change.addedNodes.forEach(sayAll);
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: NAMES });
