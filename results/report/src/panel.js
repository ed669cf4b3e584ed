// A panel of the head chart: one device's reads of one policy, with what its drive was sent to and kept out of.
import { byId, element, named } from "./dom.js";
import { drawDots, nearest, within } from "./dots.js";
import { downloads, drawAxes, Plot, plotBox, scale } from "./plot.js";
import { plural } from "./numbers.js";
import { drawOrigin, sentence } from "./reason.js";
import { readsOf } from "./reads.js";
import { change, state } from "./state.js";
import { steer } from "./gestures.js";
import { colourOf, ink } from "./theme.js";
import { logTime, time } from "./view.js";
import { drawZones } from "./zones.js";

const gib = 2 ** 30;
const keys = "Plus and minus zoom, arrows move, dot and comma step through reads, 0 shows the whole run";
// Those that are there; the moment that the pointer is at in all of them.
let panels = [],
  hovered = null;

// A new panel for each of [{entry, device}] in the place of the old ones.
export function show(host, wanted) {
  for (const panel of panels) panel.plot.remove();
  host.replaceChildren();
  panels = wanted.map((each) => new Panel(host, each));
  host.dataset.panels = panels.length;
  return panels;
}

export const shows = (device) => panels.some((panel) => panel.device === device);

// One for all panels that are of the same device; of all devices where each has its own panel.
function offsets() {
  if (state.offset) return state.offset;
  let low = Infinity,
    high = -Infinity;
  for (const { run, device } of panels) {
    const own = run?.devices[device];
    if (!own || own.x.length === 0) continue;
    low = Math.min(low, own.low);
    high = Math.max(high, own.high);
  }
  if (low > high) return [0, gib];
  const room = (high - low || 2 ** 20) * 0.03;
  return [Math.max(0, low - room), high + room];
}

function scales(width, height) {
  const box = plotBox(width, height),
    x = scale(time(), [box.left, box.left + box.width], logTime());
  return { box, x, y: scale(offsets(), [box.top + box.height, box.top], false) };
}

// Ticks in GiB, dots in bytes.
const inGib = (y) =>
  scale(
    y.domain().map((value) => value / gib),
    y.range(),
    false,
  );

class Panel {
  constructor(host, { entry, device }) {
    Object.assign(this, { entry, device, run: null });
    const name = state.facet === "policies" ? entry.label : `${entry.label}, device ${entry.read.devids[device]}`;
    this.title = element("h3", undefined, {}, named(name));
    this.note = element("span", "", { class: "faint" });
    const figure = element("div", undefined, { class: "panel" }, this.title);
    host.append(figure);
    this.title.append(
      " ",
      this.note,
      downloads(
        () => this.plot,
        () => `head ${name}`,
        () => this.table(),
      ),
    );
    this.place = element("div", undefined, { class: "chart" });
    figure.append(this.place);
    this.plot = new Plot({
      host: this.place,
      height: () => (panels.length > 1 ? 230 : 360),
      draw: (...all) => this.draw(...all),
      label: `Offset of each read over time, ${name}`,
      keys,
    });
    steer(this.plot, {
      box: () => scales(this.plot.width, this.plot.drawn).box,
      hover: (at) => this.hover(at),
      pick: (at) => this.pick(at),
      pickOffset: (span) => this.pickOffset(span),
      keys: {
        ".": () => this.step(1),
        ",": () => this.step(-1),
        ArrowUp: () => this.moveOffset(0.25),
        ArrowDown: () => this.moveOffset(-0.25),
      },
    });
  }

  async load() {
    this.run = await readsOf(this.entry);
    const own = this.run.devices[this.device];
    const { count, shown } = this.run;
    this.note.textContent =
      `${this.entry.policy.runs > 1 ? `seed ${this.entry.read.seed}, ` : ""}${plural(own?.x.length ?? 0, "read")}` +
      `${own?.failures ? `, × ${own.failures} failed` : ""}` +
      `${shown < count ? `; every ${Math.round(count / shown)}th is in the page` : ""}`;
  }

