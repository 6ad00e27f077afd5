"""What a page lets a person reach: by scrolling and clicking, by the Tab key alone, and without a sideways scroll."""

from playwright.sync_api import Page

SIZES = (
    (360, 740),
    (740, 360),
    (820, 1180),
    (911, 417),
    (1366, 768),
    (1920, 1080),
)  # STYLE §5: phone upright and on its side, tablet, laptop at 150 % zoom, laptop, desktop
NARROW = (
    (360, 400),
    (640, 360),
    (683, 384),
    (320, 256),
)  # keyboard out; a small phone on its side; 200 % zoom; reflow at 400 % zoom of 1280×1024 (WCAG 1.4.10)

UNREACHABLE = """() => {
  const ACTS = "a[href], button, input, select, textarea, summary, video[controls], [tabindex], [role=button], [role=tab], [role=radio], [role=option], [role=checkbox], output";
  const wrong = [];
  const name = (part) => `${part.tagName.toLowerCase()}${part.id ? "#" + part.id : ""} "${(part.getAttribute("aria-label") || part.innerText || part.value || part.title || "").trim().slice(0, 40)}"`;
  const shown = (part) => part.checkVisibility({visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true}) && part.getClientRects().length > 0;
  const acts = (doc) => {
    const modal = [...doc.querySelectorAll("dialog[open], [role=dialog][aria-modal=true], [data-testid=stDialog]")].filter(shown).at(-1);
    return [...(modal ?? doc).querySelectorAll(ACTS)].filter((part) =>
      shown(part) && (part.tabIndex >= 0 || part.tagName === "OUTPUT") && !part.disabled && !part.closest("[inert], [aria-hidden=true]") && getComputedStyle(part).pointerEvents !== "none");
  };
  const brought = (part, frames) => { // as a person scrolls: what hides its overflow stays where it is
    part.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
    for (const start of [part, ...frames]) for (let box = start.parentElement; box; box = box.parentElement) {
      const root = box === box.ownerDocument.documentElement;
      for (const [axis, side] of [["overflowY", "scrollTop"], ["overflowX", "scrollLeft"]])
        if (box[side] !== 0 && (/hidden|clip/.test(getComputedStyle(box)[axis]) || !root && getComputedStyle(box)[axis] === "visible")) box[side] = 0;
    }
  };
  const look = (doc, frames) => {
    for (const part of acts(doc)) {
      if (part.tagName === "IFRAME") continue;
      brought(part, frames);
      const target = part.tagName === "INPUT" && part.getBoundingClientRect().width < 6 ? part.closest("label") ?? part : part;
      const at = [...target.getClientRects()].find((each) => each.width > 1 && each.height > 1);
      if (!at) continue;
      const [x, y] = [at.left + at.width / 2, at.top + at.height / 2];
      let [fx, fy, out] = [x, y, ""];
      for (const frame of [...frames].reverse()) {
        const view = frame.contentWindow;
        if (fx < 0 || fy < 0 || fx > view.innerWidth || fy > view.innerHeight) out = "outside its frame";
        const box = frame.getBoundingClientRect();
        [fx, fy] = [fx + box.left + frame.clientLeft, fy + box.top + frame.clientTop];
        const over = frame.ownerDocument.elementFromPoint(fx, fy);
        if (!out && over !== frame) out = over ? `frame covered by ${name(over)}` : "frame outside the window";
      }
      if (!out && (fx < 0 || fy < 0 || fx > innerWidth || fy > innerHeight)) out = "outside the window";
      const found = doc.elementFromPoint(x, y);
      const label = part.labels?.[0];
      if (!out && !(found && (part.contains(found) || found.contains(part) && found !== doc.body && found.closest("label, button, a, [role], [data-baseweb]") !== null
          || target.contains(found) || label?.contains(found) || found.contains(target) && found.matches("label")))) out = found ? `covered by ${name(found)} .${found.className}` : "outside";
      if (out) wrong.push(`${name(part)} at ${Math.round(x)},${Math.round(y)}: ${out}`);
    }
    for (const frame of doc.querySelectorAll("iframe")) {
      if (shown(frame) && frame.contentDocument && !doc.querySelector("dialog[open]")) look(frame.contentDocument, [...frames, frame]);
    }
  };
  look(document, []);
  return wrong;
}"""

SIDEWAYS = """() => {
  const wrong = [];
  const look = (doc) => {
    const view = doc.defaultView;
    for (const part of [doc.documentElement, ...doc.querySelectorAll("[data-testid=stMain], [data-testid=stSidebarContent], dialog[open], [role=dialog]")])
      if (part.checkVisibility({visibilityProperty: true}) && part.scrollWidth > Math.max(part.clientWidth, part === doc.documentElement ? view.innerWidth : 0) + 1)
        wrong.push(`${part.tagName} ${part.dataset.testid ?? ""} ${part.scrollWidth} > ${part.clientWidth}`);
    for (const frame of doc.querySelectorAll("iframe")) if (frame.checkVisibility({visibilityProperty: true}) && frame.contentDocument) look(frame.contentDocument);
  };
  look(document);
  return wrong;
}"""


def unreachable(page: Page) -> list[str]:
    """What cannot be scrolled into view and clicked at its middle, and what is wider than the window."""
    return [*page.evaluate(UNREACHABLE), *page.evaluate(SIDEWAYS)]
