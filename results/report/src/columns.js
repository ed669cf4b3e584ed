// The metrics that one looks at first, in the order of the terminal's table.
export const firstColumns = [
  ["elapsed_s", "elapsed"],
  ["reads", "reads"],
  ["throughput_bytes_per_s", "throughput"],
  ["seeks", "seeks"],
  ["seek_distance_bytes_mean", "mean seek"],
  ["busy_fraction", "busy"],
  ["latency_s_p95", "latency p95"],
  ["efficiency", "of bound"],
];

export const metricOf = (experiment, name) => experiment.metrics.find((metric) => metric.name === name);
export const hasValues = (metric) => metric.policies.some((cell) => cell.mean !== null);
export const withUnit = (title, unit) => (unit && unit !== title ? `${title}, ${unit}` : title);
