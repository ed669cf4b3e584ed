// Head movement: the offset of each read over time, a panel a policy or a device, all on the same axes.
import { devids, entries } from "./data.js";
import { announce, button, byId, element, named, scroller } from "./dom.js";
import { later, show, shows } from "./panel.js";
import { reasonTable, sentence } from "./reason.js";
import { readsOf } from "./reads.js";
import { change, on, state } from "./state.js";
import { showAll } from "./view.js";

const most = 12; // panels: as many as fit the memory of a phone, and an eye

const chosenWithReads = () =>
  [...state.chosen]
    .sort((a, b) => a - b)
    .map((place) => entries[place])
    .filter((entry) => entry.read);

// What is to be drawn: [{entry, device}].
function wanted() {
  const some = chosenWithReads();
  if (state.facet === "policies") return some.map((entry) => ({ entry, device: state.device }));
  const entry = some[0];
  return entry ? entry.read.devids.map((_, device) => ({ entry, device })) : [];
}

async function showReason() {
  const box = byId("reason"),
    entry = state.read ? entries[state.read[0]] : null;
  const run = entry ? await readsOf(entry) : null;
  if (!run || state.read[1] >= run.columns.end_s.length) {
    box.replaceChildren();
    return;
  }
  const place = state.read[1],
    device = run.columns.device[place];
  const choose = (other) =>
    change({
      read: [entry.index, other],
      ...(state.facet === "policies" ? { device: run.columns.device[other] } : {}),
    });
  box.replaceChildren(
    scroller("Why this read", reasonTable(entry, run, place, choose)),
    button("Close", () => change({ read: null }), { class: "small" }),
  );
  announce(sentence(entry, run, place));
  if (state.facet === "policies" && device !== state.device && !shows(device)) change({ device });
}

let round = 0;
async function build() {
  const mine = ++round,
    all = wanted(),
    panels = show(byId("panels"), all.slice(0, most));
  byId("head-note").textContent =
    all.length > most
      ? `The first ${most} of ${all.length} ${state.facet === "policies" ? "chosen policies" : "devices"} are drawn.`
      : emptyNote(all);
  byId("near").textContent = "";
  await Promise.all(panels.map((panel) => panel.load()));
  if (mine !== round) return;
  for (const panel of panels) panel.plot.redraw();
}

function emptyNote(all) {
  if (all.length > 0) return "";
  if (!entries.some((entry) => entry.read)) return "No reads: run with --trace to see each of them.";
  return chosenWithReads().length === 0 && state.chosen.size > 0
    ? "None of the chosen policies has a trace."
    : "No policy is chosen.";
}

function controls() {
  const device = element("select", undefined, { id: "device" });
  devids.forEach((devid, place) => device.append(element("option", devid, { value: place })));
  device.addEventListener("change", () => change({ device: Number(device.value), offset: null }));
  const facet = element("select", undefined, { id: "facet" });
  facet.append(
    element("option", "policies", { value: "policies" }),
    element("option", "devices of the first policy", { value: "devices" }),
  );
  facet.addEventListener("change", () => change({ facet: facet.value, offset: null }));
  const tell = () => {
    device.value = state.device;
    facet.value = state.facet;
    device.disabled = state.facet === "devices";
  };
  on(["device", "facet"], tell);
  tell();
  return element(
    "p",
    undefined,
    { class: "controls" },
    element("label", "Panels ", {}, facet),
    element("label", "Device ", {}, device),
    button("Whole run", showAll, { id: "reset" }),
  );
}

const legend = () =>
  element(
    "ul",
    undefined,
    { class: "legend" },
    element("li", undefined, {}, element("span", undefined, { class: "key zone" }), "zone that the drive was sent to"),
    element(
      "li",
      undefined,
      {},
      element("span", undefined, { class: "key lock" }),
      "zone that a mirror peer's lock keeps this drive out of, as far as there is another",
    ),
    element("li", "× failed read"),
    element("li", "– – line to the read that it came from"),
  );

export function headSection() {
  return [
    controls(),
    legend(),
    element(
      "p",
      "Drag to zoom (with Shift in both directions), Ctrl and wheel or two fingers as well; " +
        "a click or tap on a read tells why it was made. Keys: + − ← → ↑ ↓ 0, and , . to step through reads.",
      { class: "hint" },
    ),
    element("p", "", { id: "head-note", class: "note" }),
    element("div", undefined, { id: "panels" }),
    element("p", "", { id: "near", class: "note" }),
    element("div", undefined, { id: "reason" }),
  ];
}

export async function startHead() {
  on(["chosen", "device", "facet"], build);
  on(["time", "offset", "logTime", "read"], later);
  on(["read"], showReason);
  await build();
  await showReason();
}
