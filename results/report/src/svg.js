// What of a canvas's context the charts use, as an SVG: a chart is drawn by the same code on screen and for download.

const space = "http://www.w3.org/2000/svg";
// XML has no letters for these, whatever a name says.
const plain = (text) =>
  String(text)
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
const round = (value) => Math.round(value * 100) / 100;
const measure = document.createElement("canvas").getContext("2d");

// What save() keeps, beside the dashes.
const kept = [
  "group",
  "fillStyle",
  "strokeStyle",
  "lineWidth",
  "globalAlpha",
  "font",
  "textAlign",
  "textBaseline",
  "turned",
];

export class SvgContext {
  isSvg = true;
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign = "start";
  textBaseline = "alphabetic";
  #dash = [];
  #path = "";
  #saved = [];
  #clips = 0;

  constructor(width, height, title) {
    this.root = document.createElementNS(space, "svg");
    this.root.setAttribute("xmlns", space);
    this.#set(this.root, { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
    this.#add("title", {}).textContent = plain(title);
  }

  #parent() {
    return this.group ?? this.root;
  }
  #set(node, attributes) {
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  }
  #add(name, attributes) {
    const node = document.createElementNS(space, name);
    this.#set(node, attributes);
    this.#parent().append(node);
    return node;
  }
  #faded(attributes) {
    return this.globalAlpha < 1 ? { ...attributes, opacity: this.globalAlpha } : attributes;
  }

  save() {
    this.#saved.push([this.#dash, ...kept.map((name) => this[name])]);
  }
  restore() {
    const [dash, ...values] = this.#saved.pop();
    this.#dash = dash;
    kept.forEach((name, i) => (this[name] = values[i]));
  }
  setLineDash(dash) {
    this.#dash = dash;
  }
  beginPath() {
    this.#path = "";
  }
  moveTo(x, y) {
    this.#path += `M${round(x)} ${round(y)}`;
  }
  lineTo(x, y) {
    this.#path += `L${round(x)} ${round(y)}`;
  }
  closePath() {
    this.#path += "Z";
  }
  rect(x, y, width, height) {
    this.#path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
  }
  circle(x, y, r) {
    this.#path += `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  }
  clip() {
    const id = `clip-${++this.#clips}`,
      clip = this.#add("clipPath", { id }),
      path = document.createElementNS(space, "path");
    path.setAttribute("d", this.#path);
    clip.append(path);
    this.group = this.#add("g", { "clip-path": `url(#${id})` });
  }
  stroke() {
    if (this.#path)
      this.#add(
        "path",
        this.#faded({
          d: this.#path,
          fill: "none",
          stroke: this.strokeStyle,
          "stroke-width": this.lineWidth,
          ...(this.#dash.length ? { "stroke-dasharray": this.#dash.join(" ") } : {}),
        }),
      );
  }
  fill() {
    if (this.#path) this.#add("path", this.#faded({ d: this.#path, fill: this.fillStyle }));
  }
  fillRect(x, y, width, height) {
    this.#add(
      "rect",
      this.#faded({ x: round(x), y: round(y), width: round(width), height: round(height), fill: this.fillStyle }),
    );
  }
  translate(x, y) {
    this.turned = `translate(${round(x)} ${round(y)})`;
  }
  rotate(angle) {
    this.turned += ` rotate(${round((angle * 180) / Math.PI)})`;
  }
  measureText(text) {
    measure.font = this.font;
    return measure.measureText(text);
  }
  fillText(text, x, y) {
    const anchor = { start: "start", left: "start", center: "middle", right: "end", end: "end" }[this.textAlign];
    const base = { middle: "central", top: "hanging", alphabetic: "auto", bottom: "auto" }[this.textBaseline];
    const [, size, family] = this.font.match(/(\d+)px (.*)/);
    this.#add("text", {
      x: round(x),
      y: round(y),
      fill: this.fillStyle,
      "font-size": size,
      "font-family": family,
      "text-anchor": anchor,
      "dominant-baseline": base,
      ...(this.turned ? { transform: this.turned } : {}),
    }).textContent = plain(text);
  }

  text() {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(this.root)}\n`;
  }
}
