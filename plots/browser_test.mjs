// Draws figures of each kind and opens them in a real browser, which is not the one that laid them out: every text must
// stand on its page. Usage: browser_test.mjs CHROMIUM HEADWAY RESULTS [SVG...]; with figures, those are looked at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [chromium, headway, results, ...given] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "headway-figures-"));
const figures = given.length ? given : drawn();

// Every kind that one directory of results is enough for, by itself and narrow with a title.
function drawn() {
  const kinds = execFileSync(headway, ["plot", "--kinds"], { encoding: "utf8" }).match(/^[a-z][a-z-]+(?= )/gm);
  const all = [];
  for (const kind of kinds.filter((kind) => !["sweep", "load", "overlay", "writes"].includes(kind))) {
    for (const looks of [[], ["--width", "6", "--title", "A title that is wider than the column that it stands above"]]) {
      all.push(join(directory, `${kind}-${looks.length}.svg`));
      execFileSync(headway, ["plot", results, "--kind", kind, "-o", all.at(-1), ...looks], { stdio: "ignore" });
    }
  }
  return all;
}

// Letters upon lines are smaller than all else, and stand where their lines are.
const script = `
  const wrong = [];
  for (const svg of document.querySelectorAll("svg")) {
    const page = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim());
    const size = (t) => parseFloat(getComputedStyle(t).fontSize), largest = Math.max(...texts.map(size));
    const boxes = texts.filter((t) => size(t) > 0.95 * largest).map((t) => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([text, box], i) => {
      if (box.left < page.left - 1 || box.right > page.right + 1 || box.top < page.top - 1 || box.bottom > page.bottom + 1)
        wrong.push(svg.parentNode.id + ": '" + text + "' is cut");
    });
    if (!boxes.length) wrong.push(svg.parentNode.id + ": no text at all");
  }
  document.title = JSON.stringify({ figures: document.querySelectorAll("svg").length, wrong });`;
try {
  const page = join(directory, "figures.html");
  const shown = figures.map((file) => `<div id="${basename(file)}">${readFileSync(file, "utf8").replace(/^<\?xml.*\?>/, "")}</div>`);
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><title></title>${shown.join("\n")}<script>${script}</script>`);
  const dom = execFileSync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(directory, "profile")}`,
    "--dump-dom", pathToFileURL(page).href], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 30 });
  const said = JSON.parse(/<title>(.*?)<\/title>/s.exec(dom)[1].replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  assert.equal(said.figures, figures.length);
  assert.deepEqual(said.wrong, []);
  console.log(`${said.figures} figures, no text cut`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
