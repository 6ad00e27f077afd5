// Streamlit's pages need a WebSocket. If a proxy blocks it but lets HTTP pass, the page stays empty or stops updating:
// this script detects that and shows the cause with its remedy.

const { blocked } = document.querySelector("script[data-blocked]").dataset;
const CHECK_AFTER_MS = 6000; // time without a connection before the cause is checked
const OPEN_TIMEOUT_MS = 5000;
const RECHECK_MS = 10_000;
let missingSince = null; // when the connection was first found missing
let notice = null;

function connected() {
  return /CONNECTED$/.test(document.querySelector(".stApp")?.dataset.testConnectionState ?? "");
}

function reachesServer() {
  return fetch("/auth/alive", { cache: "no-store" }).then(() => true, () => false);
}

function opensSocket() {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/auth/watching`);
    const finish = (opened) => { clearTimeout(timeout); resolve(opened); socket.close(); };
    const timeout = setTimeout(() => finish(false), OPEN_TIMEOUT_MS);
    socket.addEventListener("open", () => finish(true));
    socket.addEventListener("error", () => finish(false));
  });
}

function showNotice(text) {
  if (text && !notice) {
    notice = Object.assign(document.createElement("p"), { className: "sockets-blocked", textContent: text });
    notice.setAttribute("role", "alert");
    document.body.append(notice);
  } else if (!text) {
    notice?.remove();
    notice = null;
  }
}

let checkedAt = 0; // when the cause was last checked
async function check() {
  if (connected()) {
    missingSince = null;
    showNotice("");
  } else {
    missingSince ??= Date.now();
    const due = Date.now() - missingSince > CHECK_AFTER_MS && Date.now() - checkedAt > RECHECK_MS;
    if (due && !document.querySelector(".st-key-sheet")) { // the marking sheet needs no WebSocket
      const isBlocked = (await reachesServer()) && !(await opensSocket());
      checkedAt = Date.now();
      showNotice(isBlocked && !connected() ? blocked.replace("{host}", location.host) : "");
    }
  }
  setTimeout(check, 1000);
}

check();
