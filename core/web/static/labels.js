// Streamlit's own buttons and widgets have English labels; this script translates them into the reader's language.
// It looks only at Streamlit's own elements and replaces only known texts, never text that people wrote.
"use strict";

const words = JSON.parse(document.currentScript.dataset.words);
const ATTRIBUTES = ["aria-label", "title", "placeholder", "aria-valuetext"];
const WITH_ATTRIBUTES = ATTRIBUTES.map((name) => `[${name}]`).join();
const USER_CONTENT = '[data-testid="stHtml"], [role="option"]'; // their attributes hold text that people wrote
const TEXT_PLACES = [ // where Streamlit writes its own text
  '[data-testid="stSkipToContent"]', '[data-testid="InputInstructions"]', '[data-testid="stToastViewButton"]',
  '[data-key="__select_all__"]', '[data-key="__select_matches__"]', '[role="option"]:not([data-key])', // an entry of a list that cannot be chosen
  '[data-testid="stNumberInputContainer"] [role="alert"]', '[data-testid="stDateInputField"] [role="alert"]', '[data-testid="stTooltipErrorContent"]',
  '[data-testid="stDateInputCalendar"]', '[role="log"]', '[id^="react-aria-description"]', '[data-testid="stStatusWidget"]',
].join();

const PLACEHOLDERS = { count: "\\d+", number: "\\d+", day: "\\d+", year: "\\d+", month: "[A-Z][a-z]+" }; // placeholders; others match any text
const STREAMLIT_WORDS = new Set(["act", "month"]); // placeholders filled with Streamlit's own words, translated too
const patterns = Object.entries(words).filter(([english]) => english.includes("{")).map(([english, translation]) => {
  const parts = english.split(/\{(\w+)\}/).map((part, place) => (place % 2 ? `(?<${part}>${PLACEHOLDERS[part] ?? ".+?"})` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return [new RegExp(`^${parts.join("")}$`), translation];
});

function translate(text) {
  if (Object.hasOwn(words, text)) return words[text];
  for (const [pattern, translation] of patterns) {
    const found = pattern.exec(text);
    if (found) return translation.replace(/\{(\w+)\}/g, (_, name) => (STREAMLIT_WORDS.has(name) && translate(found.groups[name])) || found.groups[name]);
  }
  return undefined;
}

// "Error: …" is followed by a sentence; "day, Ngày đọc số liệu" is part of a date field, then the field's name.
function translateParts(text) {
  const whole = translate(text);
  if (whole !== undefined) return whole;
  const [, error, rest] = /^(Error)?: (.+)$/s.exec(text) ?? [];
  if (rest && translate(rest)) return `${error ? words.Error : ""}: ${translate(rest)}`;
  const [first, ...others] = text.split(", ");
  return others.length && Object.hasOwn(words, first) ? [words[first], ...others].join(", ") : text;
}

const written = new WeakMap(); // node -> translation written into it, which is not translated again
function writeTranslation(node, text, write) {
  if (text === "" || written.get(node) === text || translateParts(text) === text) return;
  written.set(node, translateParts(text));
  write(translateParts(text));
}

function translateAttributes(element) {
  if (element.closest(USER_CONTENT)) return;
  for (const name of ATTRIBUTES) {
    const node = element.getAttributeNode(name);
    if (node) writeTranslation(node, node.value, (text) => { node.value = text; });
  }
}

function translateText(node) {
  writeTranslation(node, node.data.trim(), (text) => { node.data = text; });
}

function translateTexts(place) {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translateText(texts.currentNode);
}

function translateNode(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.parentElement?.closest(TEXT_PLACES)) translateText(node);
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    translateAttributes(node);
    node.querySelectorAll(WITH_ATTRIBUTES).forEach(translateAttributes);
    if (node.closest(TEXT_PLACES)) translateTexts(node);
    else node.querySelectorAll(TEXT_PLACES).forEach(translateTexts);
  }
}

new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") translateAttributes(target);
    else if (type === "characterData") translateNode(target);
    else addedNodes.forEach(translateNode);
  }
}).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
