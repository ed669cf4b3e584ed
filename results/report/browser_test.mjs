// Opens a report in a real browser, at a desk's width and a phone's: zooms, points at reads, switches the theme, uses the
// keyboard; nothing may be said on the console, asked of the network, or wider than the page.
// Usage: browser_test.mjs HEADWAY RESULTS_DIR CHROMIUM NODE_DIR
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [headway, results, chromium, nodeDirectory] = process.argv.slice(2);
const puppeteer = createRequire(join(nodeDirectory, "package.json"))("puppeteer-core");
const keep = process.env.HEADWAY_SCREENSHOTS; // a directory, for the eye
const directory = mkdtempSync(join(tmpdir(), "headway-report-"));
const page_file = join(directory, "report.html");
execFileSync(headway, ["report", results, "-o", page_file], { stdio: "inherit" });
const url = pathToFileURL(page_file).href;

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"], userDataDir: join(directory, "profile") });
let passed = 0;
const check = (what, good) => { assert.ok(good, what); ++passed; };
try {
  for (const [width, height] of [[1280, 900], [390, 800]]) {
    const page = await browser.newPage();
    const said = [], asked = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    await page.setViewport({ width, height, deviceScaleFactor: 1 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await page.goto(url);
    await page.waitForSelector("body[data-ready=yes]");
    const at = (selector) => page.$eval(selector, (e) => { e.scrollIntoView({ block: "center" }); const r = e.getBoundingClientRect(); return { x: r.x, y: r.y, width: r.width, height: r.height }; });
    const range = () => page.$eval("#head .u-axis", () => document.querySelector("#head canvas").toDataURL());
    const note = () => page.$eval("#read", (e) => e.textContent);

    check("rows of the comparison", (await page.$$("#table tbody tr")).length >= 1);
    check("how far from the bound", /of bound, %/.test(await page.$eval("#table", (e) => e.textContent)));
    const gaps = await page.$eval("#gaps", (e) => e.textContent);
    check(`where the time went: ${gaps}`, /: [\d.]+ s = bound [\d.]+ \+ .*rotation [\d.]+/.test(gaps));
    check("no notes where all was done", await page.$eval("#notes", (e) => e.hidden));
    check("no published figures where none are", await page.$eval("#published", (e) => e.parentElement.hidden));
    check("three curves", (await page.$$("#series canvas")).length === 3);
    check(`no wider than the page at ${width}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (keep) await page.screenshot({ path: join(keep, `report-${width}-light.png`), fullPage: true });

    const whole = await range();
    const box = await at("#head .u-over");
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
    const zoomed = await range();
    check("a drag zooms", zoomed !== whole);

    let seen = "";
    for (let i = 1; i < 40 && !seen.includes("took"); ++i) {
      for (let k = 1; k < 12 && !seen.includes("took"); ++k) {
        await page.mouse.move(box.x + (box.width * i) / 40, box.y + (box.height * k) / 12);
        seen = await note();
      }
    }
    check(`a read tells where its time went: ${seen}`, /took .* = queue .* \+ seek .* \+ rotation .* \+ transfer/.test(seen));
    check(`and why it was chosen: ${seen}`, /Chosen from the zone at logical [\d,]+.*lock keeps device \d.*in flight at this drive/.test(seen));
    if (keep) await page.screenshot({ path: join(keep, `report-${width}-zoomed.png`) });

    await page.focus("#head");
    await page.keyboard.press("0");
    check("0 shows the whole run again", (await range()) === whole);
    await page.keyboard.press("+");
    check("+ zooms", (await range()) !== whole);
    await page.keyboard.press(".");
    const first = await note();
    await page.keyboard.press(".");
    check(". steps through reads", (await note()) !== first);

    await page.focus("#theme");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    check("dark is dark", (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(22, 24, 28)");
    if (keep) await page.screenshot({ path: join(keep, `report-${width}-dark.png`), fullPage: true });

    const reached = [];
    await page.evaluate(() => document.activeElement.blur());
    for (let i = 0; i < 9; ++i) {  // past the end and round again
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement.id));
    }
    check(`Tab reaches every control: ${reached}`, ["theme", "run", "device", "reset", "head"].every((id) => reached.includes(id)));

    const pdf = Buffer.from(await page.pdf({ format: "A4" }));
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
    check(`prints on ${pages} pages`, pdf.subarray(0, 5).toString() === "%PDF-" && pages >= 2 && pages <= 20);
    if (keep) writeFileSync(join(keep, `report-${width}.pdf`), pdf);
    await page.emulateMediaType("print");
    check("paper is white", (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(255, 255, 255)");
    check("no buttons on paper", await page.evaluate(() => document.getElementById("theme").getClientRects().length === 0));
    await page.emulateMediaType(null);

    assert.deepEqual(said, [], "nothing on the console");
    assert.deepEqual(asked.filter((address) => address !== url && !address.startsWith("data:")), [], "nothing leaves the page");
    passed += 2;
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, 0 failed`);
