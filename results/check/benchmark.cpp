// The new values as github-action-benchmark's custom JSON. It takes a file for the metrics of which less is better and
// one for those of which more is; what is neither has no place there.
// https://github.com/benchmark-action/github-action-benchmark#examples
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/check/formats.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

std::string entries(const Check& check, Better better) {
  Json json = Json::array();
  for (const Change& change : check.changes) {
    const Metric& each = metric(change.metric);
    if (each.better != better || !std::isfinite(change.after.mean)) continue;
    Json entry = {{"name", fmt::format("{}: {}: {}", check.scenario, change.policy, metric_text(change))},
                  {"unit", each.unit},
                  {"value", change.after.mean}};
    if (change.after.has_interval())
      entry["range"] = fmt::format("± {}", plain_text(half_interval(change.after)));
    entry["extra"] = sentence_of(change);
    json.push_back(std::move(entry));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string check_as_benchmark_smaller(const Check& check) { return entries(check, Better::lower); }
std::string check_as_benchmark_bigger(const Check& check) { return entries(check, Better::higher); }

}  // namespace headway
