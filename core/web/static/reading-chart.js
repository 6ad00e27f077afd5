// How a work's interaction counts grew: one line for each kind, confirmed readings filled, the others hollow.
import { fitFrame } from "./follow.js";

const words = JSON.parse(document.getElementById("words").textContent);
const { points, closes } = JSON.parse(document.getElementById("chart-data")?.textContent ?? "{}");
const chart = document.getElementById("chart");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const COLOURS = ["act-ink", "gold", "ok", "muted"], SIGNS = ["circle", "square", "diamond", "triangle-up"], SHOWN = ["●", "■", "◆", "▲"];
const DAY = document.documentElement.lang === "en" ? "%-d %b" : "%d/%m";
const PLAIN = { displayModeBar: false, displaylogo: false, responsive: false, staticPlot: false, scrollZoom: false, doubleClick: false };

function draw() {
  if (!chart) return;
  const kinds = words.order.filter((kind) => kind !== "views"); // views would flatten the other lines
  const traces = kinds.flatMap((kind, index) => {
    const line = points.filter((point) => point.stands), loose = points.filter((point) => !point.stands);
    const shape = (list, open) => ({ type: "scatter", mode: open ? "markers" : "lines+markers", x: list.map((point) => point.at), y: list.map((point) => point.counts[kind]),
      name: words.kinds[kind], line: { color: colour(COLOURS[index]), width: 2 }, marker: { color: colour(COLOURS[index]), size: 9, symbol: SIGNS[index] + (open ? "-open" : "") },
      hovertemplate: `%{x|%H:%M ${DAY}} · ${words.kinds[kind]} %{y:,}${open ? ` (${words.unconfirmed})` : ""}<extra></extra>` });
    return [shape(line, false), shape(loose, true)];
  });
  const axis = { gridcolor: colour("line"), linecolor: colour("line"), zeroline: false, fixedrange: true, tickfont: { color: colour("ink"), size: 13 }, automargin: true };
  Plotly.react(chart, traces, {
    height: 300, width: document.querySelector("main").clientWidth, margin: { l: 56, r: 16, t: 24, b: 44 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false, dragmode: false, separators: `${words.decimal}${words.decimal === "," ? "." : ","}`,
    font: { family: '"Be Vietnam Pro", system-ui, sans-serif', color: colour("ink"), size: 13 },
    hoverlabel: { bgcolor: colour("paper"), bordercolor: colour("edge"), font: { color: colour("ink"), family: '"Be Vietnam Pro", system-ui, sans-serif' } },
    xaxis: { ...axis, type: "date", tickformat: DAY }, yaxis: { ...axis, rangemode: "tozero", tickformat: ",d" },
    shapes: closes ? [{ type: "line", x0: closes, x1: closes, yref: "paper", y0: 0, y1: 1, line: { color: colour("edge"), dash: "dot", width: 1.5 } }] : [],
    annotations: closes ? [{ x: closes, yref: "paper", y: 1.06, text: words.cutOff, showarrow: false, font: { size: 12, color: colour("muted") } }] : [],
  }, PLAIN);
  document.getElementById("legend").replaceChildren(...kinds.map((kind, index) => {
    const item = document.createElement("li"), sign = Object.assign(document.createElement("b"), { textContent: SHOWN[index] });
    item.append(sign, ` ${words.kinds[kind]}`);
    return item;
  }));
  fitFrame();
}

let timer = null, drawn = innerWidth;
addEventListener("resize", () => {
  clearTimeout(timer);
  if (innerWidth !== drawn) timer = setTimeout(() => { drawn = innerWidth; draw(); }, 100);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(draw, 400));
draw();
