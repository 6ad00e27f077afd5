// Clears the page this stands in when its session ends: signed out elsewhere, a role lost, an account closed. What another
// account typed in this tab is deleted with the first page of whoever signs in.
import { forgetOthers } from "./sheet-memory.js";

const { owner } = document.body.dataset;
const ENDED = 4401;
const LONGEST = 15000;
let wait = 500;

function cover() {
  const page = window.parent.document;
  page.getElementById("root")?.replaceChildren();
  const way = page.createElement("a");
  way.href = "/";
  way.target = "_top";
  page.body.append(way);
  way.click();
}

async function look() {
  try {
    const answer = await fetch("/auth/alive", { cache: "no-store", headers: { "x-sheet-owner": owner } });
    if (answer.status === 401) return cover();
  } catch {
    // the server is away: what is on screen stays, and typing goes on
  }
  setTimeout(listen, wait);
  wait = Math.min(wait * 2, LONGEST);
}

function listen() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/auth/watching`);
  socket.onopen = () => { wait = 500; };
  socket.onclose = (event) => (event.code === ENDED ? cover() : look());
}

if (owner) forgetOthers(owner);
listen();
