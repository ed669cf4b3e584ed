// What the cases show: a small run with replicates and traces, another of the same to hold beside it, and results with
// names, numbers and failures that nobody wishes for.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { directory, run } from "./harness.mjs";

const scenario = (policies) => ({
  schema_version: 1,
  name: "small",
  seed: 1,
  replicates: 3,
  layout: {
    synthetic: {
      devices: [{ count: 2, bytes: 4000000000 }],
      metadata_profile: "RAID1",
      metadata_chunk_bytes: 4194304,
      placement: "random",
      trees: [{ tree: "256", leaves: 900 }],
    },
  },
  devices: [{ drive: "seagate-constellation2-1tb", count: 2, queue: { discipline: "sptf", depth: 32 } }],
  workload: [{ name: "files", kind: "enumerate", tree: "256" }],
  policies,
  baseline: "reada-2011",
  expect: [
    { metric: "elapsed_s", policy: "reada-2011", relative_to: "walk", max: 0.9 },
    { metric: "reads", policy: "walk", max: 5 },
  ],
  published: [
    {
      what: "nobody's figure",
      value: 0.3,
      metric: "elapsed_s",
      policy: "reada-2011",
      relative_to: "walk",
      source: "nowhere",
      outside: "made up",
    },
  ],
});

function simulated(name, policies) {
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(scenario(policies)));
  try {
    run("run", `${name}.json`, "--trace", "-o", name);
  } catch (error) {
    if (error.status !== 1) throw error;
  } // 1: an expectation is broken
  return join(directory, name);
}

export function report(name, ...words) {
  run("report", ...words, "-o", `${name}.html`);
  return join(directory, `${name}.html`);
}

export const small = simulated("small", {
  walk: {},
  "reada-2011": {},
  "no-peer-lock": { strategy: "reada-2011", peer_lock: false },
});
export const other = simulated("other", { walk: {}, "reada-2011": { max_in_flight: 2 }, "level-order": {} });

// The runs of the small results by hand: `change(runs)` gives others.
export function handmade(name, change) {
  const results = JSON.parse(readFileSync(join(small, "results.json"), "utf8"));
  results.runs = change(results.runs);
  results.scenario.name = name;
  mkdirSync(join(directory, name));
  writeFileSync(join(directory, name, "results.json"), JSON.stringify(results));
  return report(`${name}-page`, name);
}

export const hostileNames = [
  "</script><script>document.title='ran'</script>",
  "<img src=x onerror=\"document.title='ran'\">",
  "a\"b'c\\d`${document.title='ran'}`",
  "عربي \u202eטקסט",
  "👩‍👩‍👧‍👦 family",
  "new\nline\ttab",
  "=SUM(A1)",
  "名前".repeat(40),
  "w".repeat(300),
  "__proto__",
];
