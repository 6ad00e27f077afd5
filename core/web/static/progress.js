// The public's page: how many sheets are in, and nothing else.
import { fit, follow, say } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);

function show({ sheets, expected, complete, works, closes }) {
  const share = expected ? sheets / expected : 0;
  at("sheets").textContent = say(words.sheetsIn, { sheets, expected });
  at("bar").firstElementChild.style.transform = `scaleX(${share})`;
  at("bar").setAttribute("aria-valuenow", String(Math.floor(share * 100)));
  at("complete").textContent = say(words.complete, { complete, works });
  at("closes").textContent = closes ? ` · ${closes}` : "";
  fit();
}

addEventListener("resize", fit);

follow("/live/progress", {
  picture: ({ head }) => show(head),
  change: ({ head }) => head && show(head),
  state: (state) => {
    at("state").dataset.state = state;
    at("state").lastElementChild.textContent = words.states[state];
  },
});
