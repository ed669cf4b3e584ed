// The stretch of time that all charts show: one for all, so that their axes stay linked.
import { data, entries } from "./data.js";
import { change, state } from "./state.js";

export const logTime = () => state.logTime ?? data.time_axis.logarithmic;

// All of what the chosen entries took.
export function wholeTime() {
  let end = 0,
    first = Infinity;
  for (const place of state.chosen) {
    const starts = entries[place]?.policy.course?.start_s;
    if (!starts?.length) continue;
    const last = starts.at(-1);
    end = Math.max(end, last);
    first = Math.min(first, last);
  }
  if (!(end > 0)) end = data.time_axis.high_s;
  const low = logTime()
    ? Math.min(
        data.time_axis.logarithmic ? data.time_axis.low_s : end / 1000,
        (Number.isFinite(first) ? first : end) * 0.05,
      )
    : 0;
  return [low, end * 1.005];
}

export function time() {
  const whole = wholeTime();
  if (!state.time) return whole;
  return logTime() && state.time[0] <= 0 ? [Math.min(whole[0], state.time[1] / 10), state.time[1]] : state.time;
}

const to = (t) => (logTime() ? Math.log(t) : t),
  from = (t) => (logTime() ? Math.exp(t) : t);

// From shares of what is shown, on the axis as it is drawn; never beyond the whole, nor closer than a double tells.
export function showShares(low, high) {
  const [first, last] = time().map(to),
    [least, most] = wholeTime().map(to),
    width = last - first;
  let a = first + low * width,
    b = first + high * width;
  const span = Math.min(Math.max(b - a, (most - least) * 1e-7), most - least);
  if (b - a < span) {
    const middle = (a + b) / 2;
    a = middle - span / 2;
  }
  a = Math.min(Math.max(a, least), most - span);
  b = a + span;
  change({ time: span >= (most - least) * 0.9999 ? null : [from(a), from(b)] });
}

// `factor` above 1 shows more; around the share of the axis that is not to move.
export const zoomTime = (factor, around = 0.5) => showShares(around - factor * around, around + factor * (1 - around));
export const panTime = (share) => showShares(share, 1 + share);
export const showAll = () => change({ time: null, offset: null });
