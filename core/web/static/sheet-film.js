// The film: what was really seen and heard of it, in milliseconds of the film, reported every few seconds; and its keys.

const REPORT = 5000; // ms between reports
const STEP = 1500; // ms of film between two ticks of a player that plays; more is a jump
const MOST = 60; // intervals in one report
const LACKING = 6000; // ms of film without a new picture, or without sound, that are a fault; `inspect` lets a picture stand for 5000
const WAITED = 8000; // ms of waiting for data that tell of a slow line
const FLOWING = 10000; // ms of playing after which earlier waiting is forgotten
const PULSE = 1000; // ms between two looks at whether the player waits

export class Film {
  constructor(video, { sound }, words, report) {
    this.video = video;
    this.report = report; // async (intervals) => true when the server has them
    this.played = [];
    this.last = null;
    this.decoding = new DecodeMonitor(video, sound);
    this.stalls = new StallMonitor(video);
    this.words = words;
    const tick = () => this.tick();
    for (const name of ["timeupdate", "pause", "ended"]) video.addEventListener(name, tick);
    for (const name of ["seeking", "emptied", "play"]) video.addEventListener(name, () => { this.release(); this.last = null; });
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => { this.release(); this.send(); });
    document.addEventListener("visibilitychange", () => { this.release(); this.decoding.restart(); });
    setInterval(() => this.send(), REPORT);
    setInterval(() => { this.stalls.look(); this.say(); }, PULSE);
    for (const name of ["error", "loadedmetadata", "resize"]) video.addEventListener(name, () => this.say());
    this.say(); // the film may have failed before this script came
  }

  get now() {
    return Math.round(this.video.currentTime * 1000);
  }

  tick() {
    const now = this.now;
    if (this.video.seeking) return;
    if (this.last !== null && now > this.last && now - this.last <= STEP) this.add(this.decoding.ran(this.last, now));
    this.last = this.video.paused ? null : now;
    this.say();
  }

  // Playing stops for a while: what was played until now, and is not known to lack anything, was seen.
  release() {
    this.add(this.decoding.release());
  }

  add(intervals) {
    for (const [from, to] of intervals) {
      const end = this.played.at(-1);
      if (end && end[1] === from) end[1] = to;
      else this.played.push([from, to]);
    }
  }

  say() {
    const place = document.getElementById("no-film");
    const fault = this.video.error ? "no_film" : this.decoding.fault ?? this.stalls.fault;
    const text = fault ? this.words[fault] : "";
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !fault;
  }

  async send({ leaving = false } = {}) {
    if (leaving) this.release();
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

// Whether pictures and sound come out while the film's time runs, by the browser's own counters. Intervals are held back
// until both have grown; a browser that does not count is believed.
class DecodeMonitor {
  constructor(video, sound) {
    this.video = video;
    this.held = [];
    this.drawn = 0;
    const draws = () => { this.drawn += 1; video.requestVideoFrameCallback(draws); };
    video.requestVideoFrameCallback?.(draws);
    this.picture = new Counter(() => this.frames);
    // Safari has these counters and leaves them at 0: the one of sound is read where the one of pictures counts.
    this.sound = new Counter(() => (sound && video.webkitVideoDecodedByteCount ? video.webkitAudioDecodedByteCount : undefined));
    this.counters = [this.picture, this.sound];
  }

  // Pictures decoded (ahead of time, where they are few) and pictures drawn (none, where the film is scrolled away): one grows.
  get frames() {
    const decoded = this.video.getVideoPlaybackQuality?.().totalVideoFrames;
    return decoded === undefined ? undefined : decoded + this.drawn;
  }

  get hasNoPicture() {
    return this.video.readyState > 0 && this.video.videoWidth === 0;
  }

  get fault() {
    if (this.hasNoPicture || (this.picture.lacks && !document.hidden)) return "no_picture"; // a hidden page may draw nothing
    return this.sound.lacks ? "no_sound" : null;
  }

  // The film ran from one moment to another: the intervals that are now known to have been seen and heard.
  ran(from, to) {
    this.held.push([from, to]);
    for (const counter of this.counters) counter.look(to - from);
    return this.counters.every((counter) => counter.grew) ? this.release() : [];
  }

  // The intervals held back, where nothing is known to lack.
  release() {
    const held = this.held.splice(0);
    for (const counter of this.counters) counter.grew = false;
    return this.hasNoPicture || this.counters.some((counter) => counter.lacks || counter.none) ? [] : held;
  }

  restart() {
    for (const counter of this.counters) counter.restart();
  }
}

// A number that the browser raises while it decodes; undefined where it has none.
class Counter {
  constructor(read) {
    this.read = read;
    this.restart();
  }

  restart() {
    this.before = this.read();
    this.without = 0; // ms of film since it last grew
    this.grew = false; // since the last release
  }

  get lacks() {
    return this.without > LACKING;
  }

  get none() {
    return this.read() === 0;
  }

  look(milliseconds) {
    const now = this.read();
    const grew = now === undefined || now !== this.before;
    this.before = now;
    this.without = grew ? 0 : this.without + milliseconds;
    this.grew ||= grew;
  }
}

// Whether the line brings the film as fast as it is played.
class StallMonitor {
  constructor(video) {
    this.video = video;
    this.at = performance.now();
    this.waited = 0;
    this.ran = 0;
    video.addEventListener("seeking", () => { if (!this.fault) this.waited = 0; }); // every jump waits a little
  }

  get fault() {
    return this.waited >= WAITED ? "slow_line" : null;
  }

  look() {
    const now = performance.now();
    const passed = Math.min(now - this.at, 2 * PULSE); // not what a sleeping machine slept
    this.at = now;
    if (this.video.paused || this.video.ended) return;
    if (this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.waited += passed;
    else this.ran += passed;
    if (this.ran >= FLOWING) this.waited = this.ran = 0;
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
