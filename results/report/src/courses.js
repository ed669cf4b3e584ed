// Metrics over time: a chart a metric, a line a policy; over several seeds their mean with its interval. The axis of
// time is that of the head chart.
import { data, dashes, entries } from "./data.js";
import { byId, element, named } from "./dom.js";
import { steer } from "./gestures.js";
import { number, seconds } from "./numbers.js";
import { downloads, drawAxes, Plot, plotBox, scale } from "./plot.js";
import { firstNotBelow } from "./reads.js";
import { on, state } from "./state.js";
import { colourOf, ink } from "./theme.js";
import { logTime, panTime, time } from "./view.js";
import { swatch } from "./chooser.js";

let charts = [],
  hovered = null;

const shownEntries = () =>
  [...state.chosen]
    .sort((a, b) => a - b)
    .map((place) => entries[place])
    .filter((entry) => entry.policy.course);
// Of an entry: its own course, or those of its seeds.
const coursesOf = (entry) => {
  const seeds = entry.policy.seeds.filter((seed) => seed.course);
  return state.each && seeds.length > 1
    ? seeds.map((seed) => ({ seed: seed.seed, course: seed.course }))
    : [{ seed: null, course: entry.policy.course }];
};

// The step that holds at t; null before and behind the course.
function valueAt(course, name, t) {
  const starts = course.start_s;
  if (t < starts[0] || t > starts.at(-1)) return null;
  let at = firstNotBelow(starts, t);
  if (starts[at] > t) --at;
  return { value: course[name][at], low: course[`${name}_low`]?.[at], high: course[`${name}_high`]?.[at] };
}

class CourseChart {
  constructor(host, { name, title, unit }) {
    Object.assign(this, { name, title, unit });
    const head = element("h3", `${title}, ${unit}`);
    this.figure = element("div", undefined, { class: "panel" }, head);
    host.append(this.figure);
    head.append(
      " ",
      downloads(
        () => this.plot,
        () => `${title} over time`,
        () => this.table(),
      ),
    );
    this.place = element("div", undefined, { class: "chart" });
    this.readout = element("ul", undefined, { class: "readout", "aria-live": "off" });
    this.figure.append(this.place, this.readout);
    this.plot = new Plot({
      host: this.place,
      height: 230,
      draw: (...all) => this.draw(...all),
      label: `${title} over time, ${unit}`,
      keys: "Plus and minus zoom, arrows move, dot and comma move a cursor that tells values, 0 shows the whole run",
    });
    const cursor = (by) => {
      const { x, box } = this.scales(),
        at = hovered === null ? box.left + box.width / 2 : x(hovered) + (by * box.width) / 50;
      if (at > box.left + box.width) panTime(0.25);
      this.point(x.invert(Math.min(Math.max(at, box.left), box.left + box.width)), true);
    };
    steer(this.plot, {
      box: () => this.scales().box,
      hover: (at) => this.point(at ? this.scales().x.invert(at.x) : null),
      pick: (at) => this.point(this.scales().x.invert(at.x)),
      keys: { ".": () => cursor(1), ",": () => cursor(-1) },
    });
  }

  scales(width = this.plot.width, height = this.plot.drawn) {
    const box = plotBox(width, height),
      [from, to] = time();
    let high = 0,
      least = Infinity;
    for (const entry of shownEntries()) {
      for (const { course } of coursesOf(entry)) {
        const values = course[this.name],
          highs = course[`${this.name}_high`];
        for (
          let i = Math.max(0, firstNotBelow(course.start_s, from) - 1);
          i < values.length && course.start_s[i] <= to;
          ++i
        ) {
          high = Math.max(high, values[i] ?? 0, highs?.[i] ?? 0);
          if (values[i] > 0) least = Math.min(least, values[i]);
        }
      }
    }
    const logarithmic = state.logValue && least < Infinity;
    const low = logarithmic ? Math.max(least, high / 1e6) * 0.9 : 0;
    return {
      box,
      x: scale([from, to], [box.left, box.left + box.width], logTime()),
      y: scale([low, (high || 1) * 1.06], [box.top + box.height, box.top], logarithmic),
      low,
      logarithmic,
    };
  }

  draw(context, width, height) {
    const { box, x, y, low, logarithmic } = this.scales(width, height);
    drawAxes(context, box, x, y, {
      x: logTime() ? "time (s), logarithmic" : "time (s)",
      y: logarithmic ? `${this.unit}, logarithmic` : this.unit,
    });
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    const up = (value) => y(Math.max(value, low)),
      across = (t) => x(logTime() ? Math.max(t, 1e-12) : t);
    for (const entry of shownEntries()) {
      for (const { course, seed } of coursesOf(entry)) {
        if (course[`${this.name}_low`]) this.band(context, course, across, up, colourOf(entry));
        context.globalAlpha = seed === null ? 1 : 0.55;
        this.steps(context, course, across, up, entry, seed === null ? 1.7 : 0.9);
        context.globalAlpha = 1;
      }
    }
    if (hovered !== null) this.cursor(context, box, x);
    context.restore();
  }

