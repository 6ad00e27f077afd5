// Clears the page around this frame when its session ends: signed out elsewhere, a role lost, an account closed. On
// load for a signed-in account, deletes what another account typed in this tab.
import { forgetOthers } from "./sheet-storage.js";

const { owner } = document.body.dataset;
const SESSION_ENDED = 4401;
const MAX_WAIT_MS = 15000;
let waitMs = 500;

function clearPage() {
  const page = window.parent.document;
  page.getElementById("root")?.replaceChildren();
  const link = page.createElement("a");
  link.href = "/";
  link.target = "_top";
  page.body.append(link);
  link.click();
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

if (owner) forgetOthers(owner);
connect();
