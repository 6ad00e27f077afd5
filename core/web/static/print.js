// Printing a page whose content is in frames. A browser prints a frame as one block, cut at the end of the paper. So
// during printing the page holds a copy of each frame's content, which can break between rows.

/** The rules of these style sheets as text, including imported sheets. */
function rules(sheets) {
  return [...sheets].map((sheet) => [...sheet.cssRules].map((rule) => (rule.styleSheet ? rules([rule.styleSheet]) : rule.cssText)).join("\n")).join("\n");
}

const DAYS = { vi: { day: "2-digit", month: "2-digit", year: "numeric" }, en: { day: "numeric", month: "short", year: "numeric" } };

/** What a field says: the name of what was chosen, a date as people write it, a cross for what was ticked. */
function said(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? "✕" : "";
  if (field.tagName === "SELECT") return [...field.selectedOptions].map(({ value, text }) => value && text).join(", ");
  if (field.type !== "date" || !field.value) return field.value;
  const language = field.ownerDocument.documentElement.lang === "en" ? "en" : "vi";
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "vi-VN", { ...DAYS[language], timeZone: "UTC" }).format(field.valueAsDate);
}

/** Replaces the copy of a field by its value as text: copying a field does not copy what was typed or chosen. */
function asText(field, copy) {
  const text = document.createElement(field.tagName === "TEXTAREA" ? "p" : "span");
  const ticked = field.type === "checkbox" || field.type === "radio";
  text.className = field.tagName === "TEXTAREA" ? "user-text" : `${field.className} ${ticked ? "print-tick" : "print-value"}`;
  text.textContent = said(field);
  copy.replaceWith(text);
}

/** Makes a chart as wide as the paper: its SVG layers stay on top of each other and keep their aspect ratio. */
function fitChart(drawing) {
  const [{ width, height }] = [...drawing.querySelectorAll("svg")].map((part) => ({ width: part.getAttribute("width"), height: part.getAttribute("height") }));
  drawing.removeAttribute("style");
  drawing.style.setProperty("--ratio", `${width} / ${height}`);
  for (const part of drawing.querySelectorAll("svg.main-svg")) {
    part.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const name of ["width", "height", "style"]) part.removeAttribute(name);
  }
}

function copyFrame(frame) {
  const { contentDocument: inside, contentWindow: view } = frame;
  view.dispatchEvent(new view.Event("beforeprint")); // the frame prepares itself for printing before it is copied
  const body = document.importNode(inside.body, true);
  const copies = body.querySelectorAll("input, select, textarea");
  inside.body.querySelectorAll("input, select, textarea").forEach((field, place) => asText(field, copies[place]));
  body.querySelectorAll("script, dialog, video").forEach((part) => part.remove());
  body.querySelectorAll(".svg-container").forEach(fitChart);
  const host = document.createElement("div");
  host.className = "print-copy";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules(inside.styleSheets));
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(body);
  frame.after(host);
}

function clear() {
  for (const host of document.querySelectorAll(".print-copy")) {
    const view = host.previousElementSibling?.contentWindow;
    view?.dispatchEvent(new view.Event("afterprint"));
    host.remove();
  }
  document.documentElement.classList.remove("has-print-copies");
}

function prepare() {
  clear();
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.checkVisibility({ visibilityProperty: true }) && frame.contentDocument?.body) copyFrame(frame);
  }
  document.documentElement.classList.add("has-print-copies");
}

// While printing, a browser may switch the print media on and off several times: between beforeprint and afterprint
// these switches are ignored. Without those events (print media emulated on a screen), the switch alone prepares.
let printing = false;
addEventListener("beforeprint", () => { printing = true; prepare(); });
addEventListener("afterprint", () => { printing = false; clear(); });
matchMedia("print").addEventListener("change", ({ matches }) => { if (!printing) (matches ? prepare : clear)(); });
