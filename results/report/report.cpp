// Fills the page with a run's data: results as they are, reads as compressed columns, curves as numbers.
#include "results/report/report.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"
#include "results/files/gap_of_run.h"
#include "results/files/published.h"
#include "results/files/results_file.h"
#include "results/files/work.h"
#include "results/metrics/units.h"
#include "results/report/page.h"
#include "results/trace/course.h"
#include "results/trace/intervals.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

constexpr std::size_t most_reads = 2'000'000;  // of a run; more are thinned out evenly
constexpr double mib = 1024.0 * 1024;

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[i + k])) : 0u;
    };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += letters[group >> 18];
    out += letters[group >> 12 & 63];
    out += i + 1 < bytes.size() ? letters[group >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? letters[group & 63] : '=';
  }
  return out;
}

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                6) != Z_OK) {
    throw std::bad_alloc();
  }
  out.resize(size);
  return out;
}

template <typename T>
Json packed(const char* type, const std::vector<T>& values) {
  const std::string_view bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return {{"type", type}, {"data", base64(deflated(bytes))}};
}

template <typename T, typename F>
Json column(const char* type, const std::vector<TracedRead>& reads, const F& value) {
  std::vector<T> values;
  for (const TracedRead& read : reads) values.push_back(static_cast<T>(value(read)));
  return packed(type, values);
}

std::vector<TracedRead> thinned(std::vector<TracedRead> reads) {
  if (reads.size() <= most_reads) return reads;
  std::vector<TracedRead> some;
  const double step = static_cast<double>(reads.size()) / most_reads;
  for (std::size_t i = 0; i < most_reads; ++i)
    some.push_back(reads[static_cast<std::size_t>(static_cast<double>(i) * step)]);
  return some;
}

// Places of reads that show what a chart of the whole run would show of all, device by device: one of those that fall
// on one dot.
std::vector<std::uint32_t> overview(const TracedRun& run, const std::vector<TracedRead>& reads) {
  constexpr double across = 1600, up = 600;
  struct Span {
    double low = INFINITY, high = 0;
  };
  std::vector<Span> spans(run.header.devices.size());
  for (const TracedRead& read : reads) {
    Span& span = spans[run.device_place(read.device)];
    span.low = std::min(span.low, static_cast<double>(read.physical));
    span.high = std::max(span.high, static_cast<double>(read.physical) + 1);
  }
  std::vector<std::uint32_t> places;
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const std::size_t device = run.device_place(reads[i].device);
    const Span& span = spans[device];
    const auto x = static_cast<std::uint64_t>(reads[i].end_s / run.end_s * across);
    const auto y =
        static_cast<std::uint64_t>((static_cast<double>(reads[i].physical) - span.low) / (span.high - span.low) * up);
    const std::uint64_t failed = reads[i].error > 0;  // a dot of its own, of another look
    const std::uint64_t dot = (device << 41) | (failed << 40) | (x << 20) | y;
    if (seen.insert(dot).second) places.push_back(static_cast<std::uint32_t>(i));
  }
  return places;
}

// The places of the devices that hold the same blocks as `device` in the block group at `logical`.
Json json_peers(const Volume* volume, std::uint64_t logical, std::size_t device) {
  Json peers = Json::array();
  if (volume == nullptr || volume->find_chunk(logical) < 0) return peers;
  const auto chunk = static_cast<std::uint32_t>(volume->find_chunk(logical));
  for (std::uint32_t set = 0; set < volume->stripe_set_count(); ++set) {
    if (volume->chunk_of_set(set) != chunk) continue;
    const auto members = volume->devices_of_set(set);
    if (std::ranges::find(members, device) == members.end()) continue;
    for (const DeviceIndex member : members) {
      if (member != device) peers.push_back(member);
    }
  }
  return peers;
}

