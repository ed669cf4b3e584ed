// Elements of the page. Names and messages only ever become text, never markup.

export const byId = (id) => document.getElementById(id);

// element("td", "text", { class: "failed" }, child, ...); `text` may be undefined.
export function element(name, text, attributes = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A name that people gave, in whatever script: it does not turn the direction of what stands around it.
export const named = (text, attributes = {}) => element("bdi", text, attributes);

export function button(text, action, attributes = {}) {
  const made = element("button", text, { type: "button", ...attributes });
  made.addEventListener("click", action);
  return made;
}

// A region that scrolls sideways, so that the page never does; reached by the keyboard, and said to be what it is.
export const scroller = (label, ...children) =>
  element(
    "div",
    undefined,
    { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${label}` },
    ...children,
  );

// The head of a column of texts.
export const textHead = (text) => element("th", text, { scope: "col", class: "text" });

// `head`: texts or nodes (th); `rows`: lists of texts or nodes (td, th), or {cells, class}.
// `kind`: "texts" where columns are no numbers.
export function table(caption, head, rows, kind) {
  const made = element("table", undefined, { class: kind });
  made.createCaption().textContent = caption;
  const top = made.createTHead().insertRow();
  for (const cell of head) top.append(cell instanceof Node ? cell : element("th", cell, { scope: "col" }));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    if (row.class) line.className = row.class;
    for (const cell of row.cells ?? row) line.append(cell instanceof Node ? cell : element("td", cell));
  }
  return made;
}

export const rowHead = (...children) => element("th", undefined, { scope: "row" }, ...children);

// A section of the page with its heading; empty sections are not made.
export function section(id, title, ...children) {
  const made = element("section", undefined, { id, "aria-labelledby": `h-${id}` });
  made.append(element("h2", title, { id: `h-${id}` }), ...children);
  return made;
}

// Says it to who listens, without moving anything.
export function announce(text) {
  byId("status").textContent = text;
}
