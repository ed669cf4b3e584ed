// Charts by mouse, fingers and keys; reads and their reasons; the address; files.
import assert from "node:assert/strict";
import { check, Opened } from "./harness.mjs";

const head = "#panels canvas";

async function drag(opened, from, to, shift = false) {
  const box = await opened.box(head),
    { mouse, keyboard } = opened.page;
  if (shift) await keyboard.down("Shift");
  await mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await mouse.down();
  await mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 5 });
  await mouse.up();
  if (shift) await keyboard.up("Shift");
  await opened.settle();
}

export async function tables(file) {
  const opened = await Opened.open(file),
    { page } = opened;
  check("a row a policy, not a seed", (await opened.count("#compare tbody tr")) === 3);
  check("means with intervals", /±/.test(await opened.text("#compare table")));
  check(
    "the scenario's baseline",
    /reada-2011.*baseline/.test(await page.$eval("#compare tbody tr:nth-child(2)", (e) => e.textContent)),
  );
  check(
    `a sentence: ${await opened.text(".headline")}`,
    /as fast as reada-2011, the baseline\. 1 of 2 expectations broken/.test(await opened.text(".headline")),
  );
  await opened.click("[data-seeds='0']");
  check("seeds where one asks", (await opened.count("#compare tbody tr")) === 6);
  check("the address says so", /open=walk/.test(await opened.hash()));
  check("verdicts", /✓ holds.*✗ broken/s.test(await opened.text("#expected")));
  check("published", /nobody's figure/.test(await opened.text("#published")));
  check("workloads", /files/.test(await opened.text("#workloads")));
  check("where the time went", /walk, seed 1: .* = bound /.test(await opened.text("#gaps")));
  const csv = await opened.saved("#compare .controls button");
  check(
    "all metrics as CSV, with units",
    csv.text.startsWith("policy,runs,failed,elapsed_s (s): mean,elapsed_s (s): low") &&
      csv.text.split("\n").length === 5,
  );
  await opened.choose("#metric", "seeks");
  check("another metric in the chart", /metric=seeks/.test(await opened.hash()));
  await opened.click("#all table button, #chooser button:nth-of-type(2)");
  check("no policy chosen is said", /No policy is chosen/.test(await opened.text("#head-note")));
  await opened.click("#start");
  check("reset", (await opened.hash()) === "" && (await opened.count("#panels canvas")) === 3);
  await opened.done();
}

export async function mouse(file) {
  const opened = await Opened.open(file),
    { page } = opened;
  const before = [await opened.picture("#panels .panel:nth-child(2) canvas"), await opened.picture("#courses canvas")];
  await drag(opened, [0.3, 0.5], [0.6, 0.5]);
  check("a drag zooms", /time=/.test(await opened.hash()));
  check("all panels", (await opened.picture("#panels .panel:nth-child(2) canvas")) !== before[0]);
  check("and the curves", (await opened.picture("#courses canvas")) !== before[1]);
  await drag(opened, [0.3, 0.3], [0.6, 0.6], true);
  check("with Shift both ways", /offset=/.test(await opened.hash()));
  await opened.click("#reset");
  check("whole run", !/time=|offset=/.test(await opened.hash()));
  await opened.click("#log-time");
  await opened.click("#log-value");
  check("logarithmic axes", /log-time=/.test(await opened.hash()) && /log=yes/.test(await opened.hash()));
  await opened.click("#each-seed");
  check("each seed", /seeds=each/.test(await opened.hash()));
  const svg = await opened.saved("#panels .downloads button");
  check("a chart as SVG", svg.name.endsWith(".svg") && svg.text.startsWith("<?xml") && /offset \(GiB\)/.test(svg.text));
  check(
    "that is XML",
    await page.evaluate(
      (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror") === null,
      svg.text,
    ),
  );
  const csv = await opened.saved("#panels .downloads button:nth-child(2)");
  check(
    "its data as CSV",
    csv.text.startsWith("policy,seed,device,end (s),physical (bytes)") && csv.text.split("\n").length > 100,
  );
  const curve = await opened.saved("#courses .downloads button:nth-child(2)");
  check("a curve's data with units", /^policy,seed,from \(s\),throughput \(MiB\/s\)/.test(curve.text));
  await opened.done();
}

async function aRead(opened) {
  const box = await opened.box(head);
  for (let i = 9; i < 30; ++i) {
    for (let k = 1; k < 8; ++k) {
      await opened.page.mouse.move(box.x + (box.width * i) / 30, box.y + (box.height * k) / 10);
      await opened.page.evaluate(() => new Promise(requestAnimationFrame));
      if (/took/.test(await opened.text("#near")))
        return { x: box.x + (box.width * i) / 30, y: box.y + (box.height * k) / 10 };
    }
  }
  assert.fail("no read under the pointer");
}

export async function reasons(file) {
  const opened = await Opened.open(file, { hash: "#show=reada-2011" });
  const bare = await opened.picture(head),
    at = await aRead(opened);
  check(
    `pointing tells: ${await opened.text("#near")}`,
    /took .* = queue .* \+ seek .* \+ rotation .* \+ transfer/.test(await opened.text("#near")),
  );
  await opened.page.mouse.click(at.x, at.y);
  await opened.settle();
  const reason = await opened.text("#reason");
  check(
    `a click gives the reason: ${reason}`,
    /took.*queue.*came from.*zone.*logical [\d,]+.*mirror lock.*keeps device \d out.*in flight/s.test(reason),
  );
  check("and a line", (await opened.picture(head)) !== bare);
  const drawn = (await opened.saved("#panels .downloads button")).text;
  check("to the read that it came from", drawn.includes('stroke-dasharray="5 3"'));
  check("the address has it", /read=\d+/.test(await opened.hash()));
  const address = await opened.hash();
  await opened.accessible("with a reason");
  await opened.screenshot("report-reason");
  await opened.done();

  const again = await Opened.open(file, { hash: address });
  check("a link shows the same read", (await again.text("#reason")) === reason);
  check("and says it", /took/.test(await again.text("#status")));
  await again.click("#reason td button");
  check(
    "to where it came from",
    (await again.hash()) !== address && /node of level 1/.test(await again.text("#reason")),
  );
  await again.done();
}

export async function keyboard(file) {
  const opened = await Opened.open(file),
    { page } = opened,
    reached = new Set();
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press("Tab");
    reached.add(
      await page.evaluate(
        () =>
          document.activeElement.id ||
          document.activeElement.tagName + (document.activeElement.getAttribute("aria-label") ?? ""),
      ),
    );
  }
  for (const id of ["link", "start", "theme", "metric", "device", "facet", "reset", "log-time"])
    check(`Tab reaches ${id}`, reached.has(id));
  check(
    "and charts",
    [...reached].some((name) => /^CANVASOffset of each read/.test(name)),
  );
  await page.focus(head);
  const press = async (key) => {
    await page.keyboard.press(key);
    await opened.settle();
  };
  await press("+");
  const zoomed = await opened.hash();
  check("+ zooms", /time=/.test(zoomed));
  await press("ArrowRight");
  check("arrows move", (await opened.hash()) !== zoomed);
  await press(".");
  const first = await opened.text("#reason");
  await press(".");
  check(". steps through reads", first !== "" && (await opened.text("#reason")) !== first);
  check("heard as well", /took/.test(await opened.text("#status")));
  await press("0");
  check("0 shows all", !/time=/.test(await opened.hash()));
  await page.focus("#courses canvas");
  await press(".");
  check("a cursor on curves", /at [\d.]+ [mu]?s/.test(await opened.text("#courses .readout")));
  await page.focus("#theme");
  await press("Enter");
  check(
    "dark by key",
    (await page.evaluate(() => document.documentElement.dataset.theme === "dark")) &&
      /theme=dark/.test(await opened.hash()),
  );
  await opened.done();
}

export async function fingers(file) {
  const opened = await Opened.open(file, { width: 390, height: 800, touch: true }),
    box = await opened.box(head),
    client = await opened.page.createCDPSession();
  const touch = (type, ...points) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y], id) => ({ x: box.x + box.width * x, y: box.y + box.height * y, id })),
    });
  await touch("touchStart", [0.4, 0.5], [0.6, 0.5]);
  for (const spread of [0.12, 0.16, 0.2, 0.25]) await touch("touchMove", [0.5 - spread, 0.5], [0.5 + spread, 0.5]);
  await touch("touchEnd");
  await opened.settle();
  const pinched = await opened.hash();
  check(`two fingers zoom: ${pinched}`, /time=/.test(pinched));
  await touch("touchStart", [0.7, 0.5]);
  for (const x of [0.65, 0.6, 0.5, 0.45]) await touch("touchMove", [x, 0.5]);
  await touch("touchEnd");
  await opened.settle();
  check("one moves", /time=/.test(await opened.hash()) && (await opened.hash()) !== pinched);
  await opened.done();
}
