// Light, dark, and paper, which is white. Charts take their colours from here.
import { byId } from "./dom.js";
import { change, on, state } from "./state.js";

const light = ["#0072b2", "#c44e00", "#00806a", "#a8428c", "#5b5bd6", "#6b6b6b", "#8a6d00", "#b3261e"];
const dark = ["#56b4e9", "#ff9d4d", "#35d0a5", "#f08fd0", "#a5a5ff", "#b8b8b8", "#e6c84a", "#ff8a80"];
const system = matchMedia("(prefers-color-scheme: dark)");
let onPaper = false;

export const isDark = () => !onPaper && (state.theme ?? (system.matches ? "dark" : "light")) === "dark";
export const colourOf = (entry) => (isDark() ? dark : light)[entry.look % 8];
export const ink = () =>
  isDark()
    ? { ink: "#e8e8e8", faint: "#a8b0bb", paper: "#16181c", line: "#33373f" }
    : { ink: "#1a1a1a", faint: "#565b63", paper: "#ffffff", line: "#dfe2e6" };

function show() {
  const isNow = isDark();
  document.documentElement.dataset.theme = isNow ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(isNow));
}

export function startTheme(redraw) {
  show();
  byId("theme").addEventListener("click", () => change({ theme: isDark() ? "light" : "dark" }));
  on(["theme"], () => {
    show();
    redraw();
  });
  system.addEventListener("change", () => {
    show();
    redraw();
  });
  addEventListener("beforeprint", () => {
    onPaper = true;
    show();
    redraw(true);
  });
  addEventListener("afterprint", () => {
    onPaper = false;
    show();
    redraw(true);
  });
}