  get reads() {
    return this.run?.devices[this.device];
  }

  draw(context, width, height) {
    const { box, x, y } = scales(width, height),
      colours = ink(),
      colour = colourOf(this.entry);
    if (this.run) drawZones(context, this.run, this.device, box, x, y, colour, colours);
    drawAxes(context, box, x, inGib(y), { x: logTime() ? "time (s), logarithmic" : "time (s)", y: "offset (GiB)" });
    if (!this.reads) return;
    drawDots(context, this.reads, box, x, y, logTime(), colour, colours.ink);
    if (hovered !== null) this.cursor(context, box, x, colours);
    const read = state.read && state.read[0] === this.entry.index ? state.read[1] : this.near;
    if (read !== undefined && read < this.run.columns.end_s.length)
      drawOrigin(context, this.run, read, this.device, box, x, y, colours.ink);
  }

  // The moment that the pointer is at, in all panels.
  cursor(context, box, x, colours) {
    const at = x(hovered);
    if (at < box.left || at > box.left + box.width) return;
    context.strokeStyle = colours.faint;
    context.lineWidth = 1;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(at, box.top);
    context.lineTo(at, box.top + box.height);
    context.stroke();
    context.setLineDash([]);
  }

  find(at) {
    if (!this.reads) return undefined;
    const { x, y } = scales(this.plot.width, this.plot.drawn),
      found = nearest(this.reads, x, y, at);
    return found < 0 ? undefined : this.reads.places[found];
  }

  hover(at) {
    hovered = at ? scales(this.plot.width, this.plot.drawn).x.invert(at.x) : null;
    const near = at ? this.find(at) : undefined;
    if (near !== this.near && near !== undefined && !state.read)
      byId("near").textContent = sentence(this.entry, this.run, near);
    this.near = near;
    later();
  }

  pick(at) {
    const found = this.find(at);
    change({ read: found === undefined ? null : [this.entry.index, found] });
  }

  pickOffset([top, bottom]) {
    const { y } = scales(this.plot.width, this.plot.drawn);
    if (bottom - top > 4) change({ offset: [y.invert(bottom), y.invert(top)] });
  }

  moveOffset(share) {
    const [low, high] = offsets(),
      by = (high - low) * share;
    change({ offset: [low + by, high + by] });
  }

  step(by) {
    const own = this.reads;
    if (!own?.x.length) return;
    const [begin, end] = within(own, time());
    const current = state.read?.[0] === this.entry.index ? own.places.indexOf(state.read[1]) : -1;
    let next = current < begin || current >= end ? (by > 0 ? begin : end - 1) : current + by;
    next = Math.min(Math.max(next, 0), own.x.length - 1);
    change({ read: [this.entry.index, own.places[next]] });
  }

  // The reads that are in sight.
  table() {
    const own = this.reads,
      [begin, end] = within(own, time()),
      { columns } = this.run,
      rows = [];
    for (let k = begin; k < end; ++k) {
      const i = own.places[k];
      rows.push([
        this.entry.label,
        this.entry.read.seed,
        this.entry.read.devids[this.device],
        columns.end_s[i],
        columns.physical[i],
        columns.logical[i],
        columns.bytes[i],
        columns.level[i] === 255 ? null : columns.level[i],
        columns.mirror[i],
        columns.error[i],
        columns.end_s[i] - columns.issued_s[i],
        columns.queue_s[i],
        columns.seek_s[i],
        columns.rotation_s[i],
        columns.transfer_s[i],
      ]);
    }
    return {
      head: [
        "policy",
        "seed",
        "device",
        "end (s)",
        "physical (bytes)",
        "logical (bytes)",
        "length (bytes)",
        "level",
        "mirror",
        "error",
        "latency (s)",
        "queue (s)",
        "seek (s)",
        "rotation (s)",
        "transfer (s)",
      ],
      rows,
    };
  }
}

let scheduled = false;
// Draws all panels in the next frame.
export function later() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const panel of panels) panel.plot.redraw();
  });
}
