// The report: a table, head movement read by read, and metrics over time. Everything that it shows is in the page.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./style.css";

const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#999999", "#e69f00", "#7f7f7f"];
const data = JSON.parse(document.getElementById("data").textContent);
const runs = data.runs;
const byId = (id) => document.getElementById(id);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
// Of values under the pointer; those in tables come as text (results/metrics/units.h).
const number = (value) => {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString("en", Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 });
};
const seconds = (value) => (value >= 0.9999995 ? `${number(value)} s` : value >= 0.9999995e-3 ? `${number(value * 1e3)} ms` : `${number(value * 1e6)} us`);
const gib = 2 ** 30;

// ---- Tables

function table(head, rows) {
  const made = element("table");
  const top = made.createTHead().insertRow();
  for (const cell of head) top.append(element("th", cell, { scope: "col" }));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const cell of row) line.append(cell instanceof Node ? cell : element("td", cell));
  }
  return made;
}

function nameCell(run, index) {
  const cell = element("td");
  const swatch = element("span", undefined, { class: "swatch" });
  swatch.style.background = palette[index % palette.length];
  cell.append(swatch, run.label);
  return cell;
}

const good = runs.filter((run) => run.status === "ok");

function comparison() {
  const shown = [["elapsed_s", "elapsed"], ["reads", "reads"], ["throughput_bytes_per_s", "throughput"], ["seeks", "seeks"],
    ["seek_distance_bytes_mean", "mean seek"], ["busy_fraction", "busy"], ["efficiency", "of bound"]]
    .map(([name, title]) => ({ title, ...data.metrics.find((metric) => metric.name === name) }))
    .filter(({ name, values }) => name !== "efficiency" || values.some((value) => value !== "-"));
  const rows = runs.map((run, index) => {
    if (run.status !== "ok") return [nameCell(run, index), element("td", `failed: ${run.message}`, { class: "failed", colspan: shown.length + 1 })];
    const place = good.indexOf(run);
    return [nameCell(run, index), ...shown.map(({ values }) => values[place]), run.speed_up];
  });
  const head = shown.map(({ title, unit }) => (unit && unit !== title ? `${title}, ${unit}` : title));
  byId("table").replaceChildren(table(["policy", ...head, "speed-up"], rows));
  for (const run of good) if (run.undone) byId("table").append(element("p", `${run.label}: ${run.undone}`, { class: "failed" }));
}

// Where the time went, of runs with a trace.
function gaps() {
  const told = good.filter((run) => run.gap);
  byId("gaps").replaceChildren(...told.map((run) => element("li", `${run.label}: ${run.gap}`)));
  if (told.length < good.length)
    byId("gaps").append(element("li", `${told.length ? "Of other runs no" : "No"} trace: run with --trace to see where the time beyond the bound went.`));
}

// What the figures do not cover.
function notes() {
  byId("notes").replaceChildren(...data.notes.map((note) => element("li", note)));
  byId("notes").hidden = data.notes.length === 0;
}

function published() {
  const rows = data.published.map((each) => [each.what, each.published, each.here, each.verdict, each.source]);
  byId("published").replaceChildren(table(["published", "value", "here", "verdict", "source"], rows));
  byId("published").parentElement.hidden = rows.length === 0;
}

function allMetrics() {
  const rows = data.metrics.map((metric) => [element("td", metric.name, { title: metric.sentence }), metric.unit, ...metric.values]);
  byId("all").replaceChildren(table(["metric", "unit", ...good.map((run) => run.label)], rows));
}

function about() {
  const { headway, scenario } = data;
  byId("title").textContent = `${scenario.name}: headway report`;
  document.title = `${scenario.name}: headway report`;
  byId("about").replaceChildren(
    table(["what", "value"], [["headway", `${headway.version} (${headway.commit})`], ["scenario", [scenario.file, ...(scenario.set ?? []).map((set) => `--set ${set}`)].join(" ")], ["SHA-256", scenario.sha256]]));
  byId("about").firstChild.parentElement.classList.add("scroll");
  if (data.scenario_text) byId("about").append(element("h3", "The scenario in full"), element("pre", data.scenario_text));
}

// ---- Reads, unpacked when first looked at

async function unpack(base64, Type) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Type(await new Response(stream).arrayBuffer());
}

const types = { f64: Float64Array, f32: Float32Array, u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };

