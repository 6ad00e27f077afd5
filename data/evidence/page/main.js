// The one script of the page: as the page it starts a worker from its own text, as the worker it checks.
import { startPage } from "./page.js";
import { session } from "./session.js";

if (typeof document === "undefined") {
  const answer = session((message) => postMessage(message), () => Promise.resolve());
  addEventListener("message", ({ data }) => answer(data));
} else startPage(document.currentScript.textContent);
