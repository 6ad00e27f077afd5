// Streamlit's pages live on a WebSocket. Where a proxy blocks those while HTTP passes, the page stays empty or stands still:
// here the cause is found, and said with its remedy.

const { blocked } = document.querySelector("script[data-blocked]").dataset;
const PATIENCE_MS = 6000; // without a connection, before the cause is looked for
const OPENS_MS = 5000;
const AGAIN_MS = 10_000;
let since = null; // when the connection was first missed
let notice = null;

function connected() {
  return /CONNECTED$/.test(document.querySelector(".stApp")?.dataset.testConnectionState ?? "");
}

function answers() {
  return fetch("/auth/alive", { cache: "no-store" }).then(() => true, () => false);
}

function opens() {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/auth/watching`);
    const done = (answer) => { clearTimeout(late); resolve(answer); socket.close(); };
    const late = setTimeout(() => done(false), OPENS_MS);
    socket.addEventListener("open", () => done(true));
    socket.addEventListener("error", () => done(false));
  });
}

function say(text) {
  if (text && !notice) {
    notice = Object.assign(document.createElement("p"), { className: "sockets-blocked", textContent: text });
    notice.setAttribute("role", "alert");
    document.body.append(notice);
  } else if (!text) {
    notice?.remove();
    notice = null;
  }
}

let asked = 0; // when the cause was last looked for
async function look() {
  if (connected()) {
    since = null;
    say("");
  } else {
    since ??= Date.now();
    const due = Date.now() - since > PATIENCE_MS && Date.now() - asked > AGAIN_MS;
    if (due && !document.querySelector(".st-key-sheet")) { // the sheet needs no socket
      const isBlocked = (await answers()) && !(await opens());
      asked = Date.now();
      say(isBlocked && !connected() ? blocked.replace("{host}", location.host) : "");
    }
  }
  setTimeout(look, 1000);
}

look();
