// The film player: reports every few seconds which intervals (ms of the film) were really seen and heard; and its keys.

const REPORT_MS = 5000; // ms between reports
const MAX_STEP_MS = 1500; // most ms of film between two ticks while playing; more is a jump
const MAX_INTERVALS = 60; // most intervals in one report
const MISSING_MS = 6000; // ms of film without new pictures or sound that are a fault; `inspect` allows stills of 5000
const STALLED_MS = 8000; // ms of waiting for data after which the connection counts as slow
const RECOVERED_MS = 10000; // ms of playing after which earlier waiting is forgotten
const CHECK_MS = 1000; // ms between two checks whether the player waits for data

export class Film {
  constructor(video, { sound }, words, report) {
    this.video = video;
    this.report = report; // async (intervals) => true when the server has them
    this.played = [];
    this.last = null;
    this.decodeMonitor = new DecodeMonitor(video, sound);
    this.stallMonitor = new StallMonitor(video);
    this.words = words;
    const tick = () => this.tick();
    for (const name of ["timeupdate", "pause", "ended"]) video.addEventListener(name, tick);
    for (const name of ["seeking", "emptied", "play"]) video.addEventListener(name, () => { this.release(); this.last = null; });
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => { this.release(); this.send(); });
    document.addEventListener("visibilitychange", () => { this.release(); this.decodeMonitor.restart(); });
    setInterval(() => this.send(), REPORT_MS);
    setInterval(() => { this.stallMonitor.check(); this.showFault(); }, CHECK_MS);
    for (const name of ["error", "loadedmetadata", "resize"]) video.addEventListener(name, () => this.showFault());
    this.showFault(); // the film may have failed before this script was loaded
  }

  get now() {
    return Math.round(this.video.currentTime * 1000);
  }

  tick() {
    const now = this.now;
    if (this.video.seeking) return;
    if (this.last !== null && now > this.last && now - this.last <= MAX_STEP_MS) this.add(this.decodeMonitor.addPlayed(this.last, now));
    this.last = this.video.paused ? null : now;
    this.showFault();
  }

  // Playback was interrupted: intervals still held back count as watched unless a fault is known.
  release() {
    this.add(this.decodeMonitor.release());
  }

  add(intervals) {
    for (const [from, to] of intervals) {
      const end = this.played.at(-1);
      if (end && end[1] === from) end[1] = to;
      else this.played.push([from, to]);
    }
  }

  showFault() {
    const notice = document.getElementById("no-film");
    let fault = this.video.error ? "no_film" : this.decodeMonitor.fault ?? this.stallMonitor.fault;
    if (fault === "slow_line" && document.getElementById("film-copy")?.value === "full") fault = "slow_line_light";
    const text = fault ? this.words[fault] : "";
    if (notice.textContent !== text) notice.textContent = text;
    notice.hidden = !fault;
  }

  async send({ leaving = false } = {}) {
    if (leaving) this.release();
    if (this.played.length === 0 || (this.sending && !leaving)) return;
    const batch = this.played.splice(0, MAX_INTERVALS);
    this.sending = true;
    const accepted = await this.report(batch, leaving).catch(() => false);
    this.sending = false;
    if (!accepted) this.played.unshift(...batch);
  }

  toggle() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }

  seekBy(seconds) {
    this.seekTo(this.video.currentTime + seconds);
  }

  seekTo(seconds) {
    this.video.currentTime = Math.max(0, Math.min(seconds, this.video.duration || seconds));
  }
}

// Checks by the browser's counters that pictures and sound are decoded while the film plays. Intervals are held back
// until both counters have grown; a browser without a counter is trusted.
class DecodeMonitor {
  constructor(video, sound) {
    this.video = video;
    this.pending = [];
    this.drawnFrames = 0;
    const countFrame = () => { this.drawnFrames += 1; video.requestVideoFrameCallback(countFrame); };
    video.requestVideoFrameCallback?.(countFrame);
    this.picture = new Counter(() => this.frames);
    // Safari has these counters but leaves them at 0: the sound counter is used only where the video counter works.
    this.sound = new Counter(() => (sound && video.webkitVideoDecodedByteCount ? video.webkitAudioDecodedByteCount : undefined));
    this.counters = [this.picture, this.sound];
  }

  // Frames decoded (ahead of time, if there are few) plus frames drawn (none, if the film is scrolled away): one grows.
  get frames() {
    const decoded = this.video.getVideoPlaybackQuality?.().totalVideoFrames;
    return decoded === undefined ? undefined : decoded + this.drawnFrames;
  }

  get hasNoPicture() {
    return this.video.readyState > 0 && this.video.videoWidth === 0;
  }

  get fault() {
    if (this.hasNoPicture || (this.picture.isMissing && !document.hidden)) return "no_picture"; // a hidden page may draw nothing
    return this.sound.isMissing ? "no_sound" : null;
  }

  // The film played from `from` to `to` (ms): returns the intervals now known to have been seen and heard.
  addPlayed(from, to) {
    this.pending.push([from, to]);
    for (const counter of this.counters) counter.check(to - from);
    return this.counters.every((counter) => counter.grew) ? this.release() : [];
  }

  // Returns the intervals held back, or none if picture or sound is known to be missing.
  release() {
    const pending = this.pending.splice(0);
    for (const counter of this.counters) counter.grew = false;
    return this.hasNoPicture || this.counters.some((counter) => counter.isMissing || counter.isZero) ? [] : pending;
  }

  restart() {
    for (const counter of this.counters) counter.restart();
  }
}

// A counter that the browser increases while it decodes; `read` returns undefined if the browser has none.
class Counter {
  constructor(read) {
    this.read = read;
    this.restart();
  }

  restart() {
    this.previous = this.read();
    this.msWithoutGrowth = 0; // ms of film since it last grew
    this.grew = false; // since the last release
  }

  get isMissing() {
    return this.msWithoutGrowth > MISSING_MS;
  }

  get isZero() {
    return this.read() === 0;
  }

  check(milliseconds) {
    const now = this.read();
    const grew = now === undefined || now !== this.previous;
    this.previous = now;
    this.msWithoutGrowth = grew ? 0 : this.msWithoutGrowth + milliseconds;
    this.grew ||= grew;
  }
}

// Checks whether the connection delivers the film as fast as it is played.
class StallMonitor {
  constructor(video) {
    this.video = video;
    this.checkedAt = performance.now();
    this.waitingMs = 0;
    this.playingMs = 0;
    video.addEventListener("seeking", () => { if (!this.fault) this.waitingMs = 0; }); // every jump waits a little
    video.addEventListener("emptied", () => { this.waitingMs = this.playingMs = 0; }); // another copy of the film
  }

  get fault() {
    return this.waitingMs >= STALLED_MS ? "slow_line" : null;
  }

  check() {
    const now = performance.now();
    const elapsed = Math.min(now - this.checkedAt, 2 * CHECK_MS); // limited, so that the time a machine was asleep does not count
    this.checkedAt = now;
    if (this.video.paused || this.video.ended) return;
    if (this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.waitingMs += elapsed;
    else this.playingMs += elapsed;
    if (this.playingMs >= RECOVERED_MS) this.waitingMs = this.playingMs = 0;
  }
}

// Draws the intervals seen (ms) on the track under the film.
export function drawWatched(track, intervals, length) {
  if (!length) return;
  track.replaceChildren(...intervals.map(([from, to]) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const [left, right] = [(from / length) * 1000, (to / length) * 1000];
    for (const [name, value] of [["x", left], ["y", 0], ["height", 6], ["width", Math.max(right - left, 1)]]) part.setAttribute(name, value);
    return part;
  }));
}
