// One metric of all policies: a dot for the mean, a bar for its interval, on a linear or logarithmic axis.
import { data, experiments, good } from "./data.js";
import { element } from "./dom.js";
import { downloads, drawAxes, font, Plot, scale } from "./plot.js";
import { hasValues, metricOf } from "./columns.js";
import { change, on, state } from "./state.js";
import { colourOf, ink } from "./theme.js";

let plot = null;
const row = 24;

// In one unit, that of the first experiment's table; base units where a cell has its own.
function values() {
  const first = experiments
    .map((experiment) => metricOf(experiment, state.metric))
    .find((metric) => metric && hasValues(metric));
  return {
    metric: first,
    list: good
      .map((entry) => ({ entry, ...metricOf(entry.experiment, state.metric)?.policies[entry.place] }))
      .filter(({ mean }) => mean !== null && mean !== undefined),
  };
}

// A name as far as there is room, without its middle.
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment).slice(0, 400);
  let keep = letters.length - 1;
  while (keep > 2) {
    const head = letters.slice(0, Math.ceil(keep / 2)).join(""),
      tail = letters.slice(letters.length - Math.floor(keep / 2)).join(""),
      shown = `${head}…${tail}`;
    if (context.measureText(shown).width <= width) return shown;
    --keep;
  }
  return "…";
}

function domain(list, logarithmic) {
  const all = list.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean]).filter(Number.isFinite);
  if (logarithmic) {
    const above = all.filter((value) => value > 0);
    return [Math.min(...above) * 0.8, Math.max(...above) * 1.25];
  }
  const high = Math.max(0, ...all),
    low = Math.min(0, ...all);
  return low === high ? [0, 1] : [low, high * 1.05];
}

function draw(context, width, height) {
  const { metric, list } = values(),
    colours = ink();
  if (!metric) return;
  context.font = font;
  const names = Math.min(
    width * 0.38,
    30 + Math.max(0, ...list.map(({ entry }) => context.measureText(entry.label.slice(0, 200)).width)),
  );
  const box = { left: names + 8, top: 4, width: width - names - 22, height: height - 44 };
  const logarithmic = state.logValue && list.some(({ mean }) => mean > 0);
  const x = scale(domain(list, logarithmic), [box.left, box.left + box.width], logarithmic);
  const unit = metric.base_unit;
  drawAxes(context, box, x, null, {
    x: `${metric.name}${unit ? ` (${unit})` : ""}${logarithmic ? ", logarithmic" : ""}`,
  });
  list.forEach(({ entry, mean, low, high }, k) => {
    const y = box.top + (k + 0.5) * row;
    context.font = font;
    context.fillStyle = colours.ink;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(fitted(context, entry.label, names - 4), names, y);
    context.strokeStyle = context.fillStyle = colourOf(entry);
    if (logarithmic && !(mean > 0)) return;
    const place = (value) =>
      Math.min(Math.max(x(logarithmic ? Math.max(value, x.domain()[0]) : value), box.left), box.left + box.width);
    if (low !== undefined) {
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(place(low), y);
      context.lineTo(place(high), y);
      for (const end of [low, high]) {
        context.moveTo(place(end), y - 5);
        context.lineTo(place(end), y + 5);
      }
      context.stroke();
    }
    context.beginPath();
    context.circle(place(mean), y, 4.5);
    context.fill();
  });
}

function table() {
  const { metric, list } = values(),
    name = `${metric.name}${metric.base_unit ? ` (${metric.base_unit})` : ""}`;
  return {
    head: ["policy", `${name}: mean`, `low of ${data.confidence} % interval`, `high of ${data.confidence} % interval`],
    rows: list.map(({ entry, mean, low, high }) => [entry.label, mean, low, high]),
  };
}

export function estimatesChart() {
  const select = element("select", undefined, { id: "metric" });
  for (const metric of experiments[0].metrics.filter(hasValues))
    select.append(element("option", metric.name, { value: metric.name, title: metric.sentence }));
  select.addEventListener("change", () => change({ metric: select.value }));
  const place = element("div", undefined, { class: "chart" }),
    sentence = element("p", "", { class: "hint" });
  const show = () => {
    select.value = state.metric;
    sentence.textContent = metricOf(experiments[0], state.metric)?.sentence ?? "";
    plot?.redraw();
  };
  on(["metric", "logValue", "theme"], show);
  const box = element(
    "div",
    undefined,
    { id: "estimates" },
    element(
      "p",
      undefined,
      { class: "controls" },
      element("label", "Metric ", {}, select),
      downloads(
        () => plot,
        () => `${state.metric} by policy`,
        table,
      ),
    ),
    sentence,
    place,
  );
  return {
    box,
    start: () => {
      plot = new Plot({
        host: place,
        height: () => 48 + row * Math.max(1, values().list.length),
        draw,
        label: "The metric of each policy, its mean and interval; the table above has the numbers",
      });
      show();
    },
  };
}