async function readsOf(run) {
  if (!run.reads) return null;
  if (!run.unpacked) {
    const columns = {};
    for (const [name, { type, data: packed }] of Object.entries(run.reads.columns)) columns[name] = await unpack(packed, types[type]);
    run.unpacked = columns;
  }
  return run.unpacked;
}

// The places of one device's reads, as an x column that is in order and a y column beside it.
function readsOfDevice(columns, device) {
  const places = [];
  for (let i = 0; i < columns.end_s.length; ++i) if (columns.device[i] === device) places.push(i);
  const x = Float64Array.from(places, (i) => columns.end_s[i]), y = Float64Array.from(places, (i) => columns.physical[i] / gib);
  const failed = Uint8Array.from(places, (i) => columns.error[i]);
  // What stands for all of them where too many are shown at once: places in x and y.
  const few = [];
  let k = 0;
  for (const i of columns.overview) {
    if (columns.device[i] !== device) continue;
    while (places[k] < i) ++k;
    few.push(k);
  }
  return { places, x, y, few, failed };
}

// The last zone that the device's read pointer was sent to before t.
function zoneAt(run, device, t) {
  const zones = run.reads.zones[device];
  let low = 0, high = zones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (zones[middle][0] <= t) low = middle + 1; else high = middle;
  }
  return low > 0 ? zones[low - 1] : null;
}

// What the choice of a zone means for the device's mirror peers.
function lock(run, device, zone, t) {
  const peers = run.reads.peers?.[zone[1]]?.[device] ?? [];
  if (peers.length === 0) return "";
  const names = (places) => `device${places.length > 1 ? "s" : ""} ${places.map((place) => run.devids[place]).join(", ")}`;
  const there = peers.filter((peer) => zoneAt(run, peer, t)?.[1] === zone[1]);
  return ` (a peer lock keeps ${names(peers)}, its mirror peer${peers.length > 1 ? "s" : ""}, out of it` +
    (there.length > 0 ? `, as far as there is another: ${names(there)} read${there.length > 1 ? "" : "s"} it as well)` : ")");
}

function describe(run, columns, i) {
  const device = columns.device[i], end = columns.end_s[i];
  const part = (name) => columns[name][i];
  const latency = part("latency_s"), other = latency - part("queue_s") - part("seek_s") - part("rotation_s") - part("transfer_s");
  const zone = zoneAt(run, device, end - latency);
  const others = [];  // at the moment of issue: what else was in flight at this drive
  for (let k = Math.max(0, i - 256); k < Math.min(columns.end_s.length, i + 256); ++k) {
    const issued = columns.end_s[k] - columns.latency_s[k];
    if (k !== i && columns.device[k] === device && issued <= end - latency && columns.end_s[k] > end - latency) others.push(k);
  }
  return `${part("error") ? `Failed (error ${part("error")}) at ` : ""}${seconds(end)}, device ${run.devids[device]}, offset ${(part("physical") / gib).toFixed(4)} GiB, level ${part("level")}, copy ${part("mirror")}: ` +
    `took ${seconds(latency)}` + (Number.isNaN(part("seek_s")) ? `; what for a measured drive does not tell. `
      : ` = queue ${seconds(part("queue_s"))} + seek ${seconds(part("seek_s"))} + rotation ${seconds(part("rotation_s"))} + ` +
        `transfer ${seconds(part("transfer_s"))} + other ${seconds(Math.max(0, other))}. `) +
    (zone ? `Chosen from the zone at logical ${zone[1].toLocaleString("en")}, which the drive reads since ${seconds(zone[0])}${lock(run, device, zone, end - latency)}; `
      : "No zone: the policy sends no read pointer; ") +
    `${others.length} other read${others.length === 1 ? "" : "s"} in flight at this drive when it was issued.`;
}

// ---- Charts

const axis = (label, more = {}) => ({ label, stroke: () => css("--ink"), grid: { stroke: () => css("--line"), width: 1 }, ticks: { stroke: () => css("--line") }, font: "12px system-ui", labelFont: "12px system-ui", labelSize: 22, ...more });
const widthOf = (box) => Math.max(260, Math.floor(box.getBoundingClientRect().width));

let head = null;

// Draws each pixel once, however many reads fall on it; of more reads than can be looked at one by one, those that the
// report's writer chose stand for all. So a million stay fluid.
const most_dots = 100000;

