// Three charts of the panel's work. Redrawn when the server reports a change, never by a timer.
import { adoptTheme, fitFrame, follow, format } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const SIGNS = { sealed: "●", draft: "◐", returned: "↺", none: "○", recused: "×" };
const STATES = Object.keys(SIGNS);
const EVERY = { tickmode: "linear", dtick: 1 }; // label every row
const PLAIN = { displayModeBar: false, displaylogo: false, responsive: false, staticPlot: false, scrollZoom: false, doubleClick: false };

const PAPER_WIDTH = 680; // px: the width of a drawing for A4
let printing = false;
const rowHeight = (height, rows) => (printing ? Math.min(height, 760 / Math.max(1, rows)) : height); // all rows fit on one printed page
const width = () => (printing ? PAPER_WIDTH : document.querySelector("main").clientWidth);
const narrow = () => !printing && innerWidth < 600;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const formatNumber = (number, decimals) => number === null ? "–" : Number(number).toFixed(decimals).replace(".", words.decimal);

function layout(head, row, rows, left, more = {}) {
  const [height, size] = [head + rowHeight(row, rows) * Math.max(1, rows), Math.min(13, 0.85 * rowHeight(row, rows))];
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
  byId(id).replaceChildren(top, body);
}

function shorten(names) { // shortens long names for the axis; equal results get a number, or their rows would merge
  const room = narrow() ? 12 : 32;
  const short = names.map((name) => (name.length > room ? initials(name.replace(/ \(.*\)$/, ""), room) : name));
  return short.map((name, index) => (short.indexOf(name) === index ? name : `${name} (${index + 1})`));
}

function initials(name, room) { // "Nguyễn Thị Lan" becomes "N. T. Lan": the last word is the given name
  const words = name.split(" "), given = words.pop();
  const short = [...words.map((word) => `${[...word][0]}.`), given].join(" ");
  return short.length > room ? `${given.slice(0, room - 1)}…` : short;
}

function progress({ judges, works }) {
  const codes = works.map((work) => work.code), names = shorten(judges.map((judge) => judge.name));
  const shades = [colour("ok"), colour("gold"), colour("act"), colour("shade"), colour("line")];
  const state = (judge, code) => judge.states[code];
  const z = judges.map((judge) => codes.map((code) => { const index = STATES.indexOf(state(judge, code)); return index < 0 ? null : index; }));
  const text = judges.map((judge) => codes.map((code) => SIGNS[state(judge, code)] ?? ""));
  const hover = judges.map((judge) => codes.map((code) => `${judge.name}, ${code}: ${words.desk[state(judge, code) ?? "absent"]}`));
  const column = (width() - 150) / Math.max(1, codes.length); // px
  const sign = Math.max(4, 0.85 * column); // largest font size of a sign that fits the column, px
  const upright = column < 60; // too narrow for a horizontal code
  const colorscale = shades.flatMap((shade, index) => [[index / 5, shade], [(index + 1) / 5, shade]]);
  const trace = { type: "heatmap", z, x: codes, y: names, text, texttemplate: "%{text}", customdata: hover, hovertemplate: "%{customdata}<extra></extra>",
    colorscale, zmin: -0.5, zmax: 4.5, showscale: false, xgap: 3, ygap: 3, textfont: { size: Math.min(14, 0.9 * rowHeight(34, judges.length), sign) } };
  Plotly.react("progress", [trace], layout(upright ? 84 : 60, 34, judges.length, 40, {
    margin: { l: 40, r: 16, t: upright ? 64 : 40, b: 8 },
    xaxis: { type: "category", showgrid: false, side: "top", tickangle: upright ? -90 : 0, ...EVERY, tickfont: { color: colour("ink"), size: Math.min(13, sign) } }, yaxis: { type: "category", showgrid: false, autorange: "reversed", ...EVERY } }), PLAIN);
  table("progress-table", [words.judge, ...codes], judges.map((judge) => [judge.name, ...codes.map((code) => words.desk[state(judge, code) ?? "absent"])]));
}

function marks({ judges, works, decimals, total_decimals, highest }) {
  const codes = works.map((work) => work.code);
  const dots = (wide) => works.flatMap((work) => work.sheets.filter((sheet) => sheet.wide === wide).map((sheet) => ({ x: sheet.total, y: work.code, name: judges[sheet.judge].name, decimals: total_decimals })));
  const dot = (list, marker, what) => ({ type: "scatter", mode: "markers", x: list.map((one) => one.x), y: list.map((one) => one.y), marker, cliponaxis: false,
    customdata: list.map((one) => `${one.name}: ${formatNumber(one.x, one.decimals)} ${words.points}${what}`), hovertemplate: "%{y} · %{customdata}<extra></extra>" });
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
  table("marks-table", [words.work, words.mean, ...judges.map((judge) => judge.name)], works.map((work) => [work.code, formatNumber(work.score, decimals),
    ...judges.map((_, index) => formatNumber(work.sheets.find((sheet) => sheet.judge === index)?.total ?? null, total_decimals))]));
}

