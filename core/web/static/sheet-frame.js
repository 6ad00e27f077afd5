// A small page inside a page of Streamlit: it takes the height that is left, hears the keys from the start, and leads away.

const frame = window.frameElement;
let first = () => {};

// What is to be done before a link leaves the page.
export function beforeLeaving(act) {
  first = act;
}

// Streamlit's frame may not navigate its page, so the page's own link does.
export function leave(address) {
  const link = window.parent.document.createElement("a");
  link.href = address;
  window.parent.document.body.append(link);
  link.click();
}

for (const link of document.querySelectorAll("a[target=_top]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    Promise.resolve(first()).finally(() => leave(link.getAttribute("href")));
  });
}

if (frame) {
  const fit = () => { frame.style.height = `${Math.max(480, window.parent.innerHeight - Math.max(0, frame.getBoundingClientRect().top))}px`; };
  fit();
  window.parent.addEventListener("resize", fit);
  addEventListener("pagehide", () => window.parent.removeEventListener("resize", fit));
  if (window.parent.document.activeElement === window.parent.document.body) frame.focus({ preventScroll: true });
}
