// A small page inside a page of Streamlit: it hears the keys from the start, and leads away.

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

if (frame && window.parent.document.activeElement === window.parent.document.body) frame.focus({ preventScroll: true });
