// For tests: what the results and the trace of any run promise, whatever its scenario was.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "results/files/results_file.h"
#include "results/trace/trace.h"
#include "sim/scenario/scenario.h"

namespace headway::testing {

// A scenario with a workload that begins so late comes to rest before.
inline constexpr double rest_s = 1000;

// Works that end with more to do and queue no others, as a parameter of the reada family says.
inline bool may_wait_for_ever(const Scenario& scenario, const RunResult& run) {
  const PolicySpec& policy = *std::ranges::find(scenario.policies, run.policy, &PolicySpec::name);
  return policy.parameters.find("requeue") != nullptr && policy.parameters.choice("requeue") == "none";
}

// One run's results held against the registry of metrics, its own trace and its layout.
class RunPromises {
 public:
  RunPromises(const Scenario& scenario, const Layout& layout, const RunResult& run, std::vector<TraceRow> rows)
      : scenario_(scenario), layout_(layout), run_(run), rows_(std::move(rows)) {}

  // The first that does not hold; empty where all do. Precondition: the run did not fail.
  std::string broken() {
    values();
    order(run_.metrics, "the run's");
    for (const auto& device : run_.devices) order(device.metrics, fmt::format("device {}'s", device.devid));
    for (const auto& workload : run_.workloads) order(workload.metrics, fmt::format("workload {}'s", workload.name));
    sums();
    bound();
    trace();
    missing_blocks();
    return broken_;
  }

 private:
  void promise(bool kept, const std::function<std::string()>& what) {
    if (!kept && broken_.empty()) broken_ = what();
  }

  static bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max({1e-6, std::abs(a), std::abs(b)}); }

  // Each metric that there must be is there, and nothing is below zero.
  void values() {
    const auto check = [&](const MetricValues& values, const Metric& each, const std::string& whose) {
      const double value = values[each.id];
      const bool of_reads = each.name.starts_with("latency_s") || each.id == MetricId::r_await ||
                            each.id == MetricId::request_bytes_mean;
      if (of_reads && values[MetricId::reads] <= values[MetricId::errors])
        return promise(std::isnan(value),
                       [&] { return fmt::format("{} {} is {}, of no read", whose, each.name, value); });
      promise(std::isfinite(value) && value >= 0 && (!each.is_count || value == std::floor(value)),
              [&] { return fmt::format("{} {} is {}", whose, each.name, value); });
    };
    for (const Metric& each : metrics()) {
      if (each.sentence.starts_with("Of ")) continue;  // some workloads' own
      if (each.id == MetricId::bound_s || each.id == MetricId::efficiency) continue;
      check(run_.metrics, each, "the run's");
      if (!each.per_device) continue;
      for (const auto& device : run_.devices) check(device.metrics, each, fmt::format("device {}'s", device.devid));
    }
  }

  // No run is faster than what is proved; where nothing is, it says why.
  void bound() {
    const double bound_s = run_.metrics[MetricId::bound_s], efficiency = run_.metrics[MetricId::efficiency];
    promise(std::isfinite(bound_s) == run_.no_bound.empty(),
            [&] { return fmt::format("bound_s is {}, the reason why there is none \"{}\"", bound_s, run_.no_bound); });
    if (!std::isfinite(bound_s)) return;
    promise(bound_s > 0 && efficiency <= 1, [&] {
      return fmt::format("bound_s is {}, elapsed_s {}", bound_s, run_.metrics[MetricId::elapsed_s]);
    });
  }

