// Clears the page this stands in when its session ends: signed out elsewhere, a role lost, an account closed.
"use strict";

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
    const answer = await fetch("/auth/alive", { cache: "no-store" });
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

listen();
