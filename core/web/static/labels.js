// Streamlit names its own buttons and speaks in its own widgets in English; here they are said in the reader's language.
// Only its own places are looked at, and only its own words replaced: never what people have written.
"use strict";

const words = JSON.parse(document.currentScript.dataset.words);
const NAMES = ["aria-label", "title", "placeholder", "aria-valuetext"];
const NAMED = NAMES.map((name) => `[${name}]`).join();
const PEOPLES = '[data-testid="stHtml"], [role="option"]'; // whose attributes are people's
const TEXTS = [ // where Streamlit writes a text of its own
  '[data-testid="stSkipToContent"]', '[data-testid="InputInstructions"]', '[data-testid="stToastViewButton"]',
  '[data-key="__select_all__"]', '[data-key="__select_matches__"]', '[role="option"]:not([data-key])', // in a list, what is no option that can be chosen
  '[data-testid="stNumberInputContainer"] [role="alert"]', '[data-testid="stDateInputField"] [role="alert"]', '[data-testid="stTooltipErrorContent"]',
  '[data-testid="stDateInputCalendar"]', '[role="log"]', '[id^="react-aria-description"]', '[data-testid="stStatusWidget"]',
].join();

const KINDS = { count: "\\d+", number: "\\d+", day: "\\d+", year: "\\d+", month: "[A-Z][a-z]+" }; // what may be filled in; else anything
const STREAMLITS = new Set(["act", "month"]); // words of Streamlit's own that are filled in
const patterns = Object.entries(words).filter(([english]) => english.includes("{")).map(([english, said]) => {
  const parts = english.split(/\{(\w+)\}/).map((part, place) => (place % 2 ? `(?<${part}>${KINDS[part] ?? ".+?"})` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return [new RegExp(`^${parts.join("")}$`), said];
});

function known(text) {
  if (Object.hasOwn(words, text)) return words[text];
  for (const [pattern, said] of patterns) {
    const found = pattern.exec(text);
    if (found) return said.replace(/\{(\w+)\}/g, (_, name) => (STREAMLITS.has(name) && known(found.groups[name])) || found.groups[name]);
  }
  return undefined;
}

// "Error: …" carries a sentence; "day, Ngày đọc số liệu" is a part of a field and the field's own name.
function spoken(text) {
  const whole = known(text);
  if (whole !== undefined) return whole;
  const [, error, rest] = /^(Error)?: (.+)$/s.exec(text) ?? [];
  if (rest && known(rest)) return `${error ? words.Error : ""}: ${known(rest)}`;
  const [first, ...others] = text.split(", ");
  return others.length && Object.hasOwn(words, first) ? [words[first], ...others].join(", ") : text;
}

const said = new WeakMap(); // what was put into an attribute or a text: it is not looked at as Streamlit's again
function say(node, text, put) {
  if (text === "" || said.get(node) === text || spoken(text) === text) return;
  said.set(node, spoken(text));
  put(spoken(text));
}

function sayName(element) {
  if (element.closest(PEOPLES)) return;
  for (const name of NAMES) {
    const node = element.getAttributeNode(name);
    if (node) say(node, node.value, (text) => { node.value = text; });
  }
}

function sayText(node) {
  say(node, node.data.trim(), (text) => { node.data = text; });
}

function sayTexts(place) {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) sayText(texts.currentNode);
}

function sayAll(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.parentElement?.closest(TEXTS)) sayText(node);
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    sayName(node);
    node.querySelectorAll(NAMED).forEach(sayName);
    if (node.closest(TEXTS)) sayTexts(node);
    else node.querySelectorAll(TEXTS).forEach(sayTexts);
  }
}

new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") sayName(target);
    else if (type === "characterData") sayAll(target);
    else addedNodes.forEach(sayAll);
  }
}).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
