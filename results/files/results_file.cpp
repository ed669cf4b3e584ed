// Reading results.json trusts nothing in it: each missing or wrong value is an InputError with its JSON path.
#include "results/files/results_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/document_kind.h"
#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/base/json_node.h"
#include "core/base/whole_file.h"
#include "results/files/published.h"
#include "results/files/stopping.h"
#include "results/files/summary.h"

namespace headway {

namespace {

bool applies(const Metric& each, bool Metric::*scope) { return scope == nullptr || each.*scope; }

Json json_number(const Metric& each, double value) {
  if (!std::isfinite(value)) return nullptr;
  if (each.is_count) return static_cast<std::uint64_t>(value);
  return value;
}

// `scope` picks the metrics: all of them, those of a device, those of a workload.
Json json_metrics(const MetricValues& values, bool Metric::*scope = nullptr) {
  Json json = Json::object();
  for (const Metric& each : metrics()) {
    if (applies(each, scope)) json[std::string(each.name)] = json_number(each, values[each.id]);
  }
  return json;
}

// Metrics that an object does not name.
enum class MissingMetrics : std::uint8_t { refused, have_no_value };

MetricValues metrics_from(const JsonNode& from, MissingMetrics missing, bool Metric::*scope = nullptr) {
  const Json& json = from.json();  // a node a metric would cost more than parsing the file
  if (!json.is_object()) from.fail("an object");
  MetricValues values;
  for (const Metric& each : metrics()) {
    if (!applies(each, scope)) continue;
    const auto found = json.find(each.name);
    if (found == json.end()) {
      if (missing == MissingMetrics::have_no_value) continue;
      from.fail(fmt::format("an object with \"{}\"", each.name), "none");
    }
    if (found->is_number()) {
      values[each.id] = found->get<double>();
    } else if (!found->is_null()) {
      from.at(each.name).fail("a number or null");
    }
  }
  return values;
}

// In hexadecimal, since not every reader of JSON has 64 bits for a number.
Json json_digest(const std::optional<std::uint64_t>& digest) {
  return digest ? Json(fmt::format("{:016x}", *digest)) : Json(nullptr);
}

std::optional<std::uint64_t> digest_from(const JsonNode& from) {
  if (from.json().is_null()) return std::nullopt;
  const std::string text = from.string();
  std::uint64_t digest = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), digest, 16);
  if (error != std::errc{} || end != text.data() + text.size()) from.fail("hexadecimal digits or null");
  return digest;
}

std::vector<std::string> texts_from(const JsonNode& from, std::string_view key) {
  std::vector<std::string> texts;
  if (const auto all = from.find(key)) {  // older files have none
    for (const JsonNode& text : all->items()) texts.push_back(text.string());
  }
  return texts;
}

RunResult run_from(const JsonNode& from, MissingMetrics missing) {
  RunResult run;
  run.policy = from.at("policy").string();
  run.seed = from.at("seed").unsigned_integer();
  run.status = from.at("status").choice({"ok", "failed"});
  run.message = from.at("message").string();
  if (const auto digest = from.find("missing_digest")) run.missing_digest = digest_from(*digest);
  run.notes = texts_from(from, "notes");
  if (const auto reason = from.find("no_bound")) run.no_bound = reason->json().is_null() ? "" : reason->string();
  run.metrics = metrics_from(from.at("metrics"), missing);
  for (const JsonNode& device : from.at("devices").items()) {
    run.devices.push_back({device.at("device").unsigned_integer(),
                           metrics_from(device.at("metrics"), missing, &Metric::per_device)});
  }
  for (const JsonNode& workload : from.at("workload").items()) {
    run.workloads.push_back(
        {workload.at("name").string(), metrics_from(workload.at("metrics"), missing, &Metric::per_workload)});
  }
  return run;
}

// The metrics that no run names: those of a newer headway than the one that wrote the file.
std::vector<MetricId> unnamed_metrics(const std::vector<JsonNode>& runs) {
  std::vector<MetricId> unnamed;
  for (const Metric& each : metrics()) {
    const auto names_it = [&](const JsonNode& run) { return run.json().at("metrics").contains(each.name); };
    if (!runs.empty() && std::ranges::none_of(runs, names_it)) unnamed.push_back(each.id);
  }
  return unnamed;
}

// JSON is UTF-8, names of files need not be: what is none stands there as U+FFFD.
std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

// From a pipe as well.
JsonNode parsed(const std::filesystem::path& path) {
  return JsonNode::parse(read_text_file(path, "results (`headway run -o DIRECTORY` writes them)"), path.string());
}

}  // namespace

std::string title_of(const Results& results) {
  std::string title = results.scenario_name;
  for (const std::string& set : results.set) title += fmt::format("{}{}", &set == results.set.data() ? " with " : ", ", set);
  return title;
}

std::vector<std::string> run_notes(const Results& results) {
  struct Noted {
    const RunResult* first = nullptr;
    std::size_t runs = 0, noted = 0;
  };
  std::map<std::string, Noted> by_policy;
  std::vector<const Noted*> in_order;
  for (const RunResult& run : results.runs) {
    Noted& noted = by_policy[run.policy];
    ++noted.runs;
    if (run.notes.empty()) continue;
    if (noted.noted++ > 0) continue;
    noted.first = &run;
    in_order.push_back(&noted);
  }
  std::vector<std::string> sentences;
  for (const Noted* noted : in_order) {
    std::string with;
    if (noted->runs > 1) with = fmt::format(" with seed {}", noted->first->seed);
    if (noted->noted > 1)
      with += fmt::format(", and likewise with {} other{}", noted->noted - 1, noted->noted > 2 ? "s" : "");
    for (const std::string& note : noted->first->notes)
      sentences.push_back(fmt::format("{}{}: {}", noted->first->policy, with, note));
  }
  return sentences;
}

