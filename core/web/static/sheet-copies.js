// The choice between the film and its light copy. Both have the same times: the moment, the watched time and the notes stay.

import { changeSource } from "./film-source.js";
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
  changeSource(video, `/video/${encodeURIComponent(code)}${copy === "light" ? "?copy=light" : ""}`);
}
