// Why a read was made, and where its time went: as a table, and as a line to the read that it came from.
import { entries } from "./data.js";
import { button, element, named, rowHead, table } from "./dom.js";
import { bytes, number, plural, seconds } from "./numbers.js";
import { firstNotBelow } from "./reads.js";
import { zoneAt } from "./zones.js";

const nowhere = 2 ** 32 - 1;
export const parentOf = ({ columns }, place) => {
  const parent = columns.parent?.[place] ?? nowhere;
  return parent === nowhere ? null : parent;
};
export const latency = ({ columns }, place) => columns.end_s[place] - columns.issued_s[place];
const deviceName = (entry, place) => `device ${entry.read.devids[place]}`;

// At the moment of issue: what else was in flight at this drive.
function othersInFlight({ columns }, place) {
  const most = 65536,
    t = columns.issued_s[place],
    device = columns.device[place];
  let others = 0;
  const first = firstNotBelow(columns.end_s, t);
  for (let k = first; k < Math.min(columns.end_s.length, first + most); ++k) {
    if (k !== place && columns.device[k] === device && columns.end_s[k] > t && columns.issued_s[k] <= t) ++others;
  }
  return others;
}

function zoneText(entry, run, place) {
  const device = run.columns.device[place],
    t = run.columns.issued_s[place],
    zone = zoneAt(run.zones[device] ?? [], t);
  if (!zone) return "none: the policy sends no read pointer";
  return `logical ${number(run.sets[zone[2]].logical)}, read since ${seconds(zone[0])}`;
}

function lockText(entry, run, place) {
  const device = run.columns.device[place],
    t = run.columns.issued_s[place],
    zone = zoneAt(run.zones[device] ?? [], t);
  if (!zone || entry.policy.peer_lock !== true) return "";
  const peers = [...new Set(run.sets[zone[2]].spans.map(([peer]) => peer))].filter((peer) => peer !== device);
  if (peers.length === 0) return "";
  const there = peers.filter((peer) => zoneAt(run.zones[peer] ?? [], t)?.[2] === zone[2]);
  return (
    `keeps ${peers.map((peer) => deviceName(entry, peer)).join(", ")} out of this zone` +
    (there.length
      ? `, as far as there is another: ${there.map((peer) => deviceName(entry, peer)).join(", ")} read it as well`
      : "")
  );
}

// Of its latency: [name, seconds].
export function parts({ columns }, place) {
  const of = (name) => columns[name][place];
  if (Number.isNaN(of("seek_s"))) return [];
  const known = [
    ["queue", of("queue_s")],
    ["seek", of("seek_s")],
    ["rotation", of("rotation_s")],
    ["transfer", of("transfer_s")],
  ];
  const rest = latency({ columns }, place) - known.reduce((sum, [, value]) => sum + value, 0);
  return [...known, ["other", Math.max(0, rest)]];
}

function partsBar(all) {
  const bar = element("div", undefined, { class: "parts", "aria-hidden": "true" }),
    sum = all.reduce((total, [, value]) => total + value, 0);
  for (const [name, value] of all) {
    if (!(value > 0)) continue;
    const piece = element("span", undefined, { class: `part-${name}` });
    piece.style.flexGrow = String(value / sum);
    bar.append(piece);
  }
  return bar;
}

// One sentence, for who hears it.
export function sentence(entry, run, place) {
  const { columns } = run,
    all = parts(run, place);
  return (
    `${entry.label}: read of ${bytes(columns.bytes[place])} on ${deviceName(entry, columns.device[place])}, ` +
    `ended at ${seconds(columns.end_s[place])}` +
    `${columns.error[place] ? ` with error ${columns.error[place]}` : ""}, took ${seconds(latency(run, place))}` +
    (all.length
      ? ` = ${all.map(([name, value]) => `${name} ${seconds(value)}`).join(" + ")}`
      : "; what for a measured drive does not tell")
  );
}

