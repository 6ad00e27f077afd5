// The choice between the film and its light copy. Both have the same times: the moment, the watched time and the notes stay.

import { filmCopy, rememberFilmCopy } from "./sheet-storage.js";

/** Loads the copy that this device plays, and changes it with the field. Does nothing where there is no light copy. */
export function setUpCopies(video, field, code) {
  if (!field) return;
  field.value = filmCopy();
  load(video, code, field.value);
  field.addEventListener("change", () => {
    rememberFilmCopy(field.value);
    load(video, code, field.value);
  });
  video.addEventListener("error", () => { // the light copy may not have been made again since a restore
    if (field.value !== "light") return;
    field.value = "full";
    load(video, code, "full");
  });
}

function load(video, code, copy) {
  const { currentTime, playbackRate } = video;
  const plays = !video.paused && !video.ended;
  video.pause(); // reports what was played so far
  video.src = `/video/${encodeURIComponent(code)}${copy === "light" ? "?copy=light" : ""}`;
  video.playbackRate = playbackRate;
  if (currentTime) video.addEventListener("loadedmetadata", () => { video.currentTime = currentTime; }, { once: true });
  if (plays) video.play().catch(() => {});
}