Json json_reads(const TracedRun& run, const Volume* volume) {
  const std::vector<TracedRead> reads = thinned(run.reads);
  Json json;
  json["count"] = run.reads.size();
  json["shown"] = reads.size();
  Json& columns = json["columns"];
  columns["end_s"] = column<double>("f64", reads, [](const TracedRead& r) { return r.end_s; });
  columns["physical"] = column<double>("f64", reads, [](const TracedRead& r) { return r.physical; });
  columns["latency_s"] = column<float>("f32", reads, [](const TracedRead& r) { return r.latency_s(); });
  columns["queue_s"] = column<float>("f32", reads, [](const TracedRead& r) { return r.queue_s; });
  columns["seek_s"] = column<float>("f32", reads, [](const TracedRead& r) { return r.seek_s; });
  columns["rotation_s"] = column<float>("f32", reads, [](const TracedRead& r) { return r.rotation_s; });
  columns["transfer_s"] = column<float>("f32", reads, [](const TracedRead& r) { return r.transfer_s; });
  columns["device"] =
      column<std::uint16_t>("u16", reads, [&](const TracedRead& r) { return run.device_place(r.device); });
  columns["mirror"] = column<std::uint8_t>("u8", reads, [](const TracedRead& r) { return r.mirror; });
  columns["level"] = column<std::uint8_t>("u8", reads, [](const TracedRead& r) { return r.level; });
  columns["error"] = column<std::uint8_t>("u8", reads, [](const TracedRead& r) { return std::max(r.error, 0); });
  const std::vector<std::uint32_t> places = overview(run, reads);
  columns["overview"] = packed("u32", places);
  json["zones"] = Json::array();
  for (std::size_t device = 0; device < run.header.devices.size(); ++device) json["zones"].push_back(Json::array());
  for (const TracedMark& mark : run.marks) {
    if (mark.event == TraceEvent::zone) {
      json["zones"][run.device_place(mark.device)].push_back({mark.time_s, mark.logical});
      Json& peers = json["peers"][std::to_string(mark.logical)];  // by device
      if (peers.is_null()) {
        for (std::size_t device = 0; device < run.header.devices.size(); ++device) {
          peers.push_back(json_peers(volume, mark.logical, device));
        }
      }
    }
  }
  return json;
}

// The same steps as in the printed figures.
Json json_courses(const Intervals& intervals, const TimeAxis& axis) {
  Json json;
  const auto add = [&](const char* name, Shown shown, double unit) {
    json["start_s"] = json[name] = Json::array();
    for (const auto& [start_s, value] : course_of(intervals, axis, shown)) {
      json["start_s"].push_back(start_s);
      json[name].push_back(value / unit);
    }
  };
  add("throughput", shown_throughput, mib);
  add("seeks", shown_seeks, 1);
  add("in_flight", shown_in_flight, 1);
  return json;
}

// How many times as fast as the baseline with the same seed.
std::string speed_up_text(const RunResult& run, const Results& results) {
  const auto base = std::ranges::find_if(results.runs, [&](const RunResult& other) {
    return other.policy == results.baseline && other.seed == run.seed && !other.failed();
  });
  if (base == results.runs.end()) return "-";
  if (!same_work(run, *base)) return "other work";
  const double speed_up = base->metrics[MetricId::elapsed_s] / run.metrics[MetricId::elapsed_s];
  return std::isfinite(speed_up) ? figure_text(speed_up, false) + "×" : "-";
}

// Where the time went that it took beyond its bound, or why that is not told.
std::string gap_line(const RunResult& run, const Results& results, const std::filesystem::path& trace,
                     const LayoutParts& layout) {
  if (const std::string why = no_gap(run, results.measured); !why.empty()) return "no bound: " + why;
  if (layout.volume == nullptr || layout.forest == nullptr) return "the layout that was read is not there";
  return gap_text(gap_of_run(run, trace, *layout.volume, *layout.forest, cpu_costs(results.experiment)));
}

// `intervals`: of a run that has some.
Json json_run(const RunResult& run, const std::string& label, const Results& results,
              const std::filesystem::path& directory, const LayoutOf& layout_of, std::optional<Intervals>& intervals) {
  Json json = {{"label", label},
               {"status", run.status},
               {"message", run.message},
               {"speed_up", run.failed() ? "-" : speed_up_text(run, results)},
               {"undone", run.failed() ? "" : shortfall(run.metrics)}};
  json["devids"] = Json::array();
  for (const DeviceResult& device : run.devices) json["devids"].push_back(device.devid);
  if (run.failed()) return json;
  const auto trace = directory / trace_file_name(run.policy, run.seed);
  const auto beside = directory / intervals_file_name(run.policy, run.seed);
  if (std::filesystem::exists(beside)) intervals = read_intervals(beside);
  if (results.experiment.traced && std::filesystem::exists(trace)) {
    const TracedRun reads = read_run(trace);
    const LayoutParts layout = layout_of(run);
    json["reads"] = json_reads(reads, layout.volume);
    json["gap"] = gap_line(run, results, trace, layout);
    if (!intervals) intervals = intervals_of(reads);
  }
  return json;
}

