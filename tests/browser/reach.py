"""What a user can reach on a page: by scrolling and clicking, by the Tab key alone, and without
horizontal scrolling.
"""

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.person import still

SIZES = (  # docs/design.md, Accessibility
    (360, 740),  # a phone
    (740, 360),  # a phone in landscape
    (820, 1180),  # a tablet
    (911, 417),  # a laptop of 1366×768 at 150 % zoom
    (1366, 768),
    (1920, 1080),
)
NARROW = (
    (360, 400),  # a phone with its on-screen keyboard open
    (640, 360),  # a small phone on its side
    (683, 384),  # a laptop of 1366×768 at 200 % zoom
    (320, 256),  # 1280×1024 at 400 % zoom (WCAG 2.2, 1.4.10)
)
RESIZED_MS = 250  # milliseconds until handlers that wait for the end of a resize have started

REACH = """() => {
  const ACTS = "a[href], button, input, select, textarea, summary, video[controls], [tabindex], [role=button], [role=tab], [role=radio], [role=option], [role=checkbox], output";
  const shown = (part) => part.checkVisibility({visibilityProperty: true, opacityProperty: true}) && part.getClientRects().length > 0;
  const name = (part) => `${part.tagName.toLowerCase()}${part.id ? "#" + part.id : ""} “${(part.getAttribute("aria-label") || part.innerText || part.value || part.title || "").trim().slice(0, 40)}”`;
  const focusable = (part) => part.tabIndex >= 0 && !part.disabled;

  /* What a person may act on, or has to read, in a document; under an open dialog nothing else. */
  const acts = (doc) => {
    const modal = [...doc.querySelectorAll("dialog[open], [role=dialog]")].filter(shown).at(-1);
    return [...(modal ?? doc).querySelectorAll(ACTS)].filter((part) => shown(part) && !part.matches("iframe, main, [role=region]")
      && (part.tagName === "OUTPUT" || focusable(part)) && !part.closest("[inert], [aria-hidden=true]") && getComputedStyle(part).pointerEvents !== "none");
  };

  /* As a person scrolls: what hides its overflow stays where it is. */
  const brought = (part, frames) => {
    part.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
    for (const start of [part, ...frames]) for (let box = start.parentElement; box; box = box.parentElement) {
      const root = box === box.ownerDocument.documentElement, style = getComputedStyle(box);
      for (const [axis, side] of [["overflowY", "scrollTop"], ["overflowX", "scrollLeft"]])
        if (box[side] !== 0 && (/hidden|clip/.test(style[axis]) || !root && style[axis] === "visible")) box[side] = 0;
    }
  };

  /* Why the point (x, y) of a document in these frames does not lie open to the eye; "" where it does. */
  const covered = (doc, frames, x, y, mine) => {
    const found = doc.elementFromPoint(x, y);
    let [fx, fy] = [x, y];
    for (const frame of [...frames].reverse()) {
      if (fx < 0 || fy < 0 || fx > frame.contentWindow.innerWidth || fy > frame.contentWindow.innerHeight) return "outside its frame";
      const box = frame.getBoundingClientRect();
      [fx, fy] = [fx + box.left + frame.clientLeft, fy + box.top + frame.clientTop];
      const over = frame.ownerDocument.elementFromPoint(fx, fy);
      if (over !== frame) return over ? `its frame is covered by ${name(over)}` : "its frame lies outside the window";
    }
    if (fx < 0 || fy < 0 || fx > innerWidth || fy > innerHeight) return "outside the window";
    return mine(found) ? "" : `covered by ${found ? name(found) : "nothing"}`;
  };

  const whole = (part) => (found) => found && (part.contains(found) || [...part.labels ?? []].some((label) => label.contains(found))
    || found.contains(part) && found.closest("label, button, a, [role], [data-testid^=st]") !== null && !found.matches("main, section"));

  const walk = (doc, frames, see) => {
    see(doc, frames);
    if (doc.querySelector("dialog[open]")) return;
    for (const frame of doc.querySelectorAll("iframe")) if (shown(frame) && frame.contentDocument?.body) walk(frame.contentDocument, [...frames, frame], see);
  };

  const unreachable = () => {
    const wrong = [];
    walk(document, [], (doc, frames) => {
      for (const part of acts(doc)) {
        brought(part, frames);
        const small = part.getBoundingClientRect().width < 6;
        const target = small ? part.closest("label") ?? part : part;
        const at = [...target.getClientRects()].find((each) => each.width > 1 && each.height > 1);
        const why = at ? covered(doc, frames, at.left + at.width / 2, at.top + Math.min(at.height, 80) / 2, whole(target)) : "";
        if (why) wrong.push(`${name(part)}: ${why}`);
      }
    });
    return wrong;
  };

  const sideways = () => {
    const wrong = [];
    walk(document, [], (doc) => {
      const parts = [doc.documentElement, ...doc.querySelectorAll("[data-testid=stMain], [data-testid=stSidebarContent], dialog[open], [role=dialog]")];
      for (const part of parts.filter(shown)) {
        const room = part === doc.documentElement ? doc.defaultView.innerWidth : part.clientWidth;
        if (part.scrollWidth > room + 1) wrong.push(`${name(part)} ${part.dataset.testid ?? ""} is ${part.scrollWidth} px wide in ${room}`);
      }
    });
    return wrong;
  };

  /* What has the focus, and whether any of it can be seen. */
  const focused = () => {
    let [doc, frames] = [document, []];
    while (doc.activeElement?.tagName === "IFRAME" && doc.activeElement.contentDocument?.activeElement !== doc.activeElement.contentDocument?.body) {
      frames = [...frames, doc.activeElement];
      doc = doc.activeElement.contentDocument;
    }
    const part = doc.activeElement;
    if (!part || part === doc.body) return null;
    window.seen ??= new Map();
    if (!window.seen.has(part)) window.seen.set(part, window.seen.size);
    const box = part.getBoundingClientRect();
    const points = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].map(([h, v]) => [box.left + box.width * h, box.top + box.height * v]);
    const hidden = box.width > 3 && points.every(([x, y]) => covered(doc, frames, x, y, whole(part)));
    return {number: window.seen.get(part), name: name(part), hidden: hidden ? covered(doc, frames, ...points[0], whole(part)) : ""};
  };

  /* How many parts the Tab key has to come to. */
  const stops = () => {
    const found = [];
    const group = (part) => part.closest("[data-testid=stButtonGroup], [role=radiogroup]"); // its parts are come to by the arrow keys
    walk(document, [], (doc) => {
      const parts = acts(doc).filter((part) => part.tagName !== "OUTPUT");
      for (const part of parts) if (!group(part) || group(part).querySelector("[aria-checked=true]") === part) found.push(name(part));
    });
    return found;
  };
  return {unreachable, sideways, focused, stops};
}"""


