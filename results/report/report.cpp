// Fills the page: one JSON of what is shown at once, and an element for each run's reads.
#include "results/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "results/metrics/statistics.h"
#include "results/report/comparison_json.h"
#include "results/report/courses_json.h"
#include "results/report/experiment_json.h"
#include "results/report/page.h"

namespace headway {

namespace {

// The share of each run, so that the page stays one that a browser opens.
std::size_t most_reads_of_run(std::span<const ReportSource> sources, const ReportOptions& options) {
  std::size_t runs = 0;
  for (const ReportSource& source : sources) runs += runs_with_reads(source, options).size();
  return std::min(options.most_reads / 4, options.most_reads / std::max<std::size_t>(runs, 1));
}

void hold_seed(std::span<const ReportSource> sources, const ReportOptions& options) {
  if (!options.seed) return;
  std::size_t runs = 0;
  for (const ReportSource& source : sources) {
    const auto& all = source.results.runs;
    runs += static_cast<std::size_t>(std::ranges::count(all, *options.seed, &RunResult::seed));
  }
  if (runs == 0) throw InputError("--seed", "", "a seed of the results", fmt::format("{}", *options.seed));
}

Json page_data(std::span<const ReportSource> sources, const ReportOptions& options, PageParts& parts) {
  Json json = {{"confidence", std::lround(100 * confidence)}};
  const std::size_t most_reads = most_reads_of_run(sources, options);
  std::vector<RunIntervals> intervals(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i)
    json["experiments"].push_back(experiment_as_json(sources[i], options, most_reads, parts, intervals[i]));
  std::vector<Intervals> all;  // no more of them than the axis asks for
  for (const RunIntervals& own : intervals) {
    for (const auto& one : own) {
      if (one) all.push_back({.window_s = one->window_s, .end_s = one->end_s, .devids = {}, .run = {}, .devices = {}});
    }
  }
  const TimeAxis axis = time_axis(all);
  for (std::size_t i = 0; i < sources.size(); ++i) add_courses(json["experiments"][i], sources[i], intervals[i], axis);
  json["time_axis"] = {{"logarithmic", axis.logarithmic}, {"low_s", axis.low_s}, {"high_s", axis.high_s}};
  for (const NamedCourse& each : named_courses())
    json["courses"].push_back({{"name", each.name}, {"title", each.title}, {"unit", each.unit_name}});
  json["comparison"] = sources.size() > 1 ? comparison_as_json(sources[0], sources[1]) : Json(nullptr);
  return json;
}

// Neither "</script" nor "<!--<script" may be what they are in HTML; JSON reads "\u003c" as the same letter.
std::string element(std::string_view id, std::string json) {
  std::size_t count = static_cast<std::size_t>(std::ranges::count(json, '<'));
  if (count > 0) {
    std::string safe;
    safe.reserve(json.size() + 5 * count);
    for (const char c : json) {
      if (c == '<')
        safe += "\\u003c";
      else
        safe += c;
    }
    json = std::move(safe);
  }
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, json);
}

}  // namespace

bool has_report() { return !report_page().empty(); }

void write_report(std::span<const ReportSource> sources, const std::filesystem::path& out,
                  const ReportOptions& options) {
  if (!has_report()) {
    throw InputError("", "", "a headway with the report in it",
                     "one that was built without Node (install nodejs and npm)");
  }
  hold_seed(sources, options);
  PageParts parts;
  const Json data = page_data(sources, options, parts);
  std::string elements = element("data", data.dump(-1, ' ', false, Json::error_handler_t::replace));
  for (auto& [id, json] : parts) elements += element(id, std::move(json));
  constexpr std::string_view mark = "<!--DATA-->";
  const std::string_view page = report_page();
  const std::size_t place = page.find(mark);
  write_whole_text(out, fmt::format("{}{}{}", page.substr(0, place), elements, page.substr(place + mark.size())));
}

}  // namespace headway
