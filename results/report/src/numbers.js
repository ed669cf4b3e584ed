// Numbers under the pointer and on axes; those in tables come as text (results/metrics/units.h).

export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value.toLocaleString(
    "en",
    Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  );
}

export function seconds(value) {
  if (value >= 0.9999995) return `${number(value)} s`;
  return value >= 0.9999995e-3 ? `${number(value * 1e3)} ms` : `${number(value * 1e6)} us`;
}

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (unit < 4 && value >= 1024 ** (unit + 1)) ++unit;
  return `${number(value / 1024 ** unit)} ${units[unit]}`;
}

export const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
