// The film: what was really played, in milliseconds of the film, reported every few seconds; and its keys.

const REPORT = 5000; // ms between reports
const STEP = 1500; // ms of film between two ticks of a player that plays; more is a jump
const MOST = 60; // intervals in one report

export class Film {
  constructor(video, report) {
    this.video = video;
    this.report = report; // async (intervals) => true when the server has them
    this.played = [];
    this.last = null;
    const tick = () => this.tick();
    for (const name of ["timeupdate", "pause", "ended"]) video.addEventListener(name, tick);
    for (const name of ["seeking", "emptied", "play"]) video.addEventListener(name, () => { this.last = null; });
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => this.send());
    setInterval(() => this.send(), REPORT);
    const broken = document.getElementById("no-film"); // the film may have failed before this script came
    const say = () => { broken.hidden = video.error === null; };
    for (const name of ["error", "loadedmetadata"]) video.addEventListener(name, say);
    say();
  }

  get now() {
    return Math.round(this.video.currentTime * 1000);
  }

  tick() {
    const now = this.now;
    if (this.video.seeking) return;
    if (this.last !== null && now > this.last && now - this.last <= STEP) this.add(this.last, now);
    this.last = this.video.paused ? null : now;
  }

  add(from, to) {
    const end = this.played.at(-1);
    if (end && end[1] === from) end[1] = to;
    else this.played.push([from, to]);
  }

  async send({ leaving = false } = {}) {
    if (this.played.length === 0 || (this.sending && !leaving)) return;
    const batch = this.played.splice(0, MOST);
    this.sending = true;
    const kept = await this.report(batch, leaving).catch(() => false);
    this.sending = false;
    if (!kept) this.played.unshift(...batch);
  }

  toggle() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }

  by(seconds) {
    this.to(this.video.currentTime + seconds);
  }

  to(seconds) {
    this.video.currentTime = Math.max(0, Math.min(seconds, this.video.duration || seconds));
  }
}

// The moments seen, drawn on the track under the film.
export function draw(track, intervals, length) {
  if (!length) return;
  track.replaceChildren(...intervals.map(([from, to]) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const [left, right] = [(from / length) * 1000, (to / length) * 1000];
    for (const [name, value] of [["x", left], ["y", 0], ["height", 6], ["width", Math.max(right - left, 1)]]) part.setAttribute(name, value);
    return part;
  }));
}
