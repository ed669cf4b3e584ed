// The report: what came out, in tables and linked charts. Everything that it shows is in the page.
import "./style.css";
import { besideHeadline, besideTable, differences, sides } from "./beside.js";
import { chooser, refreshChooser } from "./chooser.js";
import { startCourses, timeControls } from "./courses.js";
import { captionOf, comparing, experiments, good, sideNames } from "./data.js";
import * as details from "./details.js";
import { byId, element, named, section } from "./dom.js";
import { copyAddress } from "./download.js";
import { estimatesChart } from "./estimates.js";
import { headSection, startHead } from "./head.js";
import { comparisonTable, headline } from "./overview.js";
import { redrawAll } from "./plot.js";
import { change, reset } from "./state.js";
import { startTheme } from "./theme.js";

// One part of each experiment; of two, each under its letter. Null where none has it.
function ofEach(part) {
  const made = experiments.map((experiment) => part(experiment));
  if (made.every((one) => one === null)) return null;
  if (!comparing) return made[0];
  return element(
    "div",
    undefined,
    {},
    ...made.flatMap((one, side) =>
      one === null ? [] : [element("h3", undefined, {}, `${sideNames[side]}: `, named(experiments[side].name)), one],
    ),
  );
}

function comparisonSections() {
  if (!comparing) return [];
  return [
    section("beside", "A beside B", sides(), besideHeadline(), besideTable()),
    section("differs", "What differs", differences()),
  ];
}

function fill() {
  const titles = new Set(experiments.map((experiment) => experiment.title)),
    title = [...titles].join(" beside ") + (comparing && titles.size === 1 ? ": A beside B" : "");
  byId("title").replaceChildren(named(title));
  document.title = `${title}: headway report`;
  const estimates = estimatesChart(),
    sections = comparisonSections();
  const add = (id, name, ...parts) => {
    const some = parts.filter(Boolean);
    if (some.length > 0) sections.push(section(id, name, ...some));
  };
  add(
    "compare",
    "Comparison",
    ofEach(headline),
    ofEach((one) => comparisonTable(one, captionOf(one, "Comparison of the policies"))),
    good.length > 0 ? estimates.box : null,
  );
  add("notes", "What the figures do not cover", ofEach(details.notes));
  add("expected", "Expectations", ofEach(details.verdicts));
  add("published", "Published figures", ofEach(details.published));
  add("charts", "Charts", good.length > 0 ? chooser() : null, timeControls(change));
  add("head", "Head movement", ...headSection());
  add("over-time", "Over time", element("div", undefined, { id: "courses" }));
  add("time-went", "Where the time went", ofEach(details.gaps));
  add("workloads", "Workloads", ofEach(details.workloads));
  add("all", "All metrics", ofEach(details.allMetrics));
  add("about", "Scenario and versions", ofEach(details.about));
  byId("content").replaceChildren(...sections);
  byId("contents").replaceChildren(...sections.map((each) => element("li", undefined, {}, jump(each))));
  if (good.length > 0) estimates.start();
}

// Within the page, and without touching what the address says of the view.
function jump(target) {
  const link = element("a", target.firstChild.textContent, { href: `#${target.id}` });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    target.scrollIntoView();
    target.firstChild.tabIndex = -1;
    target.firstChild.focus({ preventScroll: true });
  });
  return link;
}

function redraw(at_once) {
  refreshChooser();
  redrawAll(at_once);
}

async function start() {
  fill();
  startTheme(redraw);
  byId("link").addEventListener("click", copyAddress);
  byId("start").addEventListener("click", reset);
  let width = innerWidth,
    resizing;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(() => redrawAll());
  });
  startCourses();
  await startHead();
  redraw();
  document.body.dataset.ready = "yes";
}

start();
