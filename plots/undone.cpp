// See undone.h.
#include "plots/undone.h"

#include <fmt/format.h>

#include <algorithm>

#include "results/files/work.h"

namespace headway {

bool left_something(const RunResult& run) { return !shortfall(run.metrics).empty(); }

void Undone::add(const std::string& name, const RunResult& run) {
  auto named = std::ranges::find(all_, name, &Named::name);
  if (named == all_.end()) named = all_.insert(all_.end(), {.name = name});
  const auto value = [&](MetricId id) { return run.metrics[id] > 0 ? run.metrics[id] : 0; };  // none in an older file
  ++named->runs;
  named->marked += left_something(run);
  named->missing_blocks += value(MetricId::missing_blocks);
  named->errors += value(MetricId::errors);
  named->reads += value(MetricId::reads);
}

bool Undone::marks(std::string_view name) const {
  const auto named = std::ranges::find(all_, name, &Named::name);
  return named != all_.end() && named->marked > 0;
}

std::vector<std::string> Undone::sentences() const {
  constexpr std::size_t most = 3;
  std::vector<std::string> sentences;
  std::size_t runs = 0, marked = 0;
  for (const Named& named : all_) {
    runs += named.runs;
    marked += named.marked;
    if (named.marked == 0) continue;
    const auto count = static_cast<double>(named.runs);
    MetricValues means;
    means[MetricId::missing_blocks] = named.missing_blocks / count;
    means[MetricId::errors] = named.errors / count;
    means[MetricId::reads] = named.reads / count;
    sentences.push_back(fmt::format("* {}{}: {}", named.name,
                                    named.runs > 1 ? fmt::format(", in the mean of {} runs", named.runs) : "",
                                    shortfall(means)));
  }
  if (sentences.size() <= most) return sentences;
  return {fmt::format("* in {} of {} runs wanted blocks were not brought, or reads failed", marked, runs)};
}

}  // namespace headway