function spread({ judges, works, total_decimals: decimals, highest }) {
  const totals = judges.map((_, index) => works.flatMap((work) => work.sheets.filter((sheet) => sheet.judge === index).map((sheet) => Number(sheet.total))).sort((a, b) => a - b));
  const names = shorten(judges.map((judge) => judge.name));
  const traces = judges.map((_, index) => ({ type: "box", orientation: "h", x: totals[index], y: totals[index].map(() => names[index]), name: names[index], boxpoints: "all",
    jitter: 0.4, pointpos: 0, fillcolor: "rgba(0,0,0,0)", line: { color: colour("edge"), width: 1.5 }, marker: { color: colour("ink"), size: 5, opacity: 0.65 }, hoverinfo: "x" }));
  const all = totals.flat();
  const least = all.length ? Math.max(0, Math.floor(Math.min(...all) - Number(highest) / 20)) : 0;
  Plotly.react("spread", traces, layout(84, 48, judges.length, 70, { xaxis: { range: [least, Number(highest)], title: { text: words.points, font: { color: colour("muted"), size: 13 } } },
    yaxis: { type: "category", ...EVERY, categoryorder: "array", categoryarray: names, range: [names.length - 0.4, -0.6] } }), PLAIN);
  const units = 10 ** decimals; // computed in whole units, so that halves are rounded up as everywhere else
  const middle = (list) => Math.floor((Math.round(list[(list.length - 1) >> 1] * units) + Math.round(list[list.length >> 1] * units) + 1) / 2) / units;
  table("spread-table", [words.judge, ""], judges.map((judge, index) => [judge.name, totals[index].length === 0 ? "–" : format(words.range, {
    least: formatNumber(totals[index][0], decimals), most: formatNumber(totals[index].at(-1), decimals), middle: formatNumber(middle(totals[index]), decimals), sheets: totals[index].length })]));
}

function drawLegends() {
  const item = (sign, text) => { const one = document.createElement("li"); one.append(Object.assign(document.createElement("b"), { textContent: sign }), ` ${text}`); return one; };
  byId("legend").replaceChildren(...STATES.map((state) => item(SIGNS[state], words.desk[state])));
  byId("marks-legend").replaceChildren(item("○", words.sheet), item("×", words.wide), item("|", words.mean));
}

let data = null; // the data drawn last
let requestedFirst = 0; // number of works before the page requested last
function showPaging({ works_in_all: works, at_once, first }) {
  byId("pages").hidden = works <= at_once;
  byId("previous-page").disabled = requestedFirst === 0;
  byId("next-page").disabled = requestedFirst + at_once >= works;
  document.body.toggleAttribute("aria-busy", requestedFirst !== first);
  byId("page-range").textContent = format(words.where, { from: first + 1, to: Math.min(first + at_once, works), works });
}

function goToPage(direction) {
  requestedFirst = Math.max(0, requestedFirst + direction * data.at_once);
  showPaging(data);
  refresh({ atOnce: true });
}

function draw() {
  if (!data) return;
  showPaging(data);
  byId("coverage").textContent = data.covers ?? "";
  byId("coverage").hidden = data.covers === null;
  const any = data.works.some((work) => work.sheets.length > 0);
  byId("empty").hidden = any;
  byId("empty").textContent = words.empty;
  progress(data);
  for (const [id, one] of [["marks", marks], ["spread", spread]]) {
    byId(id).closest("section").hidden = !any;
    if (any) one(data);
  }
  fitFrame();
}

let requestNumber = 0, fetching = false, refreshAgain = false;
async function refresh({ atOnce = false } = {}) { // after a change: one request at a time; on turning a page: at once
  if (fetching && !atOnce) { refreshAgain = true; return; }
  const [number, from] = [++requestNumber, requestedFirst];
  fetching = true;
  const response = await fetch(`/live/charts?first=${from}`).then((each) => (each.ok ? each.json() : null)).catch(() => null);
  if (number !== requestNumber) return; // only the response to the latest request is used
  fetching = false;
  if (response) data = response;
  if (data) requestedFirst = data.first; // if the fetch failed, the page shown stays
  draw();
  if (refreshAgain) { refreshAgain = false; refresh(); }
}

// For printing, charts get the width of the paper and the light colours, whatever the screen has.
function setPrinting(now) {
  if (printing === now) return;
  printing = now;
  const { dataset } = document.documentElement;
  if (now) [screenTheme, dataset.theme] = [dataset.theme, "light"];
  else if (screenTheme === undefined) delete dataset.theme;
  else dataset.theme = screenTheme;
  draw();
}
let screenTheme;

addEventListener("beforeprint", () => setPrinting(true));
addEventListener("afterprint", () => setPrinting(false));
drawLegends();
byId("previous-page").addEventListener("click", () => goToPage(-1));
byId("next-page").addEventListener("click", () => goToPage(1));
// Redraws on a new width, because Plotly's own resizing loses the chart's height.
let resizeTimer = null;
let drawnWidth = innerWidth;
addEventListener("resize", () => {
  clearTimeout(resizeTimer);
  if (innerWidth === drawnWidth) return fitFrame();
  resizeTimer = setTimeout(() => { drawnWidth = innerWidth; draw(); }, 100);
});
for (const one of document.querySelectorAll("details")) one.addEventListener("toggle", fitFrame);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(draw, 400));
follow("/live/changes", {
  snapshot: () => refresh(),
  change: () => refresh(),
  state: (state) => { byId("state").dataset.state = state; byId("state").lastElementChild.textContent = words.states[state]; },
});
adoptTheme();
