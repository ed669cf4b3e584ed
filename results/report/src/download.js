// Files that the page makes of itself, and the address for somebody else.
import { announce } from "./dom.js";
import { writeAddress } from "./state.js";

export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name.replace(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 120);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  announce(`${link.download} is made`);
}

// RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it.
const cell = (value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csv = (head, rows) => [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";

export async function copyAddress() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    announce("The link to this view is copied.");
  } catch {
    // not everywhere may a page do that
    announce("The address of this page is the link to this view.");
  }
}
