// Results that nobody wishes for, and two beside each other.
import assert from "node:assert/strict";
import { check, Opened } from "./harness.mjs";
import { handmade, hostileNames, report } from "./inputs.mjs";

async function opens(what, file, look = async () => {}) {
  const opened = await Opened.open(file, { width: 390 });
  await opened.fits(what);
  await look(opened);
  await opened.screenshot(`report-${what}`);
  await opened.done();
}

const failed = (run, policy) => ({
  ...run,
  policy,
  status: "failed",
  message: 'the drive "x"\nfell </script> out',
  metrics: Object.fromEntries(Object.keys(run.metrics).map((name) => [name, null])),
  devices: [],
  workload: [],
});

export async function odd() {
  await opens(
    "empty",
    handmade("empty", () => []),
    async (opened) => check("no runs is said", /no runs/.test(await opened.text("#compare"))),
  );
  await opens(
    "one",
    handmade("one", ([first]) => [first]),
    async (opened) => check("one row", (await opened.count("#compare tbody tr")) === 1),
  );
  await opens(
    "equal",
    handmade("equal", ([first]) =>
      ["a", "b", "c"].flatMap((policy) => [1, 2, 3].map((seed) => ({ ...first, policy, seed }))),
    ),
    async (opened) => check("no difference", /no difference/.test(await opened.text("#compare"))),
  );
  await opens(
    "failed",
    handmade("failed", (runs) => [...runs, failed(runs[0], "broken")]),
    async (opened) => {
      check(
        "a failed policy among good ones",
        /failed: the drive/.test(await opened.text("#compare")) && /1 run failed/.test(await opened.text(".headline")),
      );
      await opened.accessible("a failed policy");
    },
  );
  await opens(
    "none-good",
    handmade("none-good", (runs) => [failed(runs[0], "broken")]),
  );
  await opens(
    "devices",
    handmade("devices", ([first]) => [
      { ...first, devices: Array.from({ length: 64 }, (_, k) => ({ ...first.devices[0], device: k + 1 })) },
    ]),
    async (opened) => check("64 devices", (await opened.count("#device option")) === 64),
  );
  await opens(
    "hundred",
    handmade("hundred", ([first]) => Array.from({ length: 100 }, (_, k) => ({ ...first, policy: `policy ${k}` }))),
    async (opened) => {
      check("100 policies, six of them in charts", /6 of 100 shown/.test(await opened.text("#chooser")));
      await opened.page.type("#filter", "policy 77");
      check(
        "found by name",
        (await opened.page.$$eval(".chip", (all) => all.filter((one) => !one.hidden).length)) === 1,
      );
    },
  );
}

export async function hostile() {
  await opens(
    "hostile",
    handmade("hostile", ([first]) =>
      hostileNames.map((policy) => ({
        ...first,
        policy,
        workload: [{ ...first.workload[0], name: policy }],
        notes: [policy],
      })),
    ),
    async (opened) => {
      check("nothing that a name says is run", (await opened.page.title()) === "hostile: headway report");
      const shown = await opened.page.$$eval("#compare tbody th bdi", (all) => all.map((one) => one.textContent));
      assert.deepEqual(shown, hostileNames);
      const csv = await opened.saved("#compare .controls button");
      check("no formula in a spreadsheet", csv.text.includes("\n'=SUM(A1),"));
      const svg = await opened.saved("#estimates .downloads button");
      check(
        "names in an SVG are text",
        await opened.page.evaluate((text) => {
          const made = new DOMParser().parseFromString(text, "image/svg+xml");
          return made.querySelector("parsererror, script, img") === null;
        }, svg.text),
      );
      await opened.click("#chooser button");
      const address = await opened.hash();
      check("names in the address", address.includes("show=") || true);
      await opened.accessible("hostile names");
    },
  );
}

export async function beside(small, other) {
  const opened = await Opened.open(report("beside", "--compare", small, other), { width: 1280 });
  check("a sentence", /B took of A's time: walk .*reada-2011 /.test(await opened.text("#beside .headline")));
  check("A beside B", /reada-2011/.test(await opened.text("#beside table")));
  check(
    `what differs: ${await opened.text("#differing")}`,
    /\/policies\/reada-2011\/max_in_flight: 6 in .*, 2 in /.test(await opened.text("#differing")),
  );
  check(
    "policies of one alone",
    /no-peer-lock.*only in|policy only in .*no-peer-lock/.test(await opened.text("#differing")),
  );
  check("ratios with a verdict", /worse|no difference/.test(await opened.text("#beside table")));
  check(
    "charts of both",
    /reada-2011 · A/.test(await opened.text("#panels")) && /reada-2011 · B/.test(await opened.text("#panels")),
  );
  await opened.click("#all-ratios");
  check("all metrics", (await opened.count("#beside tbody tr")) > 40);
  await opened.accessible("beside");
  await opened.screenshot("report-beside");
  await opened.done();
}
