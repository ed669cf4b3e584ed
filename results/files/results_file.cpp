// Reading results.json trusts nothing in it: each missing or wrong value is an InputError with its JSON path.
#include "results/files/results_file.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/whole_file.h"
#include "results/files/summary.h"

namespace headway {

namespace {

using Json = nlohmann::ordered_json;

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

// A value within a file, which knows where it stands.
struct Place {
  const std::string& source;
  std::string path;
  const Json& json;
  MissingMetrics missing = MissingMetrics::refused;

  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    throw InputError(source, path, expected, found);
  }

  Place at(const std::string& key, Json::value_t type, std::string_view expected) const {
    if (!json.is_object()) fail("an object", json.type_name());
    const auto found = json.find(key);
    const std::string path_of_key = fmt::format("{}/{}", path, key);
    if (found == json.end()) throw InputError(source, path_of_key, expected, "nothing");
    if (type == Json::value_t::number_float      ? !found->is_number()
        : type == Json::value_t::number_unsigned ? !found->is_number_unsigned()
                                                 : found->type() != type) {
      throw InputError(source, path_of_key, expected, found->type_name());
    }
    return {source, path_of_key, *found, missing};
  }
  Place object(const std::string& key) const { return at(key, Json::value_t::object, "an object"); }
  Place array(const std::string& key) const { return at(key, Json::value_t::array, "an array"); }
  std::string text(const std::string& key) const {
    return at(key, Json::value_t::string, "a string").json.get<std::string>();
  }
  std::uint64_t whole(const std::string& key) const {
    return at(key, Json::value_t::number_unsigned, "a whole number").json.get<std::uint64_t>();
  }

  template <typename F>
  void each(F&& f) const {
    for (std::size_t i = 0; i < json.size(); ++i) f(Place{source, fmt::format("{}/{}", path, i), json[i], missing});
  }
};

MetricValues metrics_from(const Place& place, bool Metric::*scope = nullptr) {
  MetricValues values;
  for (const Metric& each : metrics()) {
    if (!applies(each, scope)) continue;
    const auto found = place.json.find(std::string(each.name));
    if (found == place.json.end()) {
      if (place.missing == MissingMetrics::have_no_value) continue;
      throw InputError(place.source, fmt::format("{}/{}", place.path, each.name), "a number or null", "nothing");
    }
    if (found->is_null()) continue;
    if (!found->is_number()) {
      throw InputError(place.source, fmt::format("{}/{}", place.path, each.name), "a number or null",
                       found->type_name());
    }
    values[each.id] = found->get<double>();
  }
  return values;
}

RunResult run_from(const Place& place) {
  RunResult run;
  run.policy = place.text("policy");
  run.seed = place.whole("seed");
  run.status = place.text("status");
  if (run.status != "ok" && run.status != "failed") {
    throw InputError(place.source, place.path + "/status", "\"ok\" or \"failed\"", fmt::format("\"{}\"", run.status));
  }
  run.message = place.text("message");
  run.metrics = metrics_from(place.object("metrics"));
  place.array("devices").each([&](const Place& device) {
    run.devices.push_back({device.whole("device"), metrics_from(device.object("metrics"), &Metric::per_device)});
  });
  place.array("workload").each([&](const Place& workload) {
    run.workloads.push_back({workload.text("name"), metrics_from(workload.object("metrics"), &Metric::per_workload)});
  });
  return run;
}

Json parse(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(path.string(), "", "a results file", "none that can be opened");
  try {
    return Json::parse(file);
  } catch (const Json::parse_error& error) {
    throw InputError(path.string(), fmt::format("byte {}", error.byte), "JSON", "something else, or the file's end");
  } catch (const Json::out_of_range&) {
    throw InputError(path.string(), "", "numbers of less than 1.8e308", "a larger one");
  }
}

}  // namespace

Json to_json(const RunResult& run) {
  Json json = {{"policy", run.policy}, {"seed", run.seed}, {"status", run.status}, {"message", run.message}};
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

RunResult run_from_json(const std::string& source, const std::string& place, const Json& json) {
  return run_from(Place{source, place, json});
}

Json to_json(const Results& results) {
  Json json;
  json["schema_version"] = Results::schema_version;
  json["headway"] = {{"version", results.headway_version}, {"commit", results.headway_commit}};
  json["scenario"] = {
      {"name", results.scenario_name}, {"sha256", results.scenario_sha256}, {"file", results.scenario_file}};
  json["runs"] = Json::array();
  for (const RunResult& run : results.runs) json["runs"].push_back(to_json(run));
  json["summary"] = summary_as_json(results);
  return json;
}

Json to_json(const std::vector<RunTiming>& timing) {
  Json json;
  json["runs"] = Json::array();
  for (const RunTiming& run : timing) {
    json["runs"].push_back({{"policy", run.policy},
                            {"seed", run.seed},
                            {"wall_s", run.wall_s},
                            {"reads_per_wall_s", run.reads_per_wall_s},
                            {"peak_rss_bytes", run.peak_rss_bytes}});
  }
  return json;
}

void write_results(const std::filesystem::path& directory, const Results& results) {
  write_whole_text(directory / "results.json", to_json(results).dump(2) + "\n");
}

void write_timing(const std::filesystem::path& directory, const std::vector<RunTiming>& timing) {
  write_whole_text(directory / "timing.json", to_json(timing).dump(2) + "\n");
}

std::filesystem::path results_file(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? path / "results.json" : path;
}

Results read_results(const std::filesystem::path& path, MissingMetrics missing) {
  const std::filesystem::path file = results_file(path);
  const std::string source = file.string();
  const Json json = parse(file);
  const Place root{source, "", json, missing};
  const std::uint64_t version = root.whole("schema_version");
  if (version != Results::schema_version) {
    throw InputError(source, "/schema_version", fmt::format("{}", Results::schema_version), fmt::format("{}", version));
  }
  Results results;
  results.headway_version = root.object("headway").text("version");
  results.headway_commit = root.object("headway").text("commit");
  const Place scenario = root.object("scenario");
  results.scenario_name = scenario.text("name");
  results.scenario_sha256 = scenario.text("sha256");
  results.scenario_file = scenario.text("file");
  root.array("runs").each([&](const Place& run) { results.runs.push_back(run_from(run)); });
  if (json.contains("summary")) results.baseline = root.object("summary").text("baseline");
  return results;
}

}  // namespace headway
