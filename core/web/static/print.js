// Printing a page whose content stands in frames. A browser prints a frame as one picture, cut where the paper ends; so while
// the page is being printed, a copy of each frame's content stands in the page itself and breaks between its rows.

/** The rules of these style sheets as text, with the sheets they import. */
function rules(sheets) {
  return [...sheets].map((sheet) => [...sheet.cssRules].map((rule) => (rule.styleSheet ? rules([rule.styleSheet]) : rule.cssText)).join("\n")).join("\n");
}

/** What was typed into a field, as text: a copy of a field does not carry it. */
function asText(field, copy) {
  const text = document.createElement(field.tagName === "TEXTAREA" ? "p" : "span");
  text.className = field.tagName === "TEXTAREA" ? "said" : field.className;
  text.textContent = field.value;
  copy.replaceWith(text);
}

/** A drawing as wide as the paper: its parts lie on one another and keep their proportion. */
function fitted(drawing) {
  const [{ width, height }] = [...drawing.querySelectorAll("svg")].map((part) => ({ width: part.getAttribute("width"), height: part.getAttribute("height") }));
  drawing.removeAttribute("style");
  drawing.style.setProperty("--ratio", `${width} / ${height}`);
  for (const part of drawing.querySelectorAll("svg.main-svg")) {
    part.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const name of ["width", "height", "style"]) part.removeAttribute(name);
  }
}

function copied(frame) {
  const { contentDocument: inside, contentWindow: view } = frame;
  view.dispatchEvent(new view.Event("beforeprint")); // what a frame does for paper is done before it is copied
  const body = document.importNode(inside.body, true);
  const copies = body.querySelectorAll("input, textarea");
  inside.body.querySelectorAll("input, textarea").forEach((field, place) => asText(field, copies[place]));
  body.querySelectorAll("script, dialog, video").forEach((part) => part.remove());
  body.querySelectorAll(".svg-container").forEach(fitted);
  const host = document.createElement("div");
  host.className = "printed";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules(inside.styleSheets));
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(body);
  frame.after(host);
}

function clear() {
  for (const host of document.querySelectorAll(".printed")) {
    const view = host.previousElementSibling?.contentWindow;
    view?.dispatchEvent(new view.Event("afterprint"));
    host.remove();
  }
  document.documentElement.classList.remove("copied");
}

function prepare() {
  clear();
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.checkVisibility({ visibilityProperty: true }) && frame.contentDocument?.body) copied(frame);
  }
  document.documentElement.classList.add("copied");
}

// While a browser prints, it may switch to the paper's media and back more than once: between its own two events nothing is
// made anew. The media alone switches where a page is only looked at as it would be printed.
let printing = false;
addEventListener("beforeprint", () => { printing = true; prepare(); });
addEventListener("afterprint", () => { printing = false; clear(); });
matchMedia("print").addEventListener("change", ({ matches }) => { if (!printing) (matches ? prepare : clear)(); });
