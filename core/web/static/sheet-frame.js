// For our page inside a Streamlit page: takes the keyboard focus at the start, and lets links leave the frame.

const frame = window.frameElement;
let onLeave = () => {};

// Sets the function to run before a link leaves the page.
export function beforeLeaving(action) {
  onLeave = action;
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
    Promise.resolve(onLeave()).finally(() => leave(link.getAttribute("href")));
  });
}

if (frame && window.parent.document.activeElement === window.parent.document.body) frame.focus({ preventScroll: true });
