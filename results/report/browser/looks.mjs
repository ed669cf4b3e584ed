// At every width, light, dark and on paper: nothing sticks out, and nobody is kept out.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, keep, Opened } from "./harness.mjs";

export async function looks(file) {
  for (const [width, theme] of [
    [320, "light"],
    [390, "dark"],
    [1280, "light"],
    [2560, "dark"],
    [3840, "light"],
  ]) {
    const opened = await Opened.open(file, { width, theme });
    await opened.fits(`${width} px`);
    check(
      `${theme} is ${theme}`,
      (await opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor)) ===
        (theme === "dark" ? "rgb(22, 24, 28)" : "rgb(255, 255, 255)"),
    );
    const policy = 'http-equiv="Content-Security-Policy"';
    check(
      "a strict policy",
      /default-src 'none'; script-src 'sha256-[^']+';\s+style-src 'sha256-[^']+'/.test(
        await opened.page.$eval(`meta[${policy}]`, (e) => e.content),
      ),
    );
    if (width !== 2560) await opened.accessible(`${width} px, ${theme}`);
    await opened.screenshot(`report-${width}-${theme}`);
    await opened.done();
  }
}

export async function paper(file) {
  const opened = await Opened.open(file, { theme: "dark" });
  const pdf = Buffer.from(await opened.page.pdf({ format: "A4" })),
    pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
  check(`prints on ${pages} pages`, pdf.subarray(0, 5).toString() === "%PDF-" && pages >= 2 && pages <= 20);
  if (keep) writeFileSync(join(keep, "report.pdf"), pdf);
  await opened.page.emulateMediaType("print");
  check(
    "no buttons on paper",
    await opened.page.evaluate(() =>
      [...document.querySelectorAll("button")].every((one) => one.getClientRects().length === 0),
    ),
  );
  await opened.page.emulateMediaType(null);
  await opened.done();
}
