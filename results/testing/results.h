// For tests: results made by hand.
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "core/base/letters.h"
#include "results/files/results_file.h"

namespace headway::testing {

inline MetricValues values_of_all(double seed) {
  MetricValues v;
  for (const Metric& each : metrics()) {
    v[each.id] = each.is_count ? std::floor(seed * 1e6) : seed / 3.0;
  }
  return v;
}

inline Results two_runs() {
  Results results{"0.1.0", "abc", "first", "00ff", "first.json", {}};
  RunResult good{"reada-2011", 1, "ok", "", values_of_all(0.1), {}, {}};
  good.devices = {{1, values_of_all(0.2)}, {2, values_of_all(std::nextafter(0.3, 1))}};
  good.workloads = {{"files", values_of_all(1e-9)}};
  results.runs = {good, {"walk", 2, "failed", "the layout \"x\"\nis cut", {}, {}, {}}};
  return results;
}

inline RunResult plain_run(const std::string& policy, std::uint64_t seed, double elapsed_s) {
  RunResult run{policy, seed, "ok", "", {}, {}, {}};
  for (const Metric& each : metrics()) run.metrics[each.id] = 9580;
  run.metrics[MetricId::elapsed_s] = elapsed_s;
  return run;
}

// Three seeds that differ by a tenth, a policy that takes nine tenths of the time with each, and one as fast.
inline Results three_seeds() {
  Results results;
  results.baseline = "walk";
  for (const auto& [seed, elapsed_s] : {std::pair{1, 18.0}, {2, 20.0}, {3, 22.0}}) {
    results.runs.push_back(plain_run("walk", seed, elapsed_s));
    results.runs.push_back(plain_run("nine-tenths", seed, 0.9 * elapsed_s + 0.01 * seed * (seed - 2)));
    results.runs.push_back(plain_run("as-fast", seed, elapsed_s + seed - 2));
  }
  return results;
}

inline std::size_t widest_line(std::string_view text) {
  std::size_t most = 0, start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    most = std::max(most, display_width(text.substr(start, end - start)));
    start = end + 1;
  }
  return most;
}

}  // namespace headway::testing
