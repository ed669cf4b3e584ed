// Two experiments beside each other: what differs, and the ratio of the second to the first, policy by policy.
import { firstColumns, withUnit } from "./columns.js";
import { data, experiments, sideNames } from "./data.js";
import { button, element, named, rowHead, scroller, table, textHead } from "./dom.js";
import { csv, save } from "./download.js";

const { comparison } = data;

export function differences() {
  if (comparison.differing.length === 0)
    return element("p", "Nothing: the same experiment by the same program.", { class: "note" });
  return element(
    "ul",
    undefined,
    { id: "differing" },
    ...comparison.differing.map((sentence) => element("li", undefined, {}, named(sentence))),
  );
}

export function sides() {
  return element(
    "dl",
    undefined,
    { class: "sides" },
    ...experiments.flatMap(({ name, title, headway, measured }, side) => [
      element("dt", sideNames[side]),
      element(
        "dd",
        undefined,
        {},
        named(name),
        ": ",
        named(title),
        `, ${measured ? "measured" : "simulated"} by headway ${headway}`,
      ),
    ]),
  );
}

// Better or worse where the interval says so, or, of one seed, nothing but the number.
function verdict(metric) {
  const { ratio, better } = metric;
  if (!ratio || ratio.low === undefined || !better) return "";
  if (ratio.low <= 1 && 1 <= ratio.high) return "no difference";
  return ratio.mean < 1 === (better === "lower") ? "better" : "worse";
}

function ratioCells(metric, policy) {
  if (policy.other_work) return [element("td", "other work", { class: "bad" }), ""];
  const what = verdict(metric);
  return [
    metric.ratio.text,
    element("td", what, { class: `verdict ${what === "better" ? "good" : what === "worse" ? "bad" : "faint"}` }),
  ];
}

function rows(all) {
  return comparison.policies.flatMap((policy) => {
    const shown = all
      ? policy.metrics.map((metric) => [metric, metric.name])
      : firstColumns
          .map(([name, title]) => [policy.metrics.find((metric) => metric.name === name), title])
          .filter(([metric]) => metric);
    return shown.map(([metric, title], k) => ({
      class: k === 0 ? "first" : "",
      cells: [
        k === 0 ? rowHead(named(policy.name)) : element("td"),
        element("td", withUnit(title, metric.unit), { class: "text" }),
        ...ratioCells(metric, policy),
        metric.first,
        metric.second,
      ],
    }));
  });
}

// How long the second took of the first's time, of the policies that can be compared.
export function besideHeadline() {
  const most = 5,
    told = [];
  for (const { name, metrics } of comparison.policies) {
    const elapsed = metrics.find((metric) => metric.name === "elapsed_s");
    if (elapsed?.ratio) told.push([name, elapsed.ratio.text, verdict(elapsed)]);
  }
  const line = element("p", undefined, { class: "headline" });
  const undone = comparison.policies.length - told.length;
  if (told.length > 0) line.append("B took of A's time: ");
  told.slice(0, most).forEach(([name, ratio, what], k) => {
    line.append(
      k > 0 ? ", " : "",
      named(name),
      " ",
      element("strong", ratio),
      what === "no difference" ? " (no difference)" : "",
    );
  });
  if (told.length > most) line.append(` and ${told.length - most} more`);
  if (told.length > 0) line.append(". ");
  if (undone > 0)
    line.append(
      element("span", `${undone === 1 ? "1 policy" : `${undone} policies`} did other work: not compared.`, {
        class: "bad",
      }),
    );
  return line;
}

export function besideTable() {
  const box = element("div"),
    host = element("div");
  if (comparison.policies.length === 0) {
    box.append(element("p", "No policy went well in both.", { class: "bad" }));
    return box;
  }
  const draw = (all) =>
    host.replaceChildren(
      scroller(
        "A beside B",
        table(
          "A beside B, and the ratio of B to A",
          ["policy", textHead("metric"), "B / A", textHead("verdict"), "A", "B"],
          rows(all),
        ),
      ),
    );
  const more = button(
    "All metrics",
    () => {
      const all = more.getAttribute("aria-pressed") !== "true";
      more.setAttribute("aria-pressed", String(all));
      draw(all);
    },
    { "aria-pressed": "false", id: "all-ratios" },
  );
  draw(false);
  const list = element("ul", undefined, { class: "remarks" });
  for (const { name, other_work } of comparison.policies)
    if (other_work)
      list.append(element("li", undefined, {}, named(name), `: other work, and so not compared: ${other_work}`));
  const both = new Set(comparison.policies.map(({ name }) => name));
  experiments.forEach(({ policies }, side) => {
    for (const { name, runs, failed, message } of policies) {
      if (both.has(name)) continue;
      list.append(
        element(
          "li",
          undefined,
          {},
          named(name),
          failed === runs
            ? `: failed in ${sideNames[side]}: ${message}`
            : `: not in both, or failed in the other; here only in the charts of ${sideNames[side]}`,
        ),
      );
    }
  });
  const save_all = () =>
    save(
      "A beside B.csv",
      "text/csv",
      csv(
        ["policy", "metric", "unit", "A", "B", "B / A", "low", "high", "other work"],
        comparison.policies.flatMap((policy) =>
          policy.metrics.map(({ name, unit, first, second, ratio }) => [
            policy.name,
            name,
            unit,
            first,
            second,
            ratio?.mean,
            ratio?.low,
            ratio?.high,
            policy.other_work,
          ]),
        ),
      ),
    );
  box.append(
    host,
    element("p", "Ratios are paired by seed, with their interval where there are several.", { class: "hint" }),
    list,
    element(
      "p",
      undefined,
      { class: "controls" },
      more,
      button("CSV", save_all, { "aria-label": "Download A beside B as CSV" }),
    ),
  );
  return box;
}