// A row a metric, a text a run that went well, in one unit.
Json json_metrics(const Results& results) {
  Json json = Json::array();
  for (const Metric& each : metrics()) {
    std::vector<Estimate> values;
    for (const RunResult& run : results.runs) {
      if (!run.failed()) values.push_back({.count = 1, .mean = run.metrics[each.id]});
    }
    const FigureColumn column = figure_column(each.id, values);
    const bool as_counted = display_unit(each.id, 1).name.empty();  // reads, seeks: no other unit reads better
    json.push_back({{"name", each.name},
                    {"unit", as_counted ? std::string(each.unit) : column.unit},
                    {"sentence", each.sentence},
                    {"values", column.cells}});
  }
  return json;
}

Json json_published(const Results& results) {
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

Json json_runs(const Results& results, const std::filesystem::path& directory, const LayoutOf& layout_of,
               TimeAxis& axis) {
  std::map<std::string, int> seeds;
  for (const RunResult& run : results.runs) ++seeds[run.policy];
  Json json = Json::array();
  std::vector<Intervals> intervals;
  std::vector<std::size_t> of;  // which run's
  for (const RunResult& run : results.runs) {
    const std::string label = seeds[run.policy] > 1 ? fmt::format("{}, seed {}", run.policy, run.seed) : run.policy;
    std::optional<Intervals> own;
    json.push_back(json_run(run, label, results, directory, layout_of, own));
    if (!own) continue;
    of.push_back(json.size() - 1);
    intervals.push_back(std::move(*own));
  }
  axis = time_axis(intervals);
  for (std::size_t i = 0; i < of.size(); ++i) json[of[i]]["intervals"] = json_courses(intervals[i], axis);
  return json;
}

// Empty where it is not known.
std::string scenario_text(const Results& results) {
  if (results.experiment.scenario) return results.experiment.scenario->json().dump(2);
  std::ifstream file(results.scenario_file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return sha256_of(text) == results.scenario_sha256 ? text : "";
}

Json page_data(const std::filesystem::path& path, const LayoutOf& layout_of) {
  Results results = read_results(path);
  if (results.baseline.empty() && !results.runs.empty()) results.baseline = results.runs.front().policy;
  Json json = to_json(results);
  json["scenario_text"] = scenario_text(results);
  json["metrics"] = json_metrics(results);
  json["published"] = json_published(results);
  TimeAxis axis;
  for (const std::string& note : run_notes(results)) json["notes"].push_back(note);
  json["runs"] = json_runs(results, results_file(path).parent_path(), layout_of, axis);
  json["logarithmic_time"] = axis.logarithmic;
  return json;
}

}  // namespace

bool has_report() { return !report_page().empty(); }

void write_report(const std::filesystem::path& results, const std::filesystem::path& out, const LayoutOf& layout_of) {
  if (!has_report()) {
    throw InputError("", "", "a headway with the report in it",
                     "one that was built without Node (install nodejs and npm)");
  }
  std::string data = page_data(results, layout_of).dump(-1, ' ', false, Json::error_handler_t::replace);
  // Neither "</script" nor "<!--<script" may be what they are in HTML; JSON reads "\u003c" as the same letter.
  for (std::size_t at = data.find('<'); at != std::string::npos; at = data.find('<', at))
    data.replace(at, 1, "\\u003c");
  constexpr std::string_view mark = "/*DATA*/";
  const std::string_view page = report_page();
  const std::size_t place = page.find(mark);
  write_whole_text(out, fmt::format("{}{}{}", page.substr(0, place), data, page.substr(place + mark.size())));
}

}  // namespace headway
