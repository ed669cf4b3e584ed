// See work.h.
#include "results/files/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "results/files/summary.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

std::string shortfall_of(const Results& results, std::string_view policy) {
  MetricValues means;
  for (const MetricId id : {MetricId::missing_blocks, MetricId::errors, MetricId::reads})
    means[id] = estimate(sample_of(results, policy, id)).mean;
  return shortfall(means);
}

std::string in_words(const std::string& shortfall) { return shortfall.empty() ? "all was brought" : shortfall; }

}  // namespace

std::string shortfall(const MetricValues& values) {
  const double missing = values[MetricId::missing_blocks], errors = values[MetricId::errors];
  std::string text;
  if (missing > 0) text = fmt::format("{} wanted blocks were not brought", figure_text(missing, true));
  if (errors > 0)
    text += fmt::format("{}{} of {} reads failed", text.empty() ? "" : ", ", figure_text(errors, true),
                        figure_text(values[MetricId::reads], true));
  return text;
}

std::string left_undone(const Results& results, std::string_view policy) {
  const bool any = std::ranges::any_of(results.runs, [&](const RunResult& run) {
    return run.policy == policy && !run.failed() &&
           (run.missing_digest.value_or(0) != 0 || run.metrics[MetricId::missing_blocks] > 0);
  });
  return any ? shortfall_of(results, policy) : "";
}

bool same_work(const RunResult& run, const RunResult& other) {
  if (run.missing_digest && other.missing_digest) return *run.missing_digest == *other.missing_digest;
  const double missing = run.metrics[MetricId::missing_blocks], others = other.metrics[MetricId::missing_blocks];
  return !(missing > 0 || others > 0) || missing == others;
}

std::string other_work(const WorkOf& of, const WorkOf& than) {
  std::map<std::uint64_t, const RunResult*> others;  // by seed
  for (const RunResult& run : than.results.runs) {
    if (run.policy == than.policy && !run.failed()) others[run.seed] = &run;
  }
  bool same = true;
  for (const RunResult& run : of.results.runs) {
    if (run.policy != of.policy || run.failed()) continue;
    const auto other = others.find(run.seed);
    same = same && (other == others.end() || same_work(run, *other->second));
  }
  if (same) return "";
  const std::string one = shortfall_of(of.results, of.policy), two = shortfall_of(than.results, than.policy);
  return fmt::format("{}: {}; {}: {}{}", of.name, in_words(one), than.name, in_words(two),
                     one == two ? ", but others" : "");
}

}  // namespace headway