  steps(context, course, x, y, entry, width) {
    context.strokeStyle = colourOf(entry);
    context.lineWidth = width;
    context.setLineDash(dashes[entry.dash]);
    context.beginPath();
    let last = null;
    course.start_s.forEach((t, i) => {
      const value = course[this.name][i];
      if (value === null) {
        last = null;
        return;
      }
      if (last === null) context.moveTo(x(t), y(value));
      else {
        context.lineTo(x(t), y(last));
        context.lineTo(x(t), y(value));
      }
      last = value;
    });
    context.stroke();
    context.setLineDash([]);
  }

  band(context, course, x, y, colour) {
    const lows = course[`${this.name}_low`],
      highs = course[`${this.name}_high`],
      starts = course.start_s;
    context.fillStyle = colour;
    context.globalAlpha = 0.18;
    context.beginPath();
    for (let i = 0; i + 1 < starts.length; ++i) {
      if (lows[i] === null || highs[i] === null) continue;
      const left = x(starts[i]),
        top = y(highs[i]);
      context.rect(left, top, x(starts[i + 1]) - left, y(Math.max(0, lows[i])) - top);
    }
    context.fill();
    context.globalAlpha = 1;
  }

  cursor(context, box, x) {
    context.strokeStyle = ink().faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x(hovered), box.top);
    context.lineTo(x(hovered), box.top + box.height);
    context.stroke();
  }

  // What the lines are at a moment; `aloud`: moved by keys.
  point(t, aloud = false) {
    hovered = t;
    for (const chart of charts) chart.tell(t, aloud && chart === this);
    later();
  }

  tell(t, aloud) {
    this.readout.setAttribute("aria-live", aloud ? "polite" : "off");
    if (t === null) {
      this.readout.replaceChildren();
      return;
    }
    const lines = shownEntries()
      .slice(0, 12)
      .map((entry) => {
        const here = valueAt(entry.policy.course, this.name, t);
        const interval = here && Number.isFinite(here.low) ? ` (${number(here.low)} to ${number(here.high)})` : "";
        return element(
          "li",
          undefined,
          {},
          swatch(entry),
          named(entry.label),
          ` ${here ? number(here.value) : "–"}${interval}`,
        );
      });
    this.readout.replaceChildren(element("li", `at ${seconds(t)}`, { class: "faint" }), ...lines);
  }

  table() {
    const rows = [];
    for (const entry of shownEntries()) {
      for (const { course, seed } of coursesOf(entry)) {
        course.start_s.forEach((t, i) =>
          rows.push([
            entry.label,
            seed ?? (entry.policy.runs > 1 ? "mean" : entry.policy.seeds[0].seed),
            t,
            course[this.name][i],
            course[`${this.name}_low`]?.[i],
            course[`${this.name}_high`]?.[i],
          ]),
        );
      }
    }
    return {
      head: [
        "policy",
        "seed",
        "from (s)",
        `${this.name} (${this.unit})`,
        `low of ${data.confidence} % interval (${this.unit})`,
        `high of ${data.confidence} % interval (${this.unit})`,
      ],
      rows,
    };
  }
}

let scheduled = false;
function later() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const chart of charts) chart.plot.redraw();
  });
}

function checkbox(text, id, checked, action) {
  const input = element("input", undefined, { type: "checkbox", id });
  input.checked = checked();
  input.addEventListener("change", () => action(input.checked));
  return [input, element("label", undefined, {}, input, ` ${text}`)];
}

export function timeControls(change) {
  const [time_box, time_label] = checkbox("time logarithmic", "log-time", logTime, (value) =>
    change({ logTime: value, time: null }),
  );
  const [value_box, value_label] = checkbox(
    "values logarithmic",
    "log-value",
    () => state.logValue,
    (value) => change({ logValue: value }),
  );
  const several = entries.some((entry) => entry.policy.runs > 1);
  const [each_box, each_label] = checkbox(
    "each seed",
    "each-seed",
    () => state.each,
    (value) => change({ each: value }),
  );
  on(["logTime", "logValue", "each"], () => {
    time_box.checked = logTime();
    value_box.checked = state.logValue;
    each_box.checked = state.each;
  });
  return element("p", undefined, { class: "controls" }, time_label, value_label, ...(several ? [each_label] : []));
}

export function startCourses() {
  const host = byId("courses");
  if (!entries.some((entry) => entry.policy.course)) {
    host.replaceChildren(element("p", "No interval metrics beside the results.", { class: "note" }));
    return;
  }
  charts = data.courses.map((course) => new CourseChart(host, course));
  on(["chosen", "time", "logTime", "logValue", "each"], later);
  for (const chart of charts) chart.plot.redraw();
}
