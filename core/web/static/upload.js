// One film upload on a page: choose, progress, pause, go on after a lost connection or a reload (core/web/uploads).
// mountUpload(element, words) fires "upload:done" on the element, with {id, name}, when the server has the whole film.
import "./tus.min.js";

const MEGABYTE = 1024 * 1024;
const [SMALLEST, LARGEST] = [MEGABYTE, 32 * MEGABYTE]; // of a piece; the server takes no larger one
const PIECE_S = 5; // a lost connection or an ended session costs one piece at most
const RETRIES_MS = [0, 500, 1000, 2000, 4000, 8000, 8000, 8000, 15000, 15000, 15000, 15000];
const SHOWN = { choose: ["choose"], sending: ["pause", "drop"], lost: ["pause", "drop"], paused: ["resume", "drop"], stopped: ["resume", "drop"], done: [] };
const LATER = [0, 408, 409, 423, 460, 500, 502, 503, 504]; // statuses after which trying again may help; 0: no response
const FINAL = [413, 415]; // this file will never be taken

const format = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

/** Draws the control into `root` and runs its uploads. `headers` are sent with every request, beside the cookies. */
export function mountUpload(root, words, { endpoint = "/uploads", headers = {} } = {}) {
  const parts = draw(root, words);
  const reader = new LastSlice();
  let upload, file, status, state, pace, share;

  function enter(next, message = "") {
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    state = root.dataset.state = next;
    for (const name of ["choose", "pause", "resume", "drop"]) parts[name].hidden = !SHOWN[next].includes(name);
    parts.bar.hidden = parts.progress.hidden = ["choose", "done"].includes(next);
    parts.name.textContent = parts.bar.hidden ? "" : file.name;
    parts.progress.textContent = share ?? "";
    parts.message.textContent = message;
    parts.message.classList.toggle("refused", next === "stopped" || (next === "choose" && Boolean(message)));
    if (focused?.hidden) (parts[SHOWN[next][0]] ?? parts.message).focus();
  }

  function progress(sent, all) {
    const left = sent === all ? words.checking : pace.left(sent, all, words);
    share = format(words.sent, { percent: Math.floor((100 * sent) / all) });
    if (state === "lost") enter("sending");
    parts.bar.value = sent / all;
    parts.progress.textContent = [share, left].filter(Boolean).join(" – ");
    parts.bar.setAttribute("aria-valuetext", parts.progress.textContent);
  }

  const options = {
    endpoint,
    headers,
    chunkSize: 4 * MEGABYTE,
    retryDelays: RETRIES_MS,
    removeFingerprintOnSuccess: true,
    async onBeforeRequest(request) {
      status = 0;
      pace.begin();
      if (request.getMethod() !== "PATCH" || !reader.slice) return;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await reader.slice.arrayBuffer()));
      request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...digest))}`);
    },
    onAfterResponse(request, response) {
      status = response.getStatus();
      // Any other failure of HEAD (502 of a proxy, an ended session) would make tus-js-client begin from the start.
      if (request.getMethod() === "HEAD" && status >= 400 && ![404, 410, 423].includes(status)) throw new Error(String(status));
    },
    onProgress: progress,
    onChunkComplete: (bytes) => { upload.options.chunkSize = pace.next(bytes); },
    onShouldRetry(error) {
      const busy = status === 429 && !refusal(error); // too many requests; a refusal would be too many uploads
      if (!LATER.includes(status) && !busy) return false;
      enter("lost", words.lost);
      return true;
    },
    onError(error) {
      enter(FINAL.includes(status) ? "choose" : "stopped", status === 401 ? words.signedOut : refusal(error) ?? words.failed);
    },
    onSuccess() {
      enter("done", format(words.done, { name: file.name }));
      root.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: { id: upload.url.split("/").pop(), name: file.name } }));
    },
  };

  async function begin(chosen) {
    if (!chosen) return;
    file = chosen;
    if (!(await isMp4(file))) return enter("choose", words.notMp4);
    pace = new Pace();
    const digests = isSecureContext ? { fileReader: reader } : {}; // without HTTPS there is no crypto.subtle
    upload = new window.tus.Upload(file, { ...options, ...digests, metadata: { filename: file.name } });
    const [latest] = (await upload.findPreviousUploads()).sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime));
    if (latest) upload.resumeFromPreviousUpload(latest);
    parts.bar.value = 0;
    share = "";
    enter("sending", latest ? words.goesOn : "");
    upload.start();
  }

  async function stop(next, message, terminate = false) {
    enter(next, message);
    await upload.abort(terminate).catch(() => {}); // what the server does not remove expires there
  }

  const goOn = () => { pace = new Pace(); enter("sending"); upload.start(); };
  parts.choose.addEventListener("click", () => parts.input.click());
  parts.input.addEventListener("change", () => { begin(parts.input.files[0]); parts.input.value = ""; });
  parts.pause.addEventListener("click", () => stop("paused", words.paused));
  parts.resume.addEventListener("click", goOn);
  parts.drop.addEventListener("click", () => confirm(format(words.dropAsked, { name: file.name })) && stop("choose", words.dropped, true));
  addEventListener("online", () => state === "lost" && upload.abort().then(goOn));
  addEventListener("beforeunload", (event) => { if (["sending", "lost"].includes(state)) event.preventDefault(); });
  enter("choose");
}

/** The sentence of a refusal that the server sent; undefined where it sent none. */
function refusal(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).refused;
  } catch {
    return undefined;
  }
}

async function isMp4(file) {
  const head = new Uint8Array(await file.slice(4, 8).arrayBuffer().catch(() => new ArrayBuffer(0)));
  return /\.mp4$/i.test(file.name) && String.fromCharCode(...head) === "ftyp";
}

function draw(root, words) {
  const parts = {};
  const add = (name, tag, attributes = {}) => {
    parts[name] = Object.assign(document.createElement(tag), { className: `upload-${name}`, ...attributes });
    return parts[name];
  };
  const button = (name, className = "") => add(name, "button", { type: "button", textContent: words[name], className });
  const acts = document.createElement("div");
  acts.className = "upload-acts";
  acts.append(button("choose", "primary"), button("pause"), button("resume", "primary"), button("drop", "plain"));
  add("input", "input", { type: "file", accept: "video/mp4,.mp4", hidden: true });
  add("bar", "progress", { max: 1, value: 0 }).setAttribute("aria-label", words.label);
  add("message", "p", { tabIndex: -1 }).setAttribute("role", "status");
  root.classList.add("upload");
  root.replaceChildren(add("name", "p"), parts.bar, add("progress", "p"), parts.message, acts, parts.input);
  return parts;
}

/** A file reader for tus-js-client that knows the slice it last gave, so that its digest can be sent with it. */
class LastSlice {
  async openFile(file) {
    const slice = async (start, end) => {
      this.slice = file.slice(start, end);
      return { value: this.slice, done: end >= file.size };
    };
    return { size: file.size, slice, close() {} };
  }
}

/** How fast the film goes: the size of the next piece, and the time that is left. */
class Pace {
  begin() {
    this.at = performance.now();
  }

  next(bytes) {
    const perSecond = (1000 * bytes) / Math.max(1, performance.now() - this.at);
    return Math.round(Math.min(LARGEST, Math.max(SMALLEST, perSecond * PIECE_S)));
  }

  left(sent, all, words) {
    this.first ??= { sent, at: performance.now() };
    const seconds = (performance.now() - this.first.at) / 1000;
    if (seconds < 2 || sent <= this.first.sent) return "";
    const minutes = Math.round(((all - sent) * seconds) / (sent - this.first.sent) / 60);
    if (minutes < 1) return words.seconds;
    return minutes < 90 ? format(words.minutes, { minutes }) : format(words.hours, { hours: Math.round(minutes / 60) });
  }
}
