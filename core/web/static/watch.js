// Clears the page around this frame when its session ends: signed out elsewhere, a role lost, an account closed. On
// load for a signed-in account, deletes what another account typed here.
import { forgetOthers as forgetOtherScreeners } from "./screening-storage.js";
import { forgetOthers } from "./sheet-storage.js";

const { owner } = document.body.dataset;
const SESSION_ENDED = 4401;
const MAX_WAIT_MS = 15000;
const LEAVE_AFTER_S = 1; // Safari on iOS has no beforeunload: time in which a navigation under way can finish there
const NAVIGATION_S = 20; // time given to a navigation whose start was seen
let waitMs = 500;
let leftAt = -Infinity; // seconds: when the page around this frame last began to navigate

// A new password or signing out ends this session while the response that says so is on its way: another navigation
// would cancel that response, and with it the cookie of the new session. The page's own refresh outlives this frame.
function clearPage() {
  const page = window.parent.document;
  const refresh = page.createElement("meta");
  refresh.httpEquiv = "refresh";
  refresh.content = `${Math.max(LEAVE_AFTER_S, Math.ceil(leftAt + NAVIGATION_S - performance.now() / 1000))}; url=/`;
  page.head.append(refresh);
  page.getElementById("root")?.replaceChildren();
}

async function check() {
  try {
    const response = await fetch("/auth/alive", { cache: "no-store", headers: { "x-sheet-owner": owner } });
    if (response.status === 401) return clearPage();
  } catch {
    // the server cannot be reached: the screen stays, and the user can go on typing
  }
  setTimeout(connect, waitMs);
  waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
}

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/auth/watching`);
  socket.onopen = () => { waitMs = 500; };
  socket.onclose = (event) => (event.code === SESSION_ENDED ? clearPage() : check());
}

window.parent.addEventListener("beforeunload", () => { leftAt = performance.now() / 1000; });
if (owner) for (const forget of [forgetOthers, forgetOtherScreeners]) forget(owner);
connect();
