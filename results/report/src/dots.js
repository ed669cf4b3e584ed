// Reads as dots. Each place of the chart is painted once, however many reads fall on it, straight into pixels: a
// million stay fluid, and no read is left out.
import { firstNotBelow } from "./reads.js";

const few = 3000; // up to so many are drawn one by one, larger

// How many of one device's reads, and which, lie within the scale's ends.
export function within({ x }, [from, to]) {
  return [firstNotBelow(x, from), firstNotBelow(x, to * (1 + 1e-12))];
}

// A straight line from values, or from their logarithms, to places.
function line(scale, logarithmic, origin, cell) {
  const [low, high] = scale.domain().map((value) => (logarithmic ? Math.log(value) : value)),
    [first, last] = scale.range();
  const slope = (last - first) / (high - low) / cell;
  return { slope, start: (first - origin) / cell - slope * low };
}

let painted = new Uint8Array(0);

// Marks each cell of the box that has a read, with 2 where one failed.
function mark(reads, [begin, end], box, x, y, logarithmic, cell) {
  const columns = Math.ceil(box.width / cell),
    rows = Math.ceil(box.height / cell);
  if (painted.length < columns * rows) painted = new Uint8Array(columns * rows);
  painted.fill(0);
  const across = line(x, logarithmic, box.left, cell),
    up = line(y, false, box.top, cell);
  const xs = reads.x,
    ys = reads.y,
    { failed } = reads;
  for (let i = begin; i < end; ++i) {
    const column = Math.floor((logarithmic ? Math.log(xs[i]) : xs[i]) * across.slope + across.start),
      row = Math.floor(ys[i] * up.slope + up.start);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    painted[row * columns + column] |= 1 + failed[i];
  }
  return { columns, rows };
}

let layer = null,
  image = null;

// Kept from frame to frame, since all panels are of one size.
function pixelsOf(columns, rows) {
  if (layer?.width !== columns || layer.height !== rows) {
    layer = new OffscreenCanvas(columns, rows);
    image = new ImageData(columns, rows);
  }
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(0);
  return pixels;
}

function paint(context, { columns, rows }, box, cell, colour) {
  const pixels = pixelsOf(columns, rows);
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const value = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  for (let i = 0; i < pixels.length; ++i) if (painted[i]) pixels[i] = value;
  layer.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(layer, box.left, box.top, columns * cell, rows * cell);
}

// As runs of cells, a path.
function trace(context, { columns, rows }, box, cell, colour) {
  context.fillStyle = colour;
  context.beginPath();
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ++column) {
      if (!painted[row * columns + column]) continue;
      const start = column;
      while (column < columns && painted[row * columns + column]) ++column;
      context.rect(box.left + start * cell, box.top + row * cell, (column - start) * cell, cell);
    }
  }
  context.fill();
}

function crosses(context, at, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  for (const [x, y] of at) {
    context.moveTo(x - 3, y - 3);
    context.lineTo(x + 3, y + 3);
    context.moveTo(x - 3, y + 3);
    context.lineTo(x + 3, y - 3);
  }
  context.stroke();
}

export function drawDots(context, reads, box, x, y, logarithmic, colour, ink) {
  const range = within(reads, x.domain()),
    [begin, end] = range;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const failures = [];
  if (end - begin <= few) {
    context.fillStyle = colour;
    context.beginPath();
    for (let i = begin; i < end; ++i) {
      const px = x(reads.x[i]),
        py = y(reads.y[i]);
      if (reads.failed[i]) failures.push([px, py]);
      else context.rect(px - 1.75, py - 1.75, 3.5, 3.5);
    }
    context.fill();
  } else {
    const cell = 2,
      size = mark(reads, range, box, x, y, logarithmic, cell);
    for (let k = 0; reads.failures > 0 && k < size.columns * size.rows; ++k) {
      if (painted[k] & 2)
        failures.push([
          box.left + ((k % size.columns) + 0.5) * cell,
          box.top + (Math.floor(k / size.columns) + 0.5) * cell,
        ]);
    }
    (context.isSvg ? trace : paint)(context, size, box, cell, colour);
  }
  crosses(context, failures, ink);
  context.restore();
}

// The place of the read that is drawn nearest to a point, or -1.
export function nearest(reads, x, y, at) {
  const reach = 24;
  let best = -1,
    least = reach * reach;
  const begin = firstNotBelow(reads.x, x.invert(at.x - reach)),
    last = x.invert(at.x + reach);
  for (let i = begin; i < reads.x.length && reads.x[i] <= last; ++i) {
    const dx = x(reads.x[i]) - at.x,
      dy = y(reads.y[i]) - at.y,
      far = dx * dx + dy * dy;
    if (far < least) {
      least = far;
      best = i;
    }
  }
  return best;
}
