// See gap_of_run.h.
#include "results/files/gap_of_run.h"

#include <cmath>

namespace headway {

std::string no_gap(const RunResult& run, bool measured) {
  using enum MetricId;
  if (run.failed()) return "it failed";
  if (measured) return "a measured drive does not tell where its time goes";
  if (!run.no_bound.empty()) return run.no_bound;
  if (!std::isfinite(run.metrics[bound_s]) || !std::isfinite(run.metrics[elapsed_s]))
    return "the results are older than bounds";
  if (!(run.metrics[bound_s] >= 0 && run.metrics[bound_s] <= run.metrics[elapsed_s]))
    return "its bound is not within its time";
  return {};
}

CpuCosts cpu_costs(const Experiment& experiment) {
  if (!experiment.scenario || !experiment.scenario->has("cpu")) return {};
  const JsonNode cpu = experiment.scenario->at("cpu");
  const auto us = [&](std::string_view key) { return cpu.has(key) ? 1e-6 * cpu.at(key).not_negative() : 0.0; };
  CpuCosts costs;
  costs.workers = static_cast<std::uint32_t>(cpu.at("workers").unsigned_integer(0, 1 << 16, "workers"));
  costs.issue_s = us("issue_us");
  costs.hook_s = us("hook_us");
  costs.hook_s_per_item = us("hook_us_per_item");
  return costs;
}

Gap gap_of_run(const RunResult& run, const std::filesystem::path& trace, const Volume& volume, const Forest& forest,
               const CpuCosts& cpu) {
  const double elapsed_s = run.metrics[MetricId::elapsed_s];
  return gap_of(time_parts(trace, volume, forest, elapsed_s, cpu), elapsed_s, run.metrics[MetricId::bound_s]);
}

}  // namespace headway