  void order(const MetricValues& values, const std::string& whose) {
    using enum MetricId;
    const auto at_most = [&](MetricId low, MetricId high, double slack) {
      if (std::isnan(values[low]) || std::isnan(values[high])) return;
      promise(values[low] <= values[high] * (1 + slack), [&] {
        return fmt::format("{} {} is {}, above its {} of {}", whose, metric(low).name, values[low], metric(high).name,
                           values[high]);
      });
    };
    constexpr double of_a_bin = 0.006, of_rounding = 1e-9;
    at_most(latency_s_p50, latency_s_p95, 0);
    at_most(latency_s_p95, latency_s_p99, 0);
    at_most(latency_s_p99, latency_s_max, of_a_bin);
    at_most(latency_s_mean, latency_s_max, of_rounding);
    at_most(write_latency_s_p99, write_latency_s_max, of_a_bin);
    at_most(write_latency_s_mean, write_latency_s_max, of_rounding);
    if (std::isnan(values[writes])) at_most(errors, reads, 0);
    promise(!(values[busy_fraction] > 1),
            [&] { return fmt::format("{} busy_fraction is {}", whose, values[busy_fraction]); });
    for (const Metric& each : metrics())
      promise(!(values[each.id] < 0) && !std::isinf(values[each.id]),
              [&] { return fmt::format("{} {} is {}", whose, each.name, values[each.id]); });
  }

  // The run's counts are its devices' together, and of times those that say so.
  void sums() {
    for (const Metric& each : metrics()) {
      if (!each.per_device) continue;
      const auto says = [&](std::string_view words) { return each.sentence.find(words) != each.sentence.npos; };
      double sum = 0;
      for (const auto& device : run_.devices) sum += device.metrics[each.id];
      const bool adds = each.is_count || says("for the run the sum over its drives") || says("all drives together");
      const bool is_mean = says("for the run the mean over its drives");
      if (!adds && !is_mean) continue;
      if (is_mean) sum /= static_cast<double>(run_.devices.size());
      const double whole = run_.metrics[each.id];
      promise(each.is_count ? sum == whole : near(sum, whole),
              [&] { return fmt::format("{} of the run is {}, its devices' together {}", each.name, whole, sum); });
    }
  }

  // What was asked for has ended, and the counters are those of the events.
  void trace() {
    struct Counts {
      double reads = 0, errors = 0, bytes = 0, hits = 0, zones = 0;
    };
    std::map<std::uint64_t, Counts> counted;
    std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>, int> under_way;
    std::map<HandleId, int> handles;
    double last_s = 0;
    for (const TraceRow& row : rows_) {
      promise(row.time_s >= last_s,
              [&] { return fmt::format("an event at {} s behind one at {} s", row.time_s, last_s); });
      last_s = row.time_s;
      Counts& device = counted[row.device];
      int* reads = nullptr;
      if (row.event == TraceEvent::issue || row.event == TraceEvent::complete)
        reads = &under_way[{row.device, row.physical, row.bytes}];
      if (row.event == TraceEvent::issue) ++*reads;
      if (row.event == TraceEvent::complete) {
        promise(--*reads >= 0, [&] { return fmt::format("a read at {} ended that was not issued", row.physical); });
        ++device.reads;
        device.errors += row.error != 0;
        device.bytes += row.error == 0 ? row.bytes : 0;
      }
      device.hits += row.event == TraceEvent::hit;
      device.zones += row.event == TraceEvent::zone;
      if (row.event == TraceEvent::add) ++handles[row.handle];
      if (row.event == TraceEvent::finish)
        promise(--handles[row.handle] == 0,
                [&] { return fmt::format("handle {} finished twice or was never added", row.handle); });
    }
    for (const auto& [place, count] : under_way)
      promise(count == 0 || !comes_to_rest(), [&] {
        return fmt::format("a read of device {} at {} never ended", std::get<0>(place), std::get<1>(place));
      });
    for (const auto& [handle, count] : handles)
      promise(count == 0 || !comes_to_rest() || may_wait_for_ever(scenario_, run_),
              [&] { return fmt::format("handle {} never finished", handle); });
    for (const auto& device : run_.devices) {
      const Counts& own = counted[device.devid];
      using enum MetricId;
      for (const auto& [id, value] : {std::pair{reads, own.reads},
                                      {errors, own.errors},
                                      {bytes_read, own.bytes},
                                      {hits, own.hits},
                                      {zone_switches, own.zones}})
        promise(device.metrics[id] == value, [&] {
          return fmt::format("device {}'s {} is {}, of its trace {}", device.devid, metric(id).name, device.metrics[id],
                             value);
        });
    }
  }

