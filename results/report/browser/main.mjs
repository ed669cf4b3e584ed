// The report in a browser: each thing that it does, once.
// Usage: main.mjs HEADWAY CHROMIUM NODE_DIR [CASE...]
import { close, passed } from "./harness.mjs";
import { other, report, small } from "./inputs.mjs";
import { looks, paper } from "./looks.mjs";
import { beside, hostile, odd } from "./odd.mjs";
import { fingers, keyboard, mouse, reasons, tables } from "./steering.mjs";

const file = report("small-page", small);
const cases = {
  tables,
  mouse,
  reasons,
  keyboard,
  fingers,
  looks,
  paper,
  odd,
  hostile,
  beside: () => beside(small, other),
};
const wanted = process.argv.slice(5);
try {
  for (const [name, run] of Object.entries(cases)) if (wanted.length === 0 || wanted.includes(name)) await run(file);
} finally {
  await close();
}
console.log(`${passed} passed, 0 failed`);