function dots(color, few, failed) {
  return (u, series, from, to) => {
    const x = u.data[0], y = u.data[series], ctx = u.ctx, sparse = to - from > most_dots;
    const size = Math.max(2, Math.round((to - from > 4000 ? 2 : 4) * devicePixelRatio));
    const { left, top, width, height } = u.bbox, crosses = [];
    const across = Math.ceil(width / 2) + 1, cells = across * (Math.ceil(height / 2) + 1), seen = new Uint8Array(2 * cells);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.fillStyle = color;
    for (let k = sparse ? 0 : from; k <= (sparse ? few.length - 1 : to); ++k) {
      const i = sparse ? few[k] : k;
      const px = Math.round(u.valToPos(x[i], "x", true)), py = Math.round(u.valToPos(y[i], "y", true));
      if (px < left || py < top || px > left + width || py > top + height) continue;
      const place = ((py - top) >> 1) * across + ((px - left) >> 1) + (failed[i] ? cells : 0);
      if (seen[place]) continue;
      seen[place] = 1;
      if (failed[i]) crosses.push(px, py);
      else ctx.fillRect(px - size / 2, py - size / 2, size, size);
    }
    ctx.strokeStyle = css("--ink");
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let k = 0; k < crosses.length; k += 2) {
      const [px, py, arm] = [crosses[k], crosses[k + 1], 3 * devicePixelRatio];
      ctx.moveTo(px - arm, py - arm);
      ctx.lineTo(px + arm, py + arm);
      ctx.moveTo(px - arm, py + arm);
      ctx.lineTo(px + arm, py - arm);
    }
    ctx.stroke();
    ctx.restore();
    return null;
  };
}

function nearest(u, x, y, px, py) {
  let low = 0, high = x.length;
  const from = u.posToVal(px - 20, "x"), to = u.posToVal(px + 20, "x");
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < from) low = middle + 1; else high = middle;
  }
  let best = -1, least = 20 * 20;
  for (let i = low; i < x.length && x[i] <= to; ++i) {
    const dx = u.valToPos(x[i], "x") - px, dy = u.valToPos(y[i], "y") - py;
    if (dx * dx + dy * dy < least) { least = dx * dx + dy * dy; best = i; }
  }
  return best;
}

async function drawHead() {
  const index = Number(byId("run").value), device = Number(byId("device").value), run = runs[index], box = byId("head");
  const columns = run ? await readsOf(run) : null;
  head?.chart.destroy();
  head = null;
  if (!columns) {
    box.replaceChildren(element("p", "No trace: run with --trace to see each read.", { class: "note" }));
    return;
  }
  box.replaceChildren();
  const { places, x, y, few, failed } = readsOfDevice(columns, device);
  const marker = element("div");
  marker.style.cssText = "position:absolute;width:11px;height:11px;margin:-6px 0 0 -6px;border:2px solid currentColor;border-radius:50%;pointer-events:none;display:none";
  const show = (u, i) => {
    if (i < 0) { marker.style.display = "none"; return; }
    marker.style.display = "block";
    marker.style.left = `${u.valToPos(x[i], "x")}px`;
    marker.style.top = `${u.valToPos(y[i], "y")}px`;
    head.current = i;
    byId("read").textContent = describe(run, columns, places[i]);
  };
  const chart = new uPlot({
    width: widthOf(box), height: 380, legend: { show: false }, cursor: { drag: { x: true, y: false } },
    scales: { x: { time: false }, y: { range: (u, low, high) => (low === null ? [0, 1] : [low - (high - low || 1e-3) * 0.03, high + (high - low || 1e-3) * 0.03]) } },
    axes: [axis("time (s)"), axis("offset (GiB)", { size: 64 })],
    series: [{}, { paths: dots(palette[index % palette.length], few, failed), points: { show: false } }],
    hooks: {
      ready: [(u) => u.over.append(marker)],
      setCursor: [(u) => { if (head && u.cursor.left >= 0) show(u, nearest(u, x, y, u.cursor.left, u.cursor.top)); }],
      setScale: [() => { marker.style.display = "none"; }],
    },
  }, [x, y], box);
  const failures = failed.reduce((count, error) => count + (error > 0), 0);
  if (failures > 0) box.append(element("p", `× failed reads: ${number(failures)} of ${number(x.length)} on this device`, { class: "note" }));
  head = { chart, x, show, current: -1, whole: () => chart.setScale("x", { min: 0, max: x.length > 0 ? x[x.length - 1] * 1.01 : 1 }) };
  head.whole();
}

