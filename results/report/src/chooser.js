// Which policies charts and wide tables show: a box a policy, with its line's look.
import { comparing, dashes, entries, firstEntries, good } from "./data.js";
import { button, byId, element, named } from "./dom.js";
import { change, on, state } from "./state.js";
import { colourOf } from "./theme.js";

const space = "http://www.w3.org/2000/svg";

// A piece of the entry's line.
export function swatch(entry) {
  const svg = document.createElementNS(space, "svg"),
    line = document.createElementNS(space, "line");
  for (const [key, value] of Object.entries({ width: 26, height: 10, "aria-hidden": "true", class: "swatch" }))
    svg.setAttribute(key, value);
  for (const [key, value] of Object.entries({
    x1: 1,
    x2: 25,
    y1: 5,
    y2: 5,
    "stroke-width": 3,
    stroke: colourOf(entry),
    "stroke-dasharray": dashes[entry.dash].join(" "),
  }))
    line.setAttribute(key, value);
  svg.append(line);
  return svg;
}

function box(entry) {
  const input = element("input", undefined, { type: "checkbox", value: entry.index });
  input.addEventListener("change", () => {
    const chosen = new Set(state.chosen);
    if (input.checked) chosen.add(entry.index);
    else chosen.delete(entry.index);
    change({ chosen });
  });
  return element("label", undefined, { class: "chip", title: entry.label }, input, swatch(entry), named(entry.label));
}

export function chooser() {
  const boxes = element("div", undefined, { class: "chips" }),
    count = element("span", "", { class: "faint" });
  const all = good.map((entry) => [entry, box(entry)]);
  boxes.append(...all.map(([, label]) => label));
  const filter = element("input", undefined, {
    type: "search",
    id: "filter",
    placeholder: "Filter names",
    "aria-label": "Filter names of policies",
  });
  filter.addEventListener("input", () => {
    for (const [entry, label] of all) label.hidden = !entry.label.toLowerCase().includes(filter.value.toLowerCase());
  });
  const visible = () => all.filter(([, label]) => !label.hidden).map(([entry]) => entry.index);
  const show = () => {
    for (const [entry, label] of all) {
      label.firstChild.checked = state.chosen.has(entry.index);
      label.children[1].replaceWith(swatch(entry));
    }
    count.textContent = `${state.chosen.size} of ${good.length} shown in charts`;
  };
  on(["chosen", "theme"], show);
  show();
  const failed = entries.length - good.length;
  return element(
    "fieldset",
    undefined,
    { id: "chooser" },
    element("legend", comparing ? "Policies of A and B" : "Policies"),
    boxes,
    element(
      "p",
      undefined,
      { class: "controls" },
      ...(good.length > 8 ? [filter] : []),
      button("All", () => change({ chosen: new Set(visible()) })),
      button("None", () => change({ chosen: new Set() })),
      button("First", () => change({ chosen: firstEntries() })),
      count,
      ...(failed ? [element("span", `${failed} failed`, { class: "bad" })] : []),
    ),
  );
}

export const refreshChooser = () => {
  const old = byId("chooser");
  if (old)
    for (const label of old.querySelectorAll(".chip"))
      label.children[1].replaceWith(swatch(entries[label.firstChild.value]));
};
