// The registry of metrics. A metric is declared here once, and everything that lists metrics reads it from here.
#include "results/metrics/metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/letters.h"

namespace headway {

namespace {

using enum MetricId;
using enum Better;

constexpr bool count = true, real = false;        // is_count
constexpr bool device = true, no_device = false;  // per_device
constexpr bool work = true, no_work = false;      // per_workload

constexpr std::array<Metric, metric_count> table = {{
    {elapsed_s, "elapsed_s", "s", real, device, work, lower,
     "Time from the start of the run to its end, simulated or measured; of a workload, from its start to its end."},
    {reads, "reads", "reads", count, device, work, neither,
     "Reads that a drive has ended within the run, failed ones too; several blocks read in one go are one read."},
    {bytes_read, "bytes_read", "bytes", count, device, work, neither,
     "Bytes that reads brought; a failed read brings none."},
    {throughput_bytes_per_s, "throughput_bytes_per_s", "bytes/s", real, device, work, higher,
     "bytes_read over elapsed_s."},
    {reads_per_s, "reads_per_s", "reads/s", real, device, work, higher, "reads over elapsed_s."},
    {seeks, "seeks", "", count, device, no_work, lower,
     "Reads that do not begin where the last one on that drive ended, in the order in which the drive served them; the "
     "first read of a drive is none."},
    {seek_distance_bytes_mean, "seek_distance_bytes_mean", "bytes", real, device, no_work, lower,
     "Mean distance, over all seeks, from where the last read on that drive ended to where the next began."},
    {seek_time_s, "seek_time_s", "s", real, device, no_work, lower,
     "Time that drives spent moving their heads; for the run the sum over its drives."},
    {rotation_time_s, "rotation_time_s", "s", real, device, no_work, lower,
     "Time that drives spent waiting for the sector to come round; for the run the sum over its drives."},
    {transfer_time_s, "transfer_time_s", "s", real, device, no_work, lower,
     "Time that drives spent moving data off the medium; for the run the sum over its drives."},
    {idle_time_s, "idle_time_s", "s", real, device, no_work, lower,
     "elapsed_s less the time with at least one read at the drive; for the run the sum over its drives."},
    {busy_fraction, "busy_fraction", "", real, device, no_work, neither,
     "Part of elapsed_s with at least one read at the drive; for the run the mean over its drives."},
    {in_flight_mean, "in_flight_mean", "reads", real, device, work, neither,
     "Reads issued and not yet ended, averaged over elapsed_s; for the run all drives together."},
    {latency_s_mean, "latency_s_mean", "s", real, device, work, lower,
     "Mean time, from issue to end, of a read that brought data."},
    {latency_s_p50, "latency_s_p50", "s", real, device, work, lower,
     "Half of the reads that brought data took at most this long, to within 0.5 %."},
    {latency_s_p95, "latency_s_p95", "s", real, device, work, lower,
     "95 % of the reads that brought data took at most this long, to within 0.5 %."},
    {latency_s_p99, "latency_s_p99", "s", real, device, work, lower,
     "99 % of the reads that brought data took at most this long, to within 0.5 %."},
    {latency_s_max, "latency_s_max", "s", real, device, work, lower,
     "Time of the slowest read that brought data, from issue to end."},
    {zone_switches, "zone_switches", "", count, device, no_work, neither,
     "How often a drive's read pointer was sent to the start of a zone."},
    {zone_conflicts, "zone_conflicts", "", count, device, no_work, lower,
     "Reads of tree blocks issued while a mirror peer had a read of the same zone (block group and stripe set) in "
     "flight."},
    {hits, "hits", "", count, device, no_work, neither,
     "Blocks that the policy wanted to read and found in memory; counted at the drive that it had in mind."},
    {wasted_reads, "wasted_reads", "reads", count, no_device, no_work, lower,
     "Reads of blocks that nobody used afterwards; where memory has a bound, of blocks read before as well, by "
     "whomever."},
    {errors, "errors", "", count, device, work, lower, "Reads that ended with an error; of a workload, writes too."},
    {missing_blocks, "missing_blocks", "", count, no_device, no_work, lower,
     "Tree blocks that the workloads wanted and that the policy did not bring: where two runs differ in them, they did "
     "not do the same work."},
    {wait_time_s, "wait_time_s", "s", real, no_device, work, lower,
     "Of workloads that consume, look up, send or scrub: time that they stood waiting for tree blocks."},
    {writes, "writes", "writes", count, no_device, work, neither, "Of a foreground: writes that a drive has ended."},
    {bytes_written, "bytes_written", "bytes", count, no_device, work, neither,
     "Of a foreground: bytes that writes took, without those that failed."},
    {write_latency_s_mean, "write_latency_s_mean", "s", real, no_device, work, lower,
     "Of a foreground: mean time of a write from issue to end, without those that failed."},
    {write_latency_s_p99, "write_latency_s_p99", "s", real, no_device, work, lower,
     "Of a foreground: 99 % of the writes that did not fail took at most this long, to within 0.5 %."},
    {write_latency_s_max, "write_latency_s_max", "s", real, no_device, work, lower,
     "Of a foreground: time of the slowest write that did not fail, from issue to end."},
    {merged_reads, "merged_reads", "reads", count, device, work, neither,
     "Reads that joined an adjacent one before the drive (iostat's rrqm): those beside `reads`, not among them."},
    {request_bytes_mean, "request_bytes_mean", "bytes", real, device, work, neither,
     "Mean size of a read that brought data (iostat's rareq-sz, in bytes)."},
    {aqu_sz, "aqu-sz", "reads", real, device, work, neither,
     "in_flight_mean by iostat's name; iostat's counts writes too."},
    {r_await, "r_await", "ms", real, device, work, lower, "latency_s_mean by iostat's name, in milliseconds."},
    {util, "%util", "%", real, device, no_work, neither, "busy_fraction by iostat's name, in per cent."},
    {bound_s, "bound_s", "s", real, no_device, no_work, neither,
     "A time that no order of these reads and no choice of copies could have been below; nothing where none is "
     "proved."},
    {efficiency, "efficiency", "", real, no_device, no_work, higher,
     "bound_s over elapsed_s, of a run that brought all that was wanted: at most 1, and 1 may be out of reach."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < metric_count; ++i) {
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table stands in the order of MetricId");

}  // namespace

std::span<const Metric> metrics() { return table; }

std::optional<MetricId> find_metric(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Metric::name);
  if (found == table.end()) return std::nullopt;
  return found->id;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Metric& each : table) names.emplace_back(each.name);
  return names;
}

std::string metrics_as_markdown() {
  std::string out = "| metric | unit | meaning |\n|---|---|---|\n";
  for (const Metric& each : table) out += fmt::format("| `{}` | {} | {} |\n", each.name, each.unit, each.sentence);
  return out;
}

std::string metrics_as_text() {
  constexpr std::size_t name_columns = 26, unit_columns = 9, columns = 100;
  std::string out;
  for (const Metric& each : table) {
    out += fmt::format("{:{}}{:{}}{}\n", each.name, name_columns, each.unit, unit_columns,
                       wrapped(each.sentence, name_columns + unit_columns, columns));
  }
  return out;
}

}  // namespace headway
