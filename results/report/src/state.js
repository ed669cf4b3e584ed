// What the reader has chosen. It stands in the address behind the #, so that a link shows the same; whoever draws
// listens.
import { devids, entries, firstEntries } from "./data.js";

const listeners = [];
const initial = {
  chosen: firstEntries(), // places of entries in charts
  device: 0, // its place
  facet: "policies", // of the head chart: a panel a policy, or a device
  time: null, // [from, to] in seconds; null: all
  offset: null, // [from, to] in bytes
  logTime: null, // null: as the writer found best
  logValue: false,
  metric: "elapsed_s",
  each: false, // seeds one by one
  read: null, // [entry, place of the read]
  open: new Set(), // policies whose seeds are shown in the table
  theme: null, // "light", "dark"; null: as the browser has it
};
export const state = { ...initial };

const range = (text) => {
  const ends = text.split("..").map(Number);
  return ends.length === 2 && ends.every(Number.isFinite) && ends[0] < ends[1] ? ends : null;
};
const places = (words) =>
  new Set(words.map((word) => entries.findIndex((entry) => entry.key === word)).filter((place) => place >= 0));

// What of it the address does not say is as at first.
function fromAddress() {
  const words = new URLSearchParams(location.hash.slice(1)),
    next = { ...initial };
  if (words.has("show")) next.chosen = places(words.getAll("show"));
  if (words.has("open")) next.open = places(words.getAll("open"));
  if (words.has("device"))
    next.device = Math.max(
      0,
      devids.findIndex((devid) => String(devid) === words.get("device")),
    );
  if (words.get("panels") === "devices") next.facet = "devices";
  if (words.has("time")) next.time = range(words.get("time"));
  if (words.has("offset")) next.offset = range(words.get("offset"));
  if (words.has("log-time")) next.logTime = words.get("log-time") === "yes";
  if (words.has("log")) next.logValue = words.get("log") === "yes";
  if (words.has("metric")) next.metric = words.get("metric");
  if (words.has("seeds")) next.each = words.get("seeds") === "each";
  if (words.has("read")) {
    const place = entries.findIndex((entry) => entry.key === words.get("of")),
      read = Number(words.get("read"));
    if (place >= 0 && Number.isInteger(read) && read >= 0) next.read = [place, read];
  }
  if (["light", "dark"].includes(words.get("theme"))) next.theme = words.get("theme");
  return next;
}

function address() {
  const words = new URLSearchParams();
  const same = (a, b) => a.size === b.size && [...a].every((one) => b.has(one));
  if (!same(state.chosen, initial.chosen)) {
    for (const place of state.chosen) words.append("show", entries[place].key);
    if (state.chosen.size === 0) words.append("show", "");
  }
  for (const place of state.open) words.append("open", entries[place].key);
  if (state.device !== 0) words.set("device", devids[state.device]);
  if (state.facet !== "policies") words.set("panels", state.facet);
  if (state.time) words.set("time", state.time.map((t) => Number(t.toPrecision(7))).join(".."));
  if (state.offset) words.set("offset", state.offset.map(Math.round).join(".."));
  if (state.logTime !== null) words.set("log-time", state.logTime ? "yes" : "no");
  if (state.logValue) words.set("log", "yes");
  if (state.metric !== initial.metric) words.set("metric", state.metric);
  if (state.each) words.set("seeds", "each");
  if (state.read) {
    words.set("of", entries[state.read[0]].key);
    words.set("read", state.read[1]);
  }
  if (state.theme) words.set("theme", state.theme);
  return words.toString();
}

let waiting = false,
  changed = new Set(),
  written;

function tell() {
  waiting = false;
  const keys = changed;
  changed = new Set();
  for (const [of, listener] of listeners) if (of.some((key) => keys.has(key))) listener();
  clearTimeout(written);
  written = setTimeout(writeAddress, 200);
}

export function writeAddress() {
  clearTimeout(written);
  const words = address();
  if (words !== location.hash.slice(1))
    history.replaceState(null, "", words ? `#${words}` : location.pathname + location.search);
}

// Listeners hear of all changes of a frame at once.
export function change(patch) {
  Object.assign(state, patch);
  for (const key of Object.keys(patch)) changed.add(key);
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(tell);
  }
}

export const on = (keys, listener) => listeners.push([keys, listener]);
export const reset = () => change({ ...initial, theme: state.theme });

Object.assign(state, fromAddress());
addEventListener("hashchange", () => {
  if (location.hash.slice(1) !== address()) change(fromAddress());
});