function headKeys(event) {
  if (!head) return;
  const { min, max } = head.chart.scales.x, width = max - min;
  const to = (low, high) => head.chart.setScale("x", { min: low, max: high });
  const actions = {
    "+": () => to(min + width / 4, max - width / 4), "=": () => to(min + width / 4, max - width / 4),
    "-": () => to(min - width / 2, max + width / 2), "0": head.whole, Escape: head.whole,
    ArrowLeft: () => to(min - width / 4, max - width / 4), ArrowRight: () => to(min + width / 4, max + width / 4),
    ".": () => step(1), ",": () => step(-1),
  };
  const step = (by) => {
    let next = head.current + by;
    if (head.current < 0 || head.x[head.current] < min || head.x[head.current] > max) next = head.x.findIndex((t) => t >= min);
    if (next >= 0 && next < head.x.length) head.show(head.chart, next);
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
}

let series = [];

function drawSeries() {
  for (const chart of series) chart.destroy();
  const box = byId("series");
  box.replaceChildren();
  const shown = runs.map((run, index) => ({ run, index })).filter(({ run }) => run.intervals);
  if (shown.length === 0) box.replaceChildren(element("p", "No interval metrics beside the results.", { class: "note" }));
  series = shown.length === 0 ? [] : [["throughput", "MiB/s"], ["seeks", "seeks/s"], ["in_flight", "reads in flight"]].map(([name, label]) => {
    const joined = uPlot.join(shown.map(({ run }) => [run.intervals.start_s, run.intervals[name]]));
    box.append(element("h3", label));
    const place = element("div", undefined, { class: "chart" });
    box.append(place);
    return new uPlot({
      width: widthOf(box), height: 240, cursor: { sync: { key: "time" } },
      scales: { x: data.logarithmic_time ? { time: false, distr: 3, range: (u, low, high) => [low, high] } : { time: false }, y: { range: (u, low, high) => [0, (high || 1) * 1.05] } },
      axes: [axis(data.logarithmic_time ? "time (s), logarithmic" : "time (s)"), axis(undefined, { size: 64 })],
      series: [{ label: "time, s", value: (u, v) => (v === null ? "–" : number(v)) }, ...shown.map(({ run, index }) => ({
        label: run.label, stroke: palette[index % palette.length], width: 1.6, dash: index >= 2 ? [[8, 4], [3, 3], [8, 3, 3, 3]][index % 3] : undefined,
        spanGaps: true, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false }, value: (u, v) => number(v ?? null) }))],
    }, joined, place);
  });
}

// ---- The page

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
  byId("theme").textContent = dark ? "Light" : "Dark";
}

function fillChoices() {
  runs.forEach((run, index) => { if (run.status === "ok") byId("run").append(element("option", run.label, { value: index })); });
  const first = runs.find((run) => run.status === "ok");
  (first?.devids ?? []).forEach((devid, index) => byId("device").append(element("option", devid, { value: index })));
}

const redraw = async () => { drawSeries(); await drawHead(); document.body.dataset.ready = "yes"; };
setTheme(matchMedia("(prefers-color-scheme: dark)").matches);
fillChoices();
comparison();
gaps();
notes();
published();
allMetrics();
about();
redraw();
byId("theme").addEventListener("click", () => { setTheme(document.documentElement.dataset.theme !== "dark"); redraw(); });
byId("run").addEventListener("change", drawHead);
byId("device").addEventListener("change", drawHead);
byId("reset").addEventListener("click", () => head?.whole());
byId("head").addEventListener("keydown", headKeys);
// Paper is white.
let dark = false;
addEventListener("beforeprint", () => {
  dark = document.documentElement.dataset.theme === "dark";
  setTheme(false);
  for (const chart of [...series, ...(head ? [head.chart] : [])]) chart.redraw(false, true);
});
addEventListener("afterprint", () => { if (dark) { setTheme(true); redraw(); } });
let lastWidth = innerWidth;
addEventListener("resize", () => { if (innerWidth !== lastWidth) { lastWidth = innerWidth; redraw(); } });
