// Opens reports in a real browser and listens: nothing may be said on the console, and nothing asked of the network.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , headway, chromium, nodeDirectory] = process.argv;
const require = createRequire(join(nodeDirectory, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const directory = mkdtempSync(join(tmpdir(), "headway-report-"));
export const keep = process.env.HEADWAY_SCREENSHOTS; // a directory, for the eye
export let passed = 0;
export const check = (what, good) => {
  assert.ok(good, what);
  ++passed;
};
export const run = (...words) =>
  execFileSync(headway, words, { stdio: ["ignore", "ignore", "pipe"], cwd: directory, maxBuffer: 1 << 26 });

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu"],
  userDataDir: join(directory, "profile"),
});
export async function close() {
  await browser.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

// A report's page with what the cases ask of it.
export class Opened {
  said = [];
  asked = [];

  static async open(file, { width = 1280, height = 900, theme = "light", hash = "", touch = false } = {}) {
    const opened = new Opened(),
      page = await browser.newPage();
    Object.assign(opened, { page, url: pathToFileURL(file).href });
    page.on("console", (message) => opened.said.push(message.text()));
    page.on("pageerror", (error) => opened.said.push(String(error)));
    page.on("request", (request) => opened.asked.push(request.url()));
    await page.setViewport({ width, height, deviceScaleFactor: 1, hasTouch: touch });
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: theme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    await page.goto(opened.url + hash);
    await page.waitForSelector("body[data-ready=yes]");
    return opened;
  }

  text(selector) {
    return this.page.$eval(selector, (e) => e.textContent);
  }
  count(selector) {
    return this.page.$$eval(selector, (all) => all.length);
  }
  hash() {
    return this.page.evaluate(() => decodeURIComponent(location.hash));
  }
  // Until what the page does in the next frames is done.
  settle() {
    return this.page.evaluate(
      () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 260)),
    );
  }
  async click(selector) {
    await this.page.$eval(selector, (e) => e.click());
    await this.settle();
  }
  async choose(selector, value) {
    await this.page.select(selector, value);
    await this.settle();
  }
  picture(selector) {
    return this.page.$eval(selector, (canvas) => canvas.toDataURL());
  }
  async box(selector) {
    await this.page.$eval(selector, (e) => e.scrollIntoView({ block: "center" }));
    await this.settle();
    return this.page.$eval(selector, (e) => {
      const { x, y, width, height } = e.getBoundingClientRect();
      return { x, y, width, height };
    });
  }

  // The text of the file that a button makes.
  async saved(selector) {
    return this.page.evaluate(async (chosen) => {
      const create = URL.createObjectURL,
        click = HTMLAnchorElement.prototype.click;
      let blob, name;
      URL.createObjectURL = (made) => {
        blob = made;
        return create.call(URL, made);
      };
      HTMLAnchorElement.prototype.click = function () {
        name = this.download;
      };
      document.querySelector(chosen).click();
      Object.assign(URL, { createObjectURL: create });
      HTMLAnchorElement.prototype.click = click;
      return { name, text: await blob.text() };
    }, selector);
  }

  async fits(what) {
    const [is, may] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    check(`${what}: no wider than the page, ${is} of ${may}`, is <= may);
  }

  async accessible(what) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () =>
      (await globalThis.axe.run()).violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes[0].html.slice(0, 160)} (${nodes[0].any.map((one) => one.message).join("; ")})`,
      ),
    );
    assert.deepEqual(found, [], `${what}: axe`);
    ++passed;
  }

  async screenshot(name) {
    if (keep) await this.page.screenshot({ path: join(keep, `${name}.png`), fullPage: true });
  }

  async done() {
    assert.deepEqual(this.said, [], "nothing on the console");
    const own = this.url.split("#")[0];
    assert.deepEqual(
      this.asked.filter((address) => address.split("#")[0] !== own && !/^(data|blob):/.test(address)),
      [],
      "nothing leaves the page",
    );
    passed += 2;
    await this.page.close();
  }
}