def unreachable(page: Page) -> list[str]:
    """The elements that cannot be scrolled into view and clicked at their centre, and those wider than the window."""
    found: list[str] = page.evaluate(
        f"() => {{ const of = ({REACH})(); return [...of.unreachable(), ...of.sideways()]; }}"
    )
    return found


def at_sizes(page: Page, sizes: Iterable[tuple[int, int]] = (*SIZES, *NARROW)) -> list[str]:
    """The same check at each window size, without reloading the page."""
    wrong = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(RESIZED_MS)
        still(page)
        wrong += [f"{width}×{height}: {line}" for line in unreachable(page)]
    return wrong


def hidden_from_the_tab_key(page: Page, most: int = 200) -> list[str]:
    """Go through the page with the Tab key alone. Returns the elements focused but not visible, and those never
    focused.
    """
    page.evaluate("() => { window.seen = undefined; document.activeElement?.blur?.(); window.scrollTo(0, 0); }")
    wrong: list[str] = []
    names: set[str] = set()
    first: int | None = None
    for press in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(f"() => ({REACH})().focused()")
        if at is None:
            if names:
                break
            continue
        if at["number"] == first and len(names) > 1 and at["name"] in names and press > len(names):
            break
        first = at["number"] if first is None else first
        names.add(at["name"])
        if at["hidden"]:
            wrong.append(f"{at['name']}: {at['hidden']}")
    stops: list[str] = page.evaluate(f"() => ({REACH})().stops()")
    return wrong + [f"{name}: the Tab key does not come there" for name in stops if name not in names]
