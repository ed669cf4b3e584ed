// `make bench`: all benchmarks, five times each in random order, and a table of their medians with the ratios between
// them that we aim at. Times are this machine's; the ratios are what to compare.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/freed_memory.h"
#include "core/base/number_text.h"

namespace {

// By benchmark, without "/iterations:1/manual_time" and the like.
struct Median {
  double rate = 0;
  double decision_rate = 0;
  double time_ms = 0;
  double peak_bytes = 0;
};
using Medians = std::map<std::string, Median>;

// Keeps the medians; says on stderr what is being measured.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.aggregate_name != "median" && run.repetitions > 1) continue;
      Median& median =
          medians_[run.run_name.function_name + (run.run_name.args.empty() ? "" : "/" + run.run_name.args)];
      median.time_ms = run.GetAdjustedRealTime();
      if (run.time_unit == benchmark::kNanosecond) median.time_ms /= 1e6;
      if (const auto rate = run.counters.find("per_s"); rate != run.counters.end()) median.rate = rate->second;
      if (const auto rate = run.counters.find("decisions_per_s"); rate != run.counters.end())
        median.decision_rate = rate->second;
      if (const auto peak = run.counters.find("peak_bytes"); peak != run.counters.end())
        median.peak_bytes = peak->second;
    }
  }

  const Medians& medians() const { return medians_; }

 private:
  Medians medians_;
};

struct Target {
  std::string sentence;
  double value;
  double bound;
  bool at_least;
};

void print(const Medians& medians) {
  fmt::print("{:<34} {:>14} {:>12} {:>12}\n", "", "a second", "ms", "peak MiB");
  for (const auto& [name, median] : medians)
    fmt::print("{:<34} {:>14.0f} {:>12.3f} {:>12.0f}\n", name, median.rate, median.time_ms,
               median.peak_bytes / (1 << 20));
}

void print_targets(const Medians& medians) {
  const auto rate = [&](const std::string& name) {
    const auto at = medians.find(name);
    return at == medians.end() ? 0.0 : at->second.rate;
  };
  const auto has = [&](const std::string& name) { return medians.contains(name); };
  const std::string whole = "e/end-to-end/12/1000000";
  std::vector<Target> targets;
  const auto ratio = [&](std::string sentence, const std::string& of, const std::string& to, double bound,
                         bool at_least) {
    if (has(of) && has(to)) targets.push_back({std::move(sentence), rate(of) / rate(to), bound, at_least});
  };
  ratio("(e) / (b) stock way", whole, "b/stock-way", 6, true);
  ratio("(a) engine's floor / (e)", "a/engine-floor", whole, 3.5, false);
  if (has("c/core-alone/1000000"))
    targets.push_back({"(c) decisions a second, 1 M nodes", rate("c/core-alone/1000000"), 3e6, true});
  ratio("(c) 10 M nodes / 1 M nodes", "c/core-alone/10000000", "c/core-alone/1000000", 0.5, true);
  const std::string thousand = "f/end-to-end/1000/1000000";
  ratio("(n) cost of a decision, plug-in / linked in", "n/linked-in", "n/plug-in", 1.02, false);
  ratio("(f) cost of a read, 1,000 devices / 12", whole, thousand, 1.3, false);
  if (has(whole) && has(thousand))  // at 1,000 devices the seed changes zone eight times a read
    targets.push_back({"(f) cost of a decision, 1,000 devices / 12",
                       medians.at(whole).decision_rate / medians.at(thousand).decision_rate, 1.3, false});
  ratio("(g) cost of a read, traced / untraced", whole, "g/traced/12/1000000", 1.5, false);
  for (const std::string name : {"i/small-scenario", "i/first-look"})
    if (has(name))
      targets.push_back({fmt::format("({}) start to results, ms", name), medians.at(name).time_ms, 30, false});
  ratio("(i) sweep, -j 2 / -j 1", "i/sweep/2", "i/sweep/1", 1.6, true);
  if (has("l/live-memory/100000"))
    targets.push_back({"(l) live reads a second from memory", rate("l/live-memory/100000"), 200'000, true});
  if (has("f/end-to-end/12/10000000"))
    targets.push_back(
        {"(f) peak bytes a node, 10 M nodes", medians.at("f/end-to-end/12/10000000").peak_bytes / 1e7, 100, false});
  for (const std::string name : {"bound", "clairvoyant"})
    if (has("m/" + name) && has("m/level-order"))
      targets.push_back({fmt::format("(m) {} / a run of level-order", name),
                         medians.at("m/" + name).time_ms / medians.at("m/level-order").time_ms, 1, false});
  fmt::print("\n{:<42} {:>12} {:>14}\n", "", "measured", "target");
  for (const auto& target : targets) {
    const bool met = target.at_least ? target.value >= target.bound : target.value <= target.bound;
    fmt::print("{:<42} {:>12} {:>3} {:>10}  {}\n", target.sentence, headway::figure_text(target.value, false),
               target.at_least ? ">=" : "<=", headway::plain_text(target.bound), met ? "met" : "MISSED");
  }
}

}  // namespace

int main(int argc, char** argv) {
  headway::keep_freed_memory();
  std::vector<char*> words(argv, argv + argc);
  static char repeated[] = "--benchmark_repetitions=5";
  static char mixed[] = "--benchmark_enable_random_interleaving=true";
  words.insert(words.begin() + 1, {repeated, mixed});  // what the user says comes later and wins
  int count = static_cast<int>(words.size());
  benchmark::Initialize(&count, words.data());
  if (benchmark::ReportUnrecognizedArguments(count, words.data())) return 2;
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  print(collector.medians());
  print_targets(collector.medians());
  return 0;
}
