// A chart on a canvas as wide as its place, with axes; the same drawing makes its SVG.
/*! d3-scale and what it needs: d3-array, d3-format, d3-interpolate, d3-color, d3-time, d3-time-format, internmap
Copyright 2010-2026 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE. */
import { scaleLinear, scaleLog } from "d3-scale";
import { button, element } from "./dom.js";
import { csv, save } from "./download.js";
import { SvgContext } from "./svg.js";
import { ink } from "./theme.js";

export const font = '12px system-ui, "DejaVu Sans", sans-serif';
const plots = new Set();

const seen = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) {
      target.plot.visible = isIntersecting;
      if (isIntersecting && target.plot.stale) target.plot.redraw();
    }
  },
  { rootMargin: "200px" },
);

// `draw(context, width, height)`; `label`: what it shows, for who cannot see it; `keys`: how it is steered, if it is.
export class Plot {
  constructor({ host, height, draw, label, keys }) {
    Object.assign(this, { host, draw, height, visible: true, stale: false });
    this.canvas = element(
      "canvas",
      undefined,
      keys
        ? { tabindex: 0, role: "application", "aria-roledescription": "chart", "aria-label": `${label}. ${keys}` }
        : { role: "img", "aria-label": label },
    );
    this.canvas.plot = this;
    this.label = label;
    host.append(this.canvas);
    plots.add(this);
    seen.observe(this.canvas);
  }

  // At once where somebody looks, else when it comes into sight; `at_once`: also where nobody does (paper).
  redraw(at_once = false) {
    if (!this.visible && this.width && !at_once) {
      this.stale = true;
      return;
    }
    this.stale = false;
    const width = Math.max(240, Math.floor(this.host.clientWidth)),
      ratio = devicePixelRatio || 1;
    const height = typeof this.height === "function" ? this.height() : this.height;
    if (this.width !== width || this.drawn !== height || this.ratio !== ratio) {
      Object.assign(this, { width, drawn: height, ratio });
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.circle = (x, y, r) => {
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
    };
    this.draw(context, width, height);
  }

  svg() {
    const context = new SvgContext(this.width, this.drawn, this.label);
    context.fillStyle = ink().paper;
    context.fillRect(0, 0, this.width, this.drawn);
    this.draw(context, this.width, this.drawn);
    return context.text();
  }

  remove() {
    plots.delete(this);
    seen.unobserve(this.canvas);
    this.canvas.remove();
  }
}

export const redrawAll = (at_once = false) => {
  for (const plot of plots) plot.redraw(at_once);
};

// `name`: of the files; `data()`: {head, rows}.
export function downloads(plot, name, data) {
  return element(
    "span",
    undefined,
    { class: "downloads" },
    button("SVG", () => save(`${name()}.svg`, "image/svg+xml", plot().svg()), {
      "aria-label": `Download ${name()} as SVG`,
    }),
    button(
      "CSV",
      () => {
        const { head, rows } = data();
        save(`${name()}.csv`, "text/csv", csv(head, rows));
      },
      { "aria-label": `Download the data of ${name()} as CSV` },
    ),
  );
}

// Where between the axes something lies; a logarithmic one begins above 0.
export function scale(domain, range, logarithmic) {
  const [low, high] = domain[0] < domain[1] ? domain : [domain[0] - 0.5, domain[0] + 0.5];
  return (logarithmic ? scaleLog() : scaleLinear()).domain([low, high]).range(range);
}

function tickTexts(axis, count) {
  const text = axis.tickFormat(count, axis.base ? "~g" : undefined);
  return axis.ticks(count).map((tick) => [tick, text(tick)]);
}

// The ticks of a list that do not run into each other.
function apart(ticks, place, size) {
  const kept = [];
  let last = -Infinity;
  for (const [tick, text] of [...ticks].sort((a, b) => place(a[0]) - place(b[0]))) {
    const at = place(tick),
      half = size(text) / 2;
    if (text && at - half < last + 6) {
      kept.push([tick, ""]);
      continue;
    }
    if (text) last = at + half;
    kept.push([tick, text]);
  }
  return kept;
}

// `box`: {left, top, width, height}.
export function drawAxes(context, box, x, y, titles) {
  const { faint, line } = ink(),
    { left, top, width, height } = box;
  context.save();
  context.font = font;
  context.fillStyle = faint;
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  const across = apart(tickTexts(x, Math.max(2, Math.floor(width / 90))), x, (text) => context.measureText(text).width);
  const up = y ? apart(tickTexts(y, Math.max(2, Math.floor(height / 45))), y, () => 12) : [];
  for (const [tick] of across) {
    const at = Math.round(x(tick)) + 0.5;
    context.moveTo(at, top);
    context.lineTo(at, top + height);
  }
  for (const [tick] of up) {
    const at = Math.round(y(tick)) + 0.5;
    context.moveTo(left, at);
    context.lineTo(left + width, at);
  }
  context.rect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.stroke();
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [tick, text] of across) {
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(Math.max(x(tick), half), left + width + 10 - half), top + height + 5);
  }
  context.fillText(titles.x, left + width / 2, top + height + 20);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [tick, text] of up) context.fillText(text, left - 6, y(tick));
  if (titles.y) {
    context.save();
    context.textAlign = "center";
    context.translate(9, top + height / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(titles.y, 0, 0);
    context.restore();
  }
  context.restore();
}

// Where the data go, between ticks and titles.
export const plotBox = (width, height) => ({ left: 72, top: 8, width: width - 72 - 14, height: height - 8 - 40 });
