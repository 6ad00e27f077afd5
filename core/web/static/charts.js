// Three pictures of the panel's work. They are drawn again when the desk says that something changed, never by a clock.
import { adopt, fit, follow, say } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const SIGNS = { sealed: "●", draft: "◐", returned: "↺", none: "○", recused: "×" };
const STATES = Object.keys(SIGNS);
const EVERY = { tickmode: "linear", dtick: 1 }; // every row has its name
const PLAIN = { displayModeBar: false, displaylogo: false, responsive: false, staticPlot: false, scrollZoom: false, doubleClick: false };

const PAPER = 680; // px: the width of a drawing for A4
let paper = false; // being printed
const rowOf = (height, rows) => (paper ? Math.min(height, 760 / Math.max(1, rows)) : height); // all rows stand on one sheet of paper
const width = () => (paper ? PAPER : document.querySelector("main").clientWidth);
const narrow = () => !paper && innerWidth < 600;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const written = (number, decimals) => number === null ? "–" : Number(number).toFixed(decimals).replace(".", words.decimal);

function layout(head, row, rows, left, more = {}) {
  const [height, size] = [head + rowOf(row, rows) * Math.max(1, rows), Math.min(13, 0.85 * rowOf(row, rows))];
  const axis = { gridcolor: colour("line"), linecolor: colour("line"), zeroline: false, fixedrange: true, tickfont: { color: colour("ink"), size }, automargin: true };
  return {
    height, width: width(), margin: { l: left, r: 16, t: 28, b: 44 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, dragmode: false,
    font: { family: '"Be Vietnam Pro", system-ui, sans-serif', color: colour("ink"), size: 13 },
    separators: `${words.decimal}${words.decimal === "," ? "." : ","}`,
    hoverlabel: { bgcolor: colour("paper"), bordercolor: colour("edge"), font: { color: colour("ink"), family: '"Be Vietnam Pro", system-ui, sans-serif' } },
    ...more, xaxis: { ...axis, ...more.xaxis }, yaxis: { ...axis, ...more.yaxis },
  };
}

function table(id, head, rows) {
  const line = (cells, tag) => {
    const row = document.createElement("tr");
    cells.forEach((text, index) => {
      const cell = row.appendChild(document.createElement(index === 0 ? "th" : tag));
      if (index === 0 || tag === "th") cell.scope = tag === "th" ? "col" : "row";
      cell.textContent = text;
    });
    return row;
  };
  const top = document.createElement("thead"), body = document.createElement("tbody");
  top.append(line(head, "th"));
  body.append(...rows.map((cells) => line(cells, "td")));
  at(id).replaceChildren(top, body);
}

function shortened(names) { // the axis has room for a given name, not for every name in full; no two are alike, or two rows became one
  const room = narrow() ? 12 : 32;
  const brief = names.map((name) => (name.length > room ? initials(name.replace(/ \(.*\)$/, ""), room) : name));
  return brief.map((name, at) => (brief.indexOf(name) === at ? name : `${name} (${at + 1})`));
}

function initials(name, room) { // "Nguyễn Thị Lan" is N. T. Lan: people are called by the last word
  const words = name.split(" "), given = words.pop();
  const brief = [...words.map((word) => `${[...word][0]}.`), given].join(" ");
  return brief.length > room ? `${given.slice(0, room - 1)}…` : brief;
}

function progress({ judges, works }) {
  const codes = works.map((work) => work.code), names = shortened(judges.map((judge) => judge.name));
  const shades = [colour("ok"), colour("gold"), colour("act"), colour("shade"), colour("line")];
  const state = (judge, code) => judge.states[code];
  const z = judges.map((judge) => codes.map((code) => { const index = STATES.indexOf(state(judge, code)); return index < 0 ? null : index; }));
  const text = judges.map((judge) => codes.map((code) => SIGNS[state(judge, code)] ?? ""));
  const hover = judges.map((judge) => codes.map((code) => `${judge.name}, ${code}: ${words.desk[state(judge, code) ?? "absent"]}`));
  const column = (width() - 150) / Math.max(1, codes.length); // px
  const sign = Math.max(4, 0.85 * column); // as wide as a sign may be
  const upright = column < 60; // too narrow for a code
  const colorscale = shades.flatMap((shade, index) => [[index / 5, shade], [(index + 1) / 5, shade]]);
  const trace = { type: "heatmap", z, x: codes, y: names, text, texttemplate: "%{text}", customdata: hover, hovertemplate: "%{customdata}<extra></extra>",
    colorscale, zmin: -0.5, zmax: 4.5, showscale: false, xgap: 3, ygap: 3, textfont: { size: Math.min(14, 0.9 * rowOf(34, judges.length), sign) } };
  Plotly.react("progress", [trace], layout(upright ? 84 : 60, 34, judges.length, 40, {
    margin: { l: 40, r: 16, t: upright ? 64 : 40, b: 8 },
    xaxis: { type: "category", showgrid: false, side: "top", tickangle: upright ? -90 : 0, ...EVERY, tickfont: { color: colour("ink"), size: Math.min(13, sign) } }, yaxis: { type: "category", showgrid: false, autorange: "reversed", ...EVERY } }), PLAIN);
  table("progress-table", [words.judge, ...codes], judges.map((judge) => [judge.name, ...codes.map((code) => words.desk[state(judge, code) ?? "absent"])]));
}

function marks({ judges, works, decimals, total_decimals, highest }) {
  const codes = works.map((work) => work.code);
  const dots = (wide) => works.flatMap((work) => work.sheets.filter((sheet) => sheet.wide === wide).map((sheet) => ({ x: sheet.total, y: work.code, name: judges[sheet.judge].name, decimals: total_decimals })));
  const dot = (list, marker, what) => ({ type: "scatter", mode: "markers", x: list.map((one) => one.x), y: list.map((one) => one.y), marker, cliponaxis: false,
    customdata: list.map((one) => `${one.name}: ${written(one.x, one.decimals)} ${words.points}${what}`), hovertemplate: "%{y} · %{customdata}<extra></extra>" });
  const means = works.filter((work) => work.score !== null).map((work) => ({ x: work.score, y: work.code, name: words.mean, decimals }));
  const traces = [
    dot(dots(false), { symbol: "circle-open", size: 11, color: colour("ink"), line: { width: 1.5 } }, ""),
    dot(dots(true), { symbol: "x-thin-open", size: 11, color: colour("act-ink"), line: { width: 2.5 } }, ` (${words.wide})`),
    dot(means, { symbol: "line-ns-open", size: 22, color: colour("gold"), line: { width: 4 } }, ""),
  ];
  const all = works.flatMap((work) => work.sheets.map((sheet) => Number(sheet.total)));
  const least = all.length ? Math.max(0, Math.floor(Math.min(...all) - Number(highest) / 20)) : 0;
  Plotly.react("marks", traces, layout(84, 30, codes.length, 70, {
    xaxis: { range: [least, Number(highest)], title: { text: words.points, font: { color: colour("muted"), size: 13 } } },
    yaxis: { type: "category", ...EVERY, categoryorder: "array", categoryarray: codes, autorange: "reversed", range: [codes.length - 0.4, -0.6] } }), PLAIN);
  table("marks-table", [words.work, words.mean, ...judges.map((judge) => judge.name)], works.map((work) => [work.code, written(work.score, decimals),
    ...judges.map((_, index) => written(work.sheets.find((sheet) => sheet.judge === index)?.total ?? null, total_decimals))]));
}

function spread({ judges, works, total_decimals: decimals, highest }) {
  const totals = judges.map((_, index) => works.flatMap((work) => work.sheets.filter((sheet) => sheet.judge === index).map((sheet) => Number(sheet.total))).sort((a, b) => a - b));
  const names = shortened(judges.map((judge) => judge.name));
  const traces = judges.map((_, index) => ({ type: "box", orientation: "h", x: totals[index], y: totals[index].map(() => names[index]), name: names[index], boxpoints: "all",
    jitter: 0.4, pointpos: 0, fillcolor: "rgba(0,0,0,0)", line: { color: colour("edge"), width: 1.5 }, marker: { color: colour("ink"), size: 5, opacity: 0.65 }, hoverinfo: "x" }));
  const all = totals.flat();
  const least = all.length ? Math.max(0, Math.floor(Math.min(...all) - Number(highest) / 20)) : 0;
  Plotly.react("spread", traces, layout(84, 48, judges.length, 70, { xaxis: { range: [least, Number(highest)], title: { text: words.points, font: { color: colour("muted"), size: 13 } } },
    yaxis: { type: "category", ...EVERY, categoryorder: "array", categoryarray: names, range: [names.length - 0.4, -0.6] } }), PLAIN);
  const units = 10 ** decimals; // in whole units, so that halves are rounded up as everywhere
  const middle = (list) => Math.floor((Math.round(list[(list.length - 1) >> 1] * units) + Math.round(list[list.length >> 1] * units) + 1) / 2) / units;
  table("spread-table", [words.judge, ""], judges.map((judge, index) => [judge.name, totals[index].length === 0 ? "–" : say(words.range, {
    least: written(totals[index][0], decimals), most: written(totals[index].at(-1), decimals), middle: written(middle(totals[index]), decimals), sheets: totals[index].length })]));
}

function legends() {
  const item = (sign, text) => { const one = document.createElement("li"); one.append(Object.assign(document.createElement("b"), { textContent: sign }), ` ${text}`); return one; };
  at("legend").replaceChildren(...STATES.map((state) => item(SIGNS[state], words.desk[state])));
  at("marks-legend").replaceChildren(item("○", words.sheet), item("×", words.wide), item("|", words.mean));
}

let last = null; // what is drawn
let wanted = 0; // how many works lie above those that were asked for last
function pages({ works_in_all: works, at_once, first }) {
  at("pages").hidden = works <= at_once;
  at("back").disabled = wanted === 0;
  at("on").disabled = wanted + at_once >= works;
  document.body.toggleAttribute("aria-busy", wanted !== first);
  at("where").textContent = say(words.where, { from: first + 1, to: Math.min(first + at_once, works), works });
}

function turn(way) {
  wanted = Math.max(0, wanted + way * last.at_once);
  pages(last);
  ask({ turned: true });
}

function draw() {
  if (!last) return;
  pages(last);
  at("covers").textContent = last.covers ?? "";
  at("covers").hidden = last.covers === null;
  const any = last.works.some((work) => work.sheets.length > 0);
  at("empty").hidden = any;
  at("empty").textContent = words.empty;
  progress(last);
  for (const [id, one] of [["marks", marks], ["spread", spread]]) {
    at(id).closest("section").hidden = !any;
    if (any) one(last);
  }
  fit();
}

let question = 0, asking = false, again = false;
async function ask({ turned = false } = {}) { // of what changed, one question at a time; a page turned to is asked for at once
  if (asking && !turned) { again = true; return; }
  const [mine, from] = [++question, wanted];
  asking = true;
  const answer = await fetch(`/live/charts?first=${from}`).then((each) => (each.ok ? each.json() : null)).catch(() => null);
  if (mine !== question) return; // an answer that is not the last question's is dropped
  asking = false;
  if (answer) last = answer;
  if (last) wanted = last.first; // a page that did not come is not shown
  draw();
  if (again) { again = false; ask(); }
}

// On paper a chart has the paper's width and the light colours, whatever the screen is.
function printed(now) {
  if (paper === now) return;
  paper = now;
  const { dataset } = document.documentElement;
  if (now) [screenTheme, dataset.theme] = [dataset.theme, "light"];
  else if (screenTheme === undefined) delete dataset.theme;
  else dataset.theme = screenTheme;
  draw();
}
let screenTheme;

addEventListener("beforeprint", () => printed(true));
addEventListener("afterprint", () => printed(false));
legends();
at("back").addEventListener("click", () => turn(-1));
at("on").addEventListener("click", () => turn(1));
// A chart that Plotly itself fits to a new width loses its height.
let resized = null;
let drawnFor = innerWidth;
addEventListener("resize", () => {
  clearTimeout(resized);
  if (innerWidth === drawnFor) return fit();
  resized = setTimeout(() => { drawnFor = innerWidth; draw(); }, 100);
});
for (const one of document.querySelectorAll("details")) one.addEventListener("toggle", fit);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(draw, 400));
follow("/live/changes", {
  picture: () => ask(),
  change: () => ask(),
  state: (state) => { at("state").dataset.state = state; at("state").lastElementChild.textContent = words.states[state]; },
});
adopt();
