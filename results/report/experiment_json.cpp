// See experiment_json.h.
#include "results/report/experiment_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/sha256.h"
#include "results/files/gap_of_run.h"
#include "results/files/published.h"
#include "results/files/stopping.h"
#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"
#include "results/report/courses_json.h"
#include "results/report/reads_json.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json cell(const std::string& text, const Estimate& estimate) {
  Json json = {{"text", text}, {"mean", number(estimate.mean)}};
  if (estimate.has_interval()) json.update({{"low", estimate.low}, {"high", estimate.high}});
  return json;
}

using Summaries = std::vector<PolicySummary>;

// A policy's runs, in the order of the results.
std::vector<const RunResult*> runs_of(const Results& results, const std::string& policy) {
  std::vector<const RunResult*> runs;
  for (const RunResult& run : results.runs) {
    if (run.policy == policy) runs.push_back(&run);
  }
  return runs;
}

// One metric of every policy and seed, all in one unit: {"name", "unit", ..., "policies": [cell], "seeds": [[cell]]}.
// `means` by policy; `value_of` of a run.
template <typename F>
Json metric_as_json(const Metric& metric, const Results& results, const Summaries& summaries,
                    const std::vector<Estimate>& means, const F& value_of) {
  std::vector<Estimate> values = means;
  for (const PolicySummary& summary : summaries) {
    if (summary.runs == 1) continue;
    for (const RunResult* run : runs_of(results, summary.policy))
      values.push_back({.count = 1, .mean = value_of(*run)});
  }
  const FigureColumn column = figure_column(metric.id, values);
  const bool as_counted = display_unit(metric.id, 1).name.empty();  // reads, seeks: no other unit reads better
  Json json = {{"name", metric.name},
               {"base_unit", metric.unit},
               {"unit", as_counted ? std::string(metric.unit) : column.unit},
               {"better", metric.better == Better::lower    ? "lower"
                          : metric.better == Better::higher ? "higher"
                                                            : ""},
               {"policies", Json::array()},
               {"seeds", Json::array()}};
  for (std::size_t i = 0; i < means.size(); ++i) json["policies"].push_back(cell(column.cells[i], means[i]));
  std::size_t next = means.size();
  for (const PolicySummary& summary : summaries) {
    Json seeds = Json::array();
    for (std::size_t i = 0; summary.runs > 1 && i < summary.runs; ++i, ++next)
      seeds.push_back(cell(column.cells[next], values[next]));
    json["seeds"].push_back(std::move(seeds));
  }
  return json;
}

Json metrics_as_json(const Results& results, const Summaries& summaries) {
  Json json = Json::array();
  for (const Metric& metric : metrics()) {
    std::vector<Estimate> means;
    for (const PolicySummary& summary : summaries) means.push_back(summary.of(metric.id));
    Json one =
        metric_as_json(metric, results, summaries, means, [&](const RunResult& run) { return run.metrics[metric.id]; });
    one["sentence"] = metric.sentence;
    json.push_back(std::move(one));
  }
  return json;
}

std::vector<std::string> workload_names(const Results& results) {
  std::vector<std::string> names;
  for (const RunResult& run : results.runs) {
    for (const WorkloadResult& workload : run.workloads) {
      if (std::ranges::find(names, workload.name) == names.end()) names.push_back(workload.name);
    }
  }
  return names;
}

double value_of(const RunResult& run, const std::string& workload, MetricId id) {
  const auto found = std::ranges::find(run.workloads, workload, &WorkloadResult::name);
  return found == run.workloads.end() ? Estimate::none : found->metrics[id];
}

// What each workload measured of itself; metrics that none of its runs has are left out.
Json workloads_as_json(const Results& results, const Summaries& summaries) {
  Json json = Json::array();
  for (const std::string& name : workload_names(results)) {
    Json metrics_json = Json::array();
    for (const Metric& metric : metrics()) {
      if (!metric.per_workload) continue;
      std::vector<Estimate> means;
      for (const PolicySummary& summary : summaries)
        means.push_back(estimate(sample_of(results, summary.policy, metric.id, name)));
      if (std::ranges::none_of(means, [](const Estimate& mean) { return std::isfinite(mean.mean); })) continue;
      metrics_json.push_back(metric_as_json(metric, results, summaries, means,
                                            [&](const RunResult& run) { return value_of(run, name, metric.id); }));
    }
    json.push_back({{"name", name}, {"metrics", std::move(metrics_json)}});
  }
  return json;
}

