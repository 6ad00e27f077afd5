// The public progress page: shows how many sheets are submitted, and no scores or places.
import { fitFrame, follow, format } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);

function show({ sheets, expected, complete, works, closes }) {
  const share = expected ? sheets / expected : 0;
  byId("sheets").textContent = format(words.sheetsIn, { sheets, expected });
  byId("bar").firstElementChild.style.transform = `scaleX(${share})`;
  byId("bar").setAttribute("aria-valuenow", String(Math.floor(share * 100)));
  byId("complete").textContent = format(words.complete, { complete, works });
  byId("closes").textContent = closes ? ` · ${closes}` : "";
  fitFrame();
}

addEventListener("resize", fitFrame);

follow("/live/progress", {
  snapshot: ({ head }) => show(head),
  change: ({ head }) => head && show(head),
  state: (state) => {
    byId("state").dataset.state = state;
    byId("state").lastElementChild.textContent = words.states[state];
  },
});
