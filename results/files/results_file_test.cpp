#include "results/files/results_file.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::string refused(const std::string& text) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "results.json") << text;
  try {
    read_results(directory.path());
  } catch (const InputError& error) {
    return std::string(error.what()).substr(directory.path().string().size() + 1);
  }
  return "accepted";
}

std::string edited(const std::string& from, const std::string& to) {
  std::string text = to_json(two_runs()).dump();
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("results are read back to the same bits") {
  const TemporaryDirectory directory;
  write_results(directory.path(), two_runs());
  const Results back = read_results(directory / "results.json");
  CHECK(to_json(back) == to_json(two_runs()));
  REQUIRE(back.runs.size() == 2);
  for (const Metric& each : metrics()) {
    const double written = two_runs().runs[0].metrics[each.id], read = back.runs[0].metrics[each.id];
    CHECK(std::memcmp(&written, &read, sizeof read) == 0);
    CHECK(std::isnan(back.runs[1].metrics[each.id]));
  }
  CHECK(back.runs[1].failed());
  CHECK(back.runs[1].message == "the layout \"x\"\nis cut");
}

TEST_CASE("every key is there every time, and no metric of another scope") {
  const auto json = to_json(two_runs());
  for (const auto& run : json["runs"]) CHECK(run["metrics"].size() == metric_count);
  CHECK(json["runs"][1]["metrics"]["reads"].is_null());
  CHECK(json["runs"][0]["metrics"]["reads"].is_number_unsigned());
  CHECK(!json["runs"][0]["devices"][0]["metrics"].contains("wasted_reads"));
  CHECK(!json["runs"][0]["workload"][0]["metrics"].contains("seeks"));
}

TEST_CASE("what is wrong in a results file is said with its place") {
  CHECK(refused("{").starts_with("results.json: line 1, column 2: expected JSON, found unexpected end of input"));
  CHECK(refused(edited("\"schema_version\":1", "\"schema_version\":2")) ==
        "results.json: /schema_version: expected 1, found 2");
  CHECK(refused(edited("\"seed\":2", "\"seed\":-2")) ==
        "results.json: /runs/1/seed: expected a whole number, 0 or more, found -2");
  CHECK(refused(edited("\"status\":\"ok\"", "\"status\":\"fine\"")) ==
        "results.json: /runs/0/status: expected a known name, found \"fine\"; known are ok, failed");
  CHECK(refused(edited("\"policy\":\"walk\",", "")) ==
        "results.json: /runs/1: expected an object with \"policy\", found none");
  CHECK(refused(edited("\"metrics\":{\"elapsed_s\":null,", "\"metrics\":{\"elapsed_s\":\"1\",")) ==
        "results.json: /runs/1/metrics/elapsed_s: expected a number or null, found \"1\"");
  CHECK(refused(edited("\"devices\":[{\"device\":1,\"metrics\":{", "\"devices\":[{\"device\":1,\"metrics\":[],\"x\":{")) ==
        "results.json: /runs/0/devices/0/metrics: expected an object, found []");
  CHECK(refused(edited("\"runs\":[", "\"runs\":{},\"x\":[")) == "results.json: /runs: expected an array, found {}");
  CHECK(refused("[]") == "results.json: /: expected an object, found []");
  CHECK(refused("[1e999]") == "results.json: line 1, column 2: expected a number of less than 1.8e308, found 1e999");
}

TEST_CASE("an older file that lacks metrics is read: they have no value, and all others theirs") {
  const TemporaryDirectory directory;
  const std::vector<MetricId> newer = {MetricId::seeks, MetricId::write_latency_s_max};
  auto json = to_json(two_runs());
  const auto forget = [&](nlohmann::ordered_json& owner) {
    for (const MetricId id : newer) owner["metrics"].erase(std::string(metric(id).name));
  };
  for (auto& run : json["runs"]) {
    forget(run);
    for (auto& device : run["devices"]) forget(device);
    for (auto& workload : run["workload"]) forget(workload);
  }
  std::ofstream(directory / "results.json") << json;
  const Results back = read_results(directory.path());
  CHECK(back.unnamed == newer);
  Results expected = two_runs();
  for (const MetricId id : newer) {
    expected.runs[0].metrics[id] = NAN;
    for (DeviceResult& device : expected.runs[0].devices) device.metrics[id] = NAN;
    expected.runs[0].workloads[0].metrics[id] = NAN;
  }
  CHECK(to_json(back) == to_json(expected));

  // What one headway hands to itself has them all.
  CHECK_THROWS_WITH_AS(run_from_json(JsonNode::parse(json["runs"][0].dump(), "run")),
                       "run: /metrics: expected an object with \"seeks\", found none", InputError);
}

TEST_CASE("the digest of what is missing is read back to the bit, and an older file has none") {
  const TemporaryDirectory directory;
  Results results = two_runs();
  results.runs[0].missing_digest = 0xfedcba9876543210;
  write_results(directory.path(), results);
  const Results back = read_results(directory.path());
  CHECK(back.runs[0].missing_digest == 0xfedcba9876543210);
  CHECK(!back.runs[1].missing_digest);
  Json json = to_json(results);
  json["runs"][0].erase("missing_digest");
  CHECK(!read_results(directory.write("results.json", json.dump())).runs[0].missing_digest);
  json["runs"][0]["missing_digest"] = "12x";
  CHECK_THROWS_WITH_AS(read_results(directory.write("results.json", json.dump())),
                       doctest::Contains("/runs/0/missing_digest: expected hexadecimal digits or null, found \"12x\""),
                       InputError);
}

TEST_CASE("notes are read back, and an older file has none") {
  const TemporaryDirectory directory;
  Results results = two_runs();
  results.notes = {"tree 257 left out: being deleted (refs 0)", "a \"quoted\" one"};
  write_results(directory.path(), results);
  CHECK(read_results(directory.path()).notes == results.notes);
  Json json = to_json(results);
  json.erase("notes");
  CHECK(read_results(directory.write("results.json", json.dump())).notes.empty());
}

TEST_CASE("results of a file whose name is no UTF-8 are written all the same") {
  const TemporaryDirectory directory;
  Results results = two_runs();
  results.scenario_file = "sc\xff.json";
  results.notes = {"\xc3"};
  write_results(directory.path(), results);
  CHECK(read_results(directory.path()).scenario_file == "sc\ufffd.json");
}