Json published_as_texts(const Results& results) {
  Json json = Json::array();
  for (const Beside& beside : beside_published(results)) {
    const BesideTexts texts = texts_of(beside);
    json.push_back({{"what", beside.published.what},
                    {"published", texts.published},
                    {"here", texts.here},
                    {"verdict", texts.verdict},
                    {"source", beside.published.source}});
  }
  return json;
}

// Empty where it is not known.
std::string scenario_text(const Results& results) {
  if (results.experiment.scenario) return results.experiment.scenario->json().dump(2);
  std::ifstream file(results.scenario_file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return sha256_of(text) == results.scenario_sha256 ? text : "";
}

// Whether it locks a zone's mirror peers out; null where nobody knows.
Json peer_lock_of(const Results& results, const std::string& policy) {
  if (!results.experiment.scenario) return nullptr;
  const Json& scenario = results.experiment.scenario->json();
  const Json::json_pointer place = Json::json_pointer() / "policies" / policy / "peer_lock";
  return scenario.contains(place) ? scenario[place] : Json(false);
}

// Where the time went that it took beyond its bound, or why that is not told.
std::string gap_line(const RunResult& run, const ReportSource& source, const LayoutParts& layout) {
  const Results& results = source.results;
  if (const std::string why = no_gap(run, results.measured); !why.empty()) return "no bound: " + why;
  if (layout.volume == nullptr || layout.forest == nullptr) return "the layout that was read is not there";
  const auto trace = source.directory / trace_file_name(run.policy, run.seed);
  return gap_text(gap_of_run(run, trace, *layout.volume, *layout.forest, cpu_costs(results.experiment)));
}

// False for a name that no file can have, too.
bool is_there(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error);
}

bool has_trace(const ReportSource& source, const RunResult& run) {
  return !run.failed() && source.results.experiment.traced &&
         is_there(source.directory / trace_file_name(run.policy, run.seed));
}

// Adds to a seed's entry what its reads say; `own`, its curves, are made of them where no file has them.
void add_reads(Json& json, const RunResult& run, const ReportSource& source, std::size_t most_reads, PageParts& parts,
               std::optional<Intervals>& own) {
  const TracedRun traced = read_run(source.directory / trace_file_name(run.policy, run.seed));
  const LayoutParts layout = source.layout_of ? source.layout_of(run) : LayoutParts{};
  const std::string id = fmt::format("reads-{}", parts.size());
  const Json reads = reads_as_json(traced, layout, most_reads);
  json["gap"] = gap_line(run, source, layout);
  json["reads"] = {{"element", id}, {"count", reads["count"]}, {"shown", reads["shown"]}};
  parts.emplace_back(id, reads.dump());
  if (!own) own = intervals_of(traced);
}

Json seed_as_json(const RunResult& run, const ReportSource& source) {
  Json json = {{"seed", run.seed},       {"status", run.status},
               {"message", run.message}, {"undone", run.failed() ? "" : shortfall(run.metrics)},
               {"reads", nullptr},       {"traced", has_trace(source, run)}};
  json["devids"] = Json::array();
  for (const DeviceResult& device : run.devices) json["devids"].push_back(device.devid);
  return json;
}

Json policy_as_json(const PolicySummary& summary, const PolicySummary& base, const Results& results) {
  const WorkOf own{results, summary.policy, summary.policy}, others{results, base.policy, base.policy};
  return {
      {"name", summary.policy},
      {"runs", summary.runs},
      {"failed", summary.failed},
      {"message", summary.message},
      {"undone", summary.failed == summary.runs ? "" : shortfall(summary.means())},
      {"other_work", summary.same_work ? "" : other_work(own, others)},
      {"baseline", summary.policy == base.policy},
      {"peer_lock", peer_lock_of(results, summary.policy)},
      {"speed_up", summary.failed == summary.runs ? cell("-", Estimate{})
                                                  : cell(speed_up_text(summary, base, "×"), speed_up(summary, base))}};
}

