// Mouse, fingers and keys on a chart. A finger that moves up or down scrolls the page; two zoom.
import { panTime, showAll, showShares, zoomTime } from "./view.js";
import { element } from "./dom.js";

const share = (box, x) => (x - box.left) / box.width;

class Gestures {
  constructor(plot, { box, hover, pick, pickOffset }) {
    Object.assign(this, { plot, box, hover, pick, pickOffset, pointers: new Map(), moved: 0 });
    this.frame = element("div", undefined, { class: "drag", hidden: "" });
    plot.host.append(this.frame);
    const { canvas } = plot;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.cancel(event));
    canvas.addEventListener("pointerleave", () => {
      if (this.pointers.size === 0) this.hover(null);
    });
    canvas.addEventListener("dblclick", showAll);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  at(event) {
    const { left, top } = this.plot.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  down(event) {
    if (event.button !== 0) return;
    const at = this.at(event);
    this.pointers.set(event.pointerId, { start: at, last: at });
    this.moved = this.pointers.size > 1 ? Infinity : 0;
    this.plot.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    const at = this.at(event),
      pointer = this.pointers.get(event.pointerId);
    if (!pointer) {
      this.hover(at);
      return;
    }
    const box = this.box();
    this.moved = Math.max(this.moved, Math.hypot(at.x - pointer.start.x, at.y - pointer.start.y));
    if (event.pointerType === "mouse") {
      pointer.last = at;
      if (this.moved > 4) this.showFrame(box, pointer.start, at, event.shiftKey && this.pickOffset);
      return;
    }
    if (this.pointers.size === 2) this.pinch(box, event.pointerId, at);
    else if (this.moved > 6) panTime(-(at.x - pointer.last.x) / box.width);
    pointer.last = at;
  }

  pinch(box, id, at) {
    const [other] = [...this.pointers].filter(([key]) => key !== id).map(([, pointer]) => pointer.last);
    const before = this.pointers.get(id).last,
      was = before.x - other.x,
      is = at.x - other.x;
    if (Math.abs(was) < 8 || Math.abs(is) < 8) return;
    zoomTime(Math.abs(was / is), share(box, other.x));
  }

  up(event) {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) return;
    this.cancel(event);
    const box = this.box(),
      at = this.at(event);
    if (this.moved <= 6) {
      this.pick(at, event.pointerType !== "mouse");
      return;
    }
    if (event.pointerType !== "mouse" || !(this.moved > 4)) return;
    const ends = [share(box, pointer.start.x), share(box, at.x)]
      .map((s) => Math.min(Math.max(s, 0), 1))
      .sort((a, b) => a - b);
    if (event.shiftKey && this.pickOffset) this.pickOffset([pointer.start.y, at.y].sort((a, b) => a - b));
    if (ends[1] - ends[0] > 3 / box.width) showShares(ends[0], ends[1]);
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.frame.hidden = true;
  }

  showFrame(box, a, b, both) {
    const left = Math.max(Math.min(a.x, b.x), box.left),
      right = Math.min(Math.max(a.x, b.x), box.left + box.width);
    const top = both ? Math.min(a.y, b.y) : box.top,
      bottom = both ? Math.max(a.y, b.y) : box.top + box.height;
    Object.assign(this.frame.style, {
      left: `${left + this.plot.canvas.offsetLeft}px`,
      top: `${top + this.plot.canvas.offsetTop}px`,
      width: `${right - left}px`,
      height: `${bottom - top}px`,
    });
    this.frame.hidden = false;
  }

  wheel(event) {
    const box = this.box();
    if (event.ctrlKey || event.metaKey) zoomTime(Math.exp(event.deltaY * 0.005), share(box, this.at(event).x));
    else if (event.shiftKey && event.deltaY) panTime(event.deltaY / box.width);
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) panTime(event.deltaX / box.width);
    else return;
    event.preventDefault();
  }
}

// `box()`: where the plot's data are; `hover(at or null)`, `pick(at, by_touch)`; `pickOffset([top, bottom])`, where a
// chart has an axis upwards to zoom; `keys`: of the chart's own, by name.
export function steer(plot, { box, hover, pick, pickOffset, keys = {} }) {
  new Gestures(plot, { box, hover, pick, pickOffset });
  const actions = {
    "+": () => zoomTime(0.5),
    "=": () => zoomTime(0.5),
    "-": () => zoomTime(2),
    0: showAll,
    Escape: showAll,
    ArrowLeft: () => panTime(-0.25),
    ArrowRight: () => panTime(0.25),
    Home: () => panTime(-1e9),
    End: () => panTime(1e9),
    ...keys,
  };
  plot.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
}