function originCell(entry, run, place, choose) {
  const cell = element("td");
  if (!run.columns.parent) {
    cell.append("not known: the layout that was read is not there");
    return cell;
  }
  const parent = parentOf(run, place);
  if (parent === null) {
    cell.append(
      run.shown < run.count
        ? "a read that is not shown, the root, or a block that was asked for by itself"
        : "no read before it: the root, or a block that was asked for by itself",
    );
    return cell;
  }
  const { columns } = run;
  cell.append(
    `the node of level ${columns.level[parent]} that ${deviceName(entry, columns.device[parent])} brought `,
    `${seconds(columns.issued_s[place] - columns.end_s[parent])} before `,
    button("Go to it", () => choose(parent), { class: "small" }),
  );
  return cell;
}

// `choose(place)` shows another read of the same run.
export function reasonTable(entry, run, place, choose) {
  const { columns } = run,
    all = parts(run, place),
    time = element("td");
  time.append(
    seconds(latency(run, place)),
    all.length
      ? ` = ${all.map(([name, value]) => `${name} ${seconds(value)}`).join(" + ")}`
      : "; what for a measured drive does not tell",
  );
  if (all.length) time.append(partsBar(all));
  const level =
    columns.level[place] === 255
      ? "file data"
      : columns.level[place] === 0
        ? "leaf"
        : `node of level ${columns.level[place]}`;
  const lock = lockText(entry, run, place);
  const rows = [
    ["policy", element("td", undefined, {}, named(entry.label), `, seed ${entry.read.seed}`)],
    [
      "read",
      element(
        "td",
        `${bytes(columns.bytes[place])} at logical ${number(columns.logical[place])}, ` +
          `${level}, copy ${columns.mirror[place]}`,
      ),
    ],
    [
      "where",
      element(
        "td",
        `${deviceName(entry, columns.device[place])}, offset ${(columns.physical[place] / 2 ** 30).toFixed(4)} GiB`,
      ),
    ],
    ["when", element("td", `issued at ${seconds(columns.issued_s[place])}, ended at ${seconds(columns.end_s[place])}`)],
    ...(columns.error[place] ? [["failed", element("td", `error ${columns.error[place]}`, { class: "bad" })]] : []),
    ["took", time],
    ["came from", originCell(entry, run, place, choose)],
    ["zone", element("td", zoneText(entry, run, place))],
    ...(lock ? [["mirror lock", element("td", lock)]] : []),
    [
      "beside it",
      element("td", `${plural(othersInFlight(run, place), "other read")} in flight at this drive when it was issued`),
    ],
  ];
  return table(
    "Why this read",
    ["what", "value"],
    rows.map(([name, cell]) => [rowHead(name), cell]),
    "texts",
  );
}

// From issue to end, and from the end of the read that it came from; on other devices from the chart's edge.
export function drawOrigin(context, run, place, device, box, x, y, colour) {
  const { columns } = run,
    across = (t) => x(x.base ? Math.max(t, x.domain()[0] / 1000) : t); // a logarithmic axis has no 0
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = colour;
  for (let at = place, step = 0; at !== null && step < 16; ++step) {
    const parent = parentOf(run, at),
      py = y(columns.physical[at]),
      here = columns.device[at] === device;
    context.lineWidth = step === 0 ? 1.8 : 1;
    context.beginPath();
    if (here) {
      context.setLineDash([]);
      context.moveTo(across(columns.issued_s[at]), py);
      context.lineTo(across(columns.end_s[at]), py);
      context.stroke();
    }
    if (parent !== null && (here || columns.device[parent] === device)) {
      context.setLineDash([5, 3]);
      context.beginPath();
      context.moveTo(
        across(columns.end_s[parent]),
        columns.device[parent] === device ? y(columns.physical[parent]) : box.top,
      );
      context.lineTo(across(columns.issued_s[at]), here ? py : box.top);
      context.stroke();
    }
    at = parent;
  }
  context.setLineDash([]);
  if (columns.device[place] === device) {
    context.lineWidth = 2;
    context.beginPath();
    context.circle(across(columns.end_s[place]), y(columns.physical[place]), 6);
    context.stroke();
  }
  context.restore();
}

export const entryOf = (read) => (read ? entries[read[0]] : null);