Json notes_as_json(const ReportSource& source) {
  Json json = Json::array();
  for (const auto& list : {source.results.notes, run_notes(source.results)}) {
    for (const std::string& note : list) json.push_back(note);
  }
  return json;
}

Json about_as_json(const ReportSource& source) {
  const Results& results = source.results;
  Json json = {{"name", source.name},
               {"title", title_of(results)},
               {"measured", results.measured},
               {"headway", fmt::format("{} ({})", results.headway_version, results.headway_commit)},
               {"until", results.until ? until_sentence(results) : ""},
               {"scenario",
                {{"file", results.scenario_file},
                 {"sha256", results.scenario_sha256},
                 {"set", results.set},
                 {"text", scenario_text(results)}}}};
  json["inputs"] = Json::array();
  for (const InputFile& input : results.experiment.inputs)
    json["inputs"].push_back({input.file, input.digest.bytes, input.digest.sha256});
  json["verdicts"] = Json::array();
  for (const ReportVerdict& verdict : source.verdicts)
    json["verdicts"].push_back({{"holds", verdict.holds}, {"sentence", verdict.sentence}});
  json["published"] = published_as_texts(results);
  json["notes"] = notes_as_json(source);
  return json;
}

}  // namespace

std::vector<const RunResult*> runs_with_reads(const ReportSource& source, const ReportOptions& options) {
  std::vector<const RunResult*> runs;
  std::set<std::string> policies;
  for (const RunResult& run : source.results.runs) {
    if (options.seed && run.seed != *options.seed) continue;
    if (has_trace(source, run) && policies.insert(run.policy).second) runs.push_back(&run);
  }
  return runs;
}

Json experiment_as_json(const ReportSource& source, const ReportOptions& options, std::size_t most_reads,
                        PageParts& parts, RunIntervals& intervals) {
  const Results& results = source.results;
  const Summaries summaries = summarize(results, results.baseline);
  Json json = about_as_json(source);
  json["metrics"] = metrics_as_json(results, summaries);
  json["workloads"] = workloads_as_json(results, summaries);
  json["policies"] = Json::array();
  if (summaries.empty()) return json;
  auto base = std::ranges::find(summaries, results.baseline, &PolicySummary::policy);
  if (base == summaries.end()) base = summaries.begin();
  const auto shown = runs_with_reads(source, options);
  intervals.resize(results.runs.size());
  for (const PolicySummary& summary : summaries) {
    Json policy = policy_as_json(summary, *base, results);
    policy["seeds"] = Json::array();
    for (const RunResult* run : runs_of(results, summary.policy)) {
      Json seed = seed_as_json(*run, source);
      std::optional<Intervals>& own = intervals[static_cast<std::size_t>(run - results.runs.data())];
      const auto file = source.directory / intervals_file_name(run->policy, run->seed);
      if (!run->failed() && is_there(file)) own = read_intervals(file);
      if (std::ranges::find(shown, run) != shown.end()) add_reads(seed, *run, source, most_reads, parts, own);
      if (own) own->devices = {};  // not shown, and most of it
      policy["seeds"].push_back(std::move(seed));
    }
    json["policies"].push_back(std::move(policy));
  }
  return json;
}

void add_courses(Json& experiment, const ReportSource& source, const RunIntervals& intervals, const TimeAxis& axis) {
  const Results& results = source.results;
  for (Json& policy : experiment["policies"]) {
    std::vector<const Intervals*> some;
    std::size_t place = 0;
    for (const RunResult* run : runs_of(results, policy["name"])) {
      const auto& own = intervals[static_cast<std::size_t>(run - results.runs.data())];
      Json& seed = policy["seeds"][place++];
      if (!own) continue;
      some.push_back(&*own);
      seed["course"] = course_as_json(*own, axis);
    }
    if (some.size() > 1) policy["course"] = mean_course_as_json(some, axis, looks_of(results));
    if (some.size() == 1) {
      for (Json& seed : policy["seeds"]) {
        if (seed.contains("course")) policy["course"] = std::exchange(seed["course"], nullptr);
      }
    }
  }
}

}  // namespace headway
