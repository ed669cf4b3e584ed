// The metrics: one table from which results.json, the terminal's tables, `headway metric list` and the README derive.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The order is that of the table and of every file.
enum class MetricId : std::uint8_t {
  elapsed_s,
  reads,
  bytes_read,
  throughput_bytes_per_s,
  reads_per_s,
  seeks,
  seek_distance_bytes_mean,
  seek_time_s,
  rotation_time_s,
  transfer_time_s,
  idle_time_s,
  busy_fraction,
  in_flight_mean,
  latency_s_mean,
  latency_s_p50,
  latency_s_p95,
  latency_s_p99,
  latency_s_max,
  zone_switches,
  zone_conflicts,
  hits,
  wasted_reads,
  errors,
  missing_blocks,
  wait_time_s,
  writes,
  bytes_written,
  write_latency_s_mean,
  write_latency_s_p99,
  write_latency_s_max,
  merged_reads,
  request_bytes_mean,
  aqu_sz,
  r_await,
  util,
  bound_s,
  efficiency,
};
inline constexpr std::size_t metric_count = static_cast<std::size_t>(MetricId::efficiency) + 1;

enum class Better : std::uint8_t { lower, higher, neither };

struct Metric {
  MetricId id;
  std::string_view name;
  std::string_view unit;  // "s", "ms", "%", "bytes", "bytes/s", "reads", "reads/s", "" for a pure number
  bool is_count;          // a whole number
  bool per_device;        // results.json has it for each device
  bool per_workload;      // and for each workload, where its kind measures it
  Better better;
  std::string_view sentence;  // what it means; for the run, how it comes from the devices
};

// By MetricId.
std::span<const Metric> metrics();
inline const Metric& metric(MetricId id) { return metrics()[static_cast<std::size_t>(id)]; }
// By name; nothing for an unknown one.
std::optional<MetricId> find_metric(std::string_view name);
std::vector<std::string> metric_names();

// A value for each metric; NaN (null in JSON) where there is none: a failed run, or a metric that does not apply.
class MetricValues {
 public:
  MetricValues() { values_.fill(std::numeric_limits<double>::quiet_NaN()); }

  double& operator[](MetricId id) { return values_[static_cast<std::size_t>(id)]; }
  double operator[](MetricId id) const { return values_[static_cast<std::size_t>(id)]; }

 private:
  std::array<double, metric_count> values_;
};

// What a run measured: for all devices together, and for each in the order of Volume::devices().
struct RunMetrics {
  MetricValues run;
  std::vector<MetricValues> devices;
  std::uint64_t missing_digest = 0;  // of what was wanted and not brought, whatever the order; 0: nothing
};

// The table as Markdown, for the README, and as aligned text of at most 100 columns, for `headway metric list`.
std::string metrics_as_markdown();
std::string metrics_as_text();

}  // namespace headway
