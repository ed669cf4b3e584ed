// One experiment's comparison: a row a policy with means and intervals, its seeds where one asks for them.
import { swatch } from "./chooser.js";
import { firstColumns, hasValues, metricOf, withUnit } from "./columns.js";
import { data, entries } from "./data.js";
import { button, element, named, rowHead, scroller, table } from "./dom.js";
import { csv, save } from "./download.js";
import { plural } from "./numbers.js";
import { change, on, state } from "./state.js";

const ownEntries = (experiment) => entries.filter((entry) => entry.experiment === experiment);

function nameCell(entry) {
  const { policy } = entry,
    several = policy.runs > 1;
  const cell = rowHead(swatch(entry), named(policy.name));
  if (policy.baseline) cell.append(" ", element("span", "baseline", { class: "tag" }));
  if (policy.undone || policy.other_work)
    cell.append(" ", element("span", "*", { title: policy.undone || policy.other_work, class: "bad" }));
  if (!several) return cell;
  const open = state.open.has(entry.index);
  cell.append(
    " ",
    button(
      `${open ? "▾" : "▸"} ${plural(policy.runs, "seed")}`,
      () => {
        const next = new Set(state.open);
        if (!next.delete(entry.index)) next.add(entry.index);
        change({ open: next });
      },
      { class: "small", "aria-expanded": String(open), "data-seeds": entry.index },
    ),
  );
  return cell;
}

function seedRows(entry, shown) {
  return entry.policy.seeds.map((seed, k) => ({
    class: "seed",
    cells: [
      rowHead(`seed ${seed.seed}`),
      ...(seed.status === "ok"
        ? ["", ...shown.map(({ metric }) => metric.seeds[entry.place][k].text)]
        : [element("td", `failed: ${seed.message}`, { class: "bad", colspan: shown.length + 1 })]),
    ],
  }));
}

function rows(own, shown) {
  return own.flatMap((entry) => {
    const { policy, place } = entry;
    const cells = entry.failed
      ? [element("td", `failed: ${policy.message}`, { class: "bad", colspan: shown.length + 1 })]
      : [policy.speed_up.text, ...shown.map(({ metric }) => metric.policies[place].text)];
    return [[nameCell(entry), ...cells], ...(state.open.has(entry.index) ? seedRows(entry, shown) : [])];
  });
}

// What each left undone, and which seeds failed, below the table.
function remarks(own) {
  const list = element("ul", undefined, { class: "remarks" });
  for (const { policy } of own) {
    const say = (text) => list.append(element("li", undefined, {}, named(policy.name), `: ${text}`));
    if (policy.failed > 0 && policy.runs > 1) say(`${policy.failed} of ${policy.runs} seeds failed: ${policy.message}`);
    if (policy.undone) say(policy.undone);
    if (policy.other_work) say(`other work than the baseline, and so not compared: ${policy.other_work}`);
  }
  return list;
}

// All metrics of all policies and seeds, in base units.
export function resultsCsv(experiment) {
  const metrics = experiment.metrics.filter(hasValues),
    names = metrics.map((metric) => (metric.base_unit ? `${metric.name} (${metric.base_unit})` : metric.name));
  const head = [
    "policy",
    "runs",
    "failed",
    ...names.flatMap((name) => [`${name}: mean`, `${name}: low`, `${name}: high`]),
  ];
  return csv(
    head,
    experiment.policies.map((policy, place) => [
      policy.name,
      policy.runs,
      policy.failed,
      ...metrics.flatMap((metric) => {
        const { mean, low, high } = metric.policies[place];
        return [mean, low, high];
      }),
    ]),
  );
}

export function comparisonTable(experiment, caption) {
  const own = ownEntries(experiment),
    host = element("div");
  const shown = firstColumns
    .map(([name, title]) => ({ title, metric: metricOf(experiment, name) }))
    .filter(({ metric }) => hasValues(metric));
  const draw = () => {
    const head = ["policy", "speed-up", ...shown.map(({ title, metric }) => withUnit(title, metric.unit))];
    const focused = document.activeElement?.dataset?.seeds;
    host.replaceChildren(scroller(caption, table(caption, head, rows(own, shown))));
    if (focused) host.querySelector(`[data-seeds="${focused}"]`)?.focus();
  };
  on(["open", "theme"], draw);
  draw();
  const several = own.some(({ policy }) => policy.runs > 1);
  const box = element("div", undefined, {}, host);
  if (own.length === 0) {
    box.replaceChildren(element("p", "These results have no runs.", { class: "note" }));
    return box;
  }
  if (several)
    box.append(
      element(
        "p",
        `Means over the seeds, ± to the ends of the ${data.confidence} % interval; speed-up paired by seed.`,
        { class: "hint" },
      ),
    );
  if (experiment.until) box.append(element("p", experiment.until, { class: "hint" }));
  box.append(
    remarks(own),
    element(
      "p",
      undefined,
      { class: "controls" },
      button("All metrics as CSV", () => save(`${experiment.title}.csv`, "text/csv", resultsCsv(experiment))),
    ),
  );
  return box;
}

function fastest(experiment) {
  let best = null;
  for (const policy of experiment.policies) {
    if (policy.baseline || policy.speed_up.mean === null || /[a-z]/.test(policy.speed_up.text.replace("×", "")))
      continue;
    if (!best || policy.speed_up.mean > best.speed_up.mean) best = policy;
  }
  return best;
}

// What came out, in a sentence or two.
export function headline(experiment) {
  const base = experiment.policies.find((policy) => policy.baseline),
    best = fastest(experiment),
    line = element("p", undefined, { class: "headline" });
  if (best && base)
    line.append(
      named(best.name),
      best.speed_up.mean >= 1 ? " is fastest: " : " comes nearest: ",
      element("strong", best.speed_up.text),
      " as fast as ",
      named(base.name),
      ", the baseline. ",
    );
  const held = experiment.verdicts.filter((verdict) => verdict.holds).length,
    all = experiment.verdicts.length;
  if (all > 0)
    line.append(
      element(
        "span",
        held === all
          ? `All ${plural(all, "expectation")} hold${all === 1 ? "s" : ""}.`
          : `${all - held} of ${plural(all, "expectation")} broken.`,
        { class: held === all ? "good" : "bad" },
      ),
      " ",
    );
  const failed = experiment.policies.reduce((sum, policy) => sum + policy.failed, 0);
  if (failed > 0) line.append(element("span", `${plural(failed, "run")} failed.`, { class: "bad" }), " ");
  const undone = experiment.policies.filter((policy) => policy.other_work).length;
  if (undone > 0)
    line.append(
      element("span", `${undone === 1 ? "1 policy" : `${undone} policies`} did other work: not compared.`, {
        class: "bad",
      }),
    );
  return line;
}