Json to_json(const RunResult& run) {
  Json json = {{"policy", run.policy}, {"seed", run.seed}, {"status", run.status}, {"message", run.message}};
  json["missing_digest"] = json_digest(run.missing_digest);
  json["notes"] = run.notes;
  json["no_bound"] = run.no_bound.empty() ? Json(nullptr) : Json(run.no_bound);
  json["metrics"] = json_metrics(run.metrics);
  json["devices"] = Json::array();
  for (const DeviceResult& device : run.devices) {
    json["devices"].push_back(
        {{"device", device.devid}, {"metrics", json_metrics(device.metrics, &Metric::per_device)}});
  }
  json["workload"] = Json::array();
  for (const WorkloadResult& workload : run.workloads) {
    json["workload"].push_back(
        {{"name", workload.name}, {"metrics", json_metrics(workload.metrics, &Metric::per_workload)}});
  }
  return json;
}

RunResult run_from_json(const JsonNode& json) { return run_from(json, MissingMetrics::refused); }

Json to_json(const Results& results) {
  Json json;
  json["schema_version"] = Results::schema_version;
  json["headway"] = {{"version", results.headway_version}, {"commit", results.headway_commit}};
  json["scenario"] = {
      {"name", results.scenario_name}, {"sha256", results.scenario_sha256}, {"file", results.scenario_file}};
  json["scenario"]["set"] = results.set;
  add_experiment(json, results.experiment);
  json["measured"] = results.measured;
  if (results.until) json["until"] = until_as_json(results);
  json["notes"] = results.notes;
  json["runs"] = Json::array();
  for (const RunResult& run : results.runs) json["runs"].push_back(to_json(run));
  json["summary"] = summary_as_json(results);
  if (results.experiment.scenario) json["published"] = published_as_json(results);
  return json;
}

Json to_json(const std::vector<RunTiming>& timing, const Json& live) {
  Json json;
  std::error_code error;
  json["run_in"] = std::filesystem::current_path(error).string();
  json["live"] = live;
  json["runs"] = Json::array();
  for (const RunTiming& run : timing) {
    json["runs"].push_back({{"policy", run.policy},
                            {"seed", run.seed},
                            {"wall_s", run.wall_s},
                            {"cpu_s", run.cpu_s},
                            {"reads_per_wall_s", run.reads_per_wall_s},
                            {"peak_rss_bytes", run.peak_rss_bytes}});
  }
  return json;
}

void write_results(const std::filesystem::path& directory, const Results& results) {
  write_whole_text(directory / "results.json", text_of(to_json(results)));
}

void write_timing(const std::filesystem::path& directory, const std::vector<RunTiming>& timing) {
  write_timing(directory, timing, nullptr);
}

void write_timing(const std::filesystem::path& directory, const std::vector<RunTiming>& timing, const Json& live) {
  write_whole_text(directory / "timing.json", text_of(to_json(timing, live)));
}

std::filesystem::path results_file(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? path / "results.json" : path;
}

std::filesystem::path run_directory(const std::filesystem::path& path) {
  std::error_code error;
  try {
    const JsonNode timing = JsonNode::read_file(results_file(path).parent_path() / "timing.json");
    const std::filesystem::path directory = timing.at("run_in").string();
    if (std::filesystem::is_directory(directory, error) && directory != std::filesystem::current_path(error))
      return directory;
  } catch (const InputError&) {  // none, or one of an older headway
  }
  return {};
}

Results read_results(const std::filesystem::path& path) {
  const JsonNode root = parsed(results_file(path));
  expect_document(root, document::results);
  const JsonNode version = root.at("schema_version");
  if (version.unsigned_integer() != Results::schema_version) version.fail(std::to_string(Results::schema_version));
  Results results;
  results.headway_version = root.at("headway").at("version").string();
  results.headway_commit = root.at("headway").at("commit").string();
  const JsonNode scenario = root.at("scenario");
  results.scenario_name = scenario.at("name").string();
  results.scenario_sha256 = scenario.at("sha256").string();
  if (const auto sweep = root.find("sweep")) {
    results.sweep_file = sweep->at("file").string();
    results.sweep_sha256 = sweep->at("sha256").string();
  }
  results.scenario_file = scenario.at("file").string();
  results.set = texts_from(scenario, "set");
  results.experiment = experiment_from(root);
  if (const auto measured = root.find("measured")) results.measured = measured->boolean();
  if (const auto until = root.find("until")) results.until = stopping_rule_from(*until);
  results.notes = texts_from(root, "notes");
  const std::vector<JsonNode> runs = root.at("runs").items();
  for (const JsonNode& run : runs) results.runs.push_back(run_from(run, MissingMetrics::have_no_value));
  results.unnamed = unnamed_metrics(runs);
  if (const auto summary = root.find("summary")) results.baseline = summary->at("baseline").string();
  return results;
}

}  // namespace headway
