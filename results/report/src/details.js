// What stands below the charts, of one experiment: expectations, published figures, workloads, notes, where the time
// went, all metrics, and what it was.
import { hasValues } from "./columns.js";
import { captionOf, entries } from "./data.js";
import { element, named, rowHead, scroller, table, textHead } from "./dom.js";
import { bytes } from "./numbers.js";
import { on, state } from "./state.js";

export function verdicts(experiment) {
  if (experiment.verdicts.length === 0) return null;
  const rows = experiment.verdicts.map(({ holds, sentence }) => [
    element("td", holds ? "✓ holds" : "✗ broken", { class: holds ? "good" : "bad" }),
    element("td", undefined, { class: "text" }, named(sentence)),
  ]);
  return scroller(
    captionOf(experiment, "Expectations"),
    table("What the scenario expects, and whether it came", ["verdict", "expectation"], rows, "texts"),
  );
}

export function published(experiment) {
  if (experiment.published.length === 0) return null;
  const rows = experiment.published.map((each) =>
    [each.what, each.published, each.here, each.verdict, each.source].map((text) =>
      element("td", undefined, { class: "text" }, named(text)),
    ),
  );
  return scroller(
    captionOf(experiment, "Published figures"),
    table(
      "What has been published, beside what came out here",
      ["published", "value", "here", "verdict", "source"],
      rows,
      "texts",
    ),
  );
}

// What the figures do not cover.
export function notes(experiment) {
  if (experiment.notes.length === 0) return null;
  return element(
    "ul",
    undefined,
    { class: "notes" },
    ...experiment.notes.map((note) => element("li", undefined, {}, named(note))),
  );
}

export function gaps(experiment) {
  const told = experiment.policies.flatMap((policy) =>
    policy.seeds.filter((seed) => seed.gap).map((seed) => ({ policy, seed })),
  );
  const list = element("ul", undefined, { id: "gaps" });
  for (const { policy, seed } of told)
    list.append(
      element("li", undefined, {}, named(policy.name), `${policy.runs > 1 ? `, seed ${seed.seed}` : ""}: ${seed.gap}`),
    );
  if (told.length === 0)
    list.append(element("li", "No trace: run with --trace to see where the time beyond the bound went."));
  return list;
}

// Metrics as rows, the chosen policies as columns, since there may be a hundred.
function metricTable(experiment, caption, metrics) {
  const host = element("div");
  const draw = () => {
    const own = entries.filter(
      (entry) => entry.experiment === experiment && !entry.failed && state.chosen.has(entry.index),
    );
    const head = [
      "metric",
      "unit",
      ...own.map((entry) => element("th", undefined, { scope: "col" }, named(entry.policy.name))),
    ];
    const rows = metrics.map((metric) => [
      element("th", metric.name, { scope: "row", title: metric.sentence }),
      metric.unit,
      ...own.map((entry) => metric.policies[entry.place].text),
    ]);
    host.replaceChildren(scroller(captionOf(experiment, caption), table(caption, head, rows)));
  };
  on(["chosen"], draw);
  draw();
  return host;
}

export const allMetrics = (experiment) =>
  metricTable(experiment, "All metrics of the chosen policies", experiment.metrics.filter(hasValues));

// What workloads are compared by, and behind it all that they measured.
const first = [
  "elapsed_s",
  "wait_time_s",
  "throughput_bytes_per_s",
  "reads_per_s",
  "latency_s_mean",
  "latency_s_p99",
  "write_latency_s_p99",
  "errors",
];

function workloadRows(experiment, used) {
  return experiment.workloads.flatMap(({ name, metrics }) =>
    experiment.policies.flatMap((policy, place) => {
      if (policy.failed === policy.runs) return [];
      const cells = used.map((wanted) => {
        const metric = metrics.find((one) => one.name === wanted),
          text = metric?.policies[place].text ?? "-";
        return text === "-" ? text : `${text} ${metric.unit}`;
      });
      return [[rowHead(named(name)), element("td", undefined, { class: "text name" }, named(policy.name)), ...cells]];
    }),
  );
}

export function workloads(experiment) {
  const of = (wanted) => experiment.workloads.some(({ metrics }) => metrics.some(wanted));
  const used = first.filter((name) => of((metric) => metric.name === name)),
    rows = workloadRows(experiment, used);
  if (rows.length === 0) return null;
  const box = element(
    "div",
    undefined,
    {},
    scroller(
      captionOf(experiment, "Workloads"),
      table("What workloads measured of themselves", ["workload", textHead("policy"), ...used], rows),
    ),
  );
  if (!of((metric) => !used.includes(metric.name))) return box;
  for (const { name, metrics } of experiment.workloads)
    box.append(
      element(
        "details",
        undefined,
        {},
        element("summary", undefined, {}, "All of ", named(name)),
        metricTable(experiment, `All that the workload ${name} measured`, metrics),
      ),
    );
  return box;
}

export function about(experiment) {
  const { scenario } = experiment;
  const rows = [
    ["headway", experiment.headway],
    ["how", experiment.measured ? "measured on real devices" : "simulated"],
    ["scenario", [scenario.file, ...scenario.set.map((set) => `--set ${set}`)].join(" ")],
    ["SHA-256", scenario.sha256],
  ];
  const box = element(
    "div",
    undefined,
    {},
    scroller(
      captionOf(experiment, "Scenario and versions"),
      table(
        "What ran",
        ["what", "value"],
        rows.map(([what, value]) => [rowHead(what), element("td", undefined, { class: "text" }, named(value))]),
        "texts",
      ),
    ),
  );
  if (experiment.inputs.length > 0)
    box.append(
      scroller(
        captionOf(experiment, "Files that were read"),
        table(
          "Files that were read",
          ["file", "size", "SHA-256"],
          experiment.inputs.map(([file, size, digest]) => [
            rowHead(named(file)),
            bytes(size),
            element("td", digest ?? "", { class: "text" }),
          ]),
          "texts",
        ),
      ),
    );
  if (scenario.text)
    box.append(
      element(
        "details",
        undefined,
        {},
        element("summary", "The scenario in full"),
        element("pre", scenario.text, {
          tabindex: 0,
          role: "region",
          "aria-label": captionOf(experiment, "The scenario in full"),
        }),
      ),
    );
  return box;
}