  // By the plainest means: a child is wanted if any key that it may hold is.
  void want(BlockId block, const TreeRange& range, const Key& top, std::vector<bool>& wanted) const {
    const Forest& forest = layout_.forest;
    wanted[block] = true;
    const PointerId end = forest.first_pointer[block + 1];
    for (PointerId p = forest.first_pointer[block]; p < end; ++p) {
      const Key next = p + 1 < end ? forest.key(p + 1) : top;
      if (forest.key(p) < range.end && range.start < next) want(forest.child[p], range, next, wanted);
    }
  }

  // Whether the run goes on for long after all that it does: what nobody waits for, reads ahead of a reader that is
  // done, is otherwise under way when the run ends.
  bool comes_to_rest() const {
    return std::any_of(scenario_.workload.begin(), scenario_.workload.end(),
                       [](const WorkloadSpec& spec) { return spec.start_s >= rest_s; });
  }

  // Whether a read that begins with the block `first` goes on to this one, a later one.
  bool in_read(BlockId block, BlockId first, const TraceRow& row) const {
    const Forest& forest = layout_.forest;
    if (block >= forest.blocks() || forest.stripe_set[block] != forest.stripe_set[first]) return false;
    const std::uint64_t physical = layout_.volume.map(forest.logical[block]).copy[row.mirror - 1u].physical;
    return row.physical < physical && physical < row.physical + row.bytes;
  }

  void missing_blocks() {
    const Forest& forest = layout_.forest;
    std::vector<bool> wanted(forest.blocks());
    for (const auto& spec : scenario_.workload) {
      for (const auto& range : spec.plan->ranges(layout_))
        want(forest.trees[*forest.find_tree(range.tree)].root, range, max_key, wanted);
    }
    std::map<std::uint64_t, BlockId> at;
    for (BlockId block = 0; block < forest.blocks(); ++block) at[forest.logical[block]] = block;
    for (const TraceRow& row : rows_) {
      const bool brought = row.event == TraceEvent::cached || (row.event == TraceEvent::complete && row.error == 0);
      if (!brought || row.level == TraceRow::no_level) continue;
      const BlockId first = at.at(row.logical);
      wanted[first] = false;
      for (BlockId block = first + 1; row.event == TraceEvent::complete && in_read(block, first, row); ++block)
        wanted[block] = false;
    }
    const auto missing = static_cast<double>(std::count(wanted.begin(), wanted.end(), true));
    promise(run_.metrics[MetricId::missing_blocks] == missing, [&] {
      return fmt::format("missing_blocks is {}, by the trace {}", run_.metrics[MetricId::missing_blocks], missing);
    });
  }

  const Scenario& scenario_;
  const Layout& layout_;
  const RunResult& run_;
  const std::vector<TraceRow> rows_;
  std::string broken_;
};

// What is wrong with a directory that `headway run --trace` has made of the scenario; empty where nothing is.
inline std::string broken_promise(const std::filesystem::path& file, const std::filesystem::path& out) {
  const Scenario scenario = read_scenario(file);
  const Results results = read_results(out);
  if (results.runs.size() != scenario.policies.size() * scenario.replicates) return "not every run is in the results";
  for (const RunResult& run : results.runs) {
    const std::string whose = fmt::format("{} with seed {}: ", run.policy, run.seed);
    if (run.failed() && run.message.starts_with("no read has succeeded")) continue;  // all devices are gone
    if (run.failed() && may_wait_for_ever(scenario, run) &&
        run.message.find("waits for what will never happen") != std::string::npos)
      continue;
    if (run.failed()) return whose + "the run failed: " + run.message;
    const Layout layout = load_scenario_layout(scenario, run.seed);
    const std::string broken =
        RunPromises(scenario, layout, run, read_trace(out / trace_file_name(run.policy, run.seed))).broken();
    if (!broken.empty()) return whose + broken;
  }
  return "";
}

}  // namespace headway::testing
