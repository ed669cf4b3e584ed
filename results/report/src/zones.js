// The zones that a drive was sent to, and those that a mirror peer's lock kept it out of, behind the reads.

const least = 7; // points

// Of [[begin_s, end_s, set], ...]: where each lies on the device, as a rectangle of the chart.
function* rectangles(zones, sets, device, box, x, y) {
  const [from, to] = x.domain();
  for (const [begin, end, set] of zones) {
    if (end < from || begin > to) continue;
    for (const [place, low, high] of sets[set].spans) {
      if (place !== device) continue;
      const left = Math.max(x(Math.max(begin, from)), box.left),
        right = Math.min(x(Math.min(end, to)), box.left + box.width);
      const top = Math.max(y(high), box.top),
        bottom = Math.min(y(low), box.top + box.height);
      if (bottom <= top || right < left) continue;
      const height = Math.max(bottom - top, least); // a zone may be a thousandth of its device
      yield [left, Math.max(box.top, (top + bottom - height) / 2), Math.max(right - left, 0.75), height];
    }
  }
}

// Strokes that lean, each within the rectangle.
function hatch(context, [left, top, width, height]) {
  const gap = 9,
    lean = Math.min(height, 2000);
  for (let at = Math.ceil((left - lean) / gap) * gap; at < left + width; at += gap) {
    const begin = Math.max(at, left),
      end = Math.min(at + lean, left + width);
    if (end <= begin) continue;
    context.moveTo(begin, top + height - (begin - at) * (height / lean));
    context.lineTo(end, top + height - (end - at) * (height / lean));
  }
}

export function drawZones(context, run, device, box, x, y, colour, colours) {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.globalAlpha = 0.16;
  context.fillStyle = colour;
  context.beginPath();
  for (const area of rectangles(run.zones[device] ?? [], run.sets, device, box, x, y)) context.rect(...area);
  context.fill();
  context.globalAlpha = 0.55;
  context.strokeStyle = colours.faint;
  context.lineWidth = 0.8;
  context.beginPath();
  for (const area of rectangles(run.locks[device] ?? [], run.sets, device, box, x, y)) hatch(context, area);
  context.stroke();
  context.restore();
}

// The last of [[begin_s, ...], ...] that began by then, or null.
export function zoneAt(zones, t) {
  let low = 0,
    high = zones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (zones[middle][0] <= t) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? zones[low - 1] : null;
}
