#include "sim/sweep/sweep_spec.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/base/testing/schema_check.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

constexpr const char* in_flight = "/policies/reada-2011/max_in_flight";

Json sweep_of(const char* parts) {
  Json json = {{"schema_version", 1}, {"name", "t"}, {"scenario", "s.json"}};
  json.update(Json::parse(parts));
  return json;
}

SweepSpec read(const Json& json) {
  const TemporaryDirectory directory;
  directory.write("s.json", first_look().dump());
  return read_sweep(directory.write("sweep.json", json.dump()));
}

std::string refused(const Json& json) {
  try {
    read(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

bool schema_takes(const Json& sweep) { return schema_accepts(sweep_schema(), sweep.dump()); }

const Json grid_of_six = sweep_of(R"({"grid": [
  {"name": "in flight", "pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]},
  {"pointer": "/seed", "values": [7, 8, 9]}]})");

}  // namespace

TEST_CASE("a grid is every combination, its last axis fastest, and a pointer may make a key") {
  const SweepSpec sweep = read(grid_of_six);
  REQUIRE(sweep.cells() == 6);
  CHECK(sweep.axes()[1].name == "/seed");
  CHECK(sweep.values(4) == std::vector<Json>{2, 8});
  CHECK(sweep.label(4) == "cell 4 (in flight = 2, /seed = 8)");
  const Json cell = sweep.scenario_of(4);
  CHECK(cell.at(Json::json_pointer(in_flight)) == 2);
  CHECK(cell.at("seed") == 8);
  Json rest = cell;
  rest["policies"]["reada-2011"].erase("max_in_flight");
  rest["seed"] = sweep.scenario.at("seed");
  CHECK(rest == sweep.scenario);
}

TEST_CASE("a list's values stay together, and parts of a sweep are combined") {
  Json json = grid_of_six;
  json["list"] = Json::parse(R"({"axes": [{"pointer": "/devices/0/count"}, {"pointer": "/workload/0/tree"}],
                                 "rows": [[4, "256"], [2, "fs"]]})");
  const SweepSpec sweep = read(json);
  REQUIRE(sweep.cells() == 12);
  CHECK(sweep.values(0) == std::vector<Json>{1, 7, 4, "256"});
  CHECK(sweep.values(1) == std::vector<Json>{1, 7, 2, "fs"});
  CHECK(sweep.values(11) == std::vector<Json>{2, 9, 2, "fs"});
}

TEST_CASE("samples keep to their distributions and to their seed") {
  const char* text = R"({"random": {"samples": 2000, "seed": 5, "axes": [
    {"pointer": "/seed", "distribution": {"kind": "integer", "low": 1, "high": 4}},
    {"pointer": "/devices/0/queue/max_age_s", "distribution": {"kind": "log-uniform", "low": 0.01, "high": 100}},
    {"pointer": "/workload/0/start_s", "distribution": {"kind": "uniform", "low": 2, "high": 6}},
    {"pointer": "/devices/0/drive", "distribution": {"kind": "choice", "values": ["a", "b"]}}]}})";
  const SweepSpec sweep = read(sweep_of(text));
  REQUIRE(sweep.cells() == 2000);
  std::multiset<Json> whole, names;
  double log_sum = 0, sum = 0;
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell) {
    const auto values = sweep.values(cell);
    whole.insert(values[0]);
    log_sum += std::log10(values[1].get<double>());
    CHECK((values[1] >= 0.01 && values[1] <= 100));
    CHECK((values[2] >= 2 && values[2] <= 6));
    sum += values[2].get<double>();
    names.insert(values[3]);
  }
  // Means within four standard errors of those of the distributions: -2 to 2 has sd 4/sqrt(12), and so on.
  CHECK(std::abs(log_sum / 2000) < 4 * 4 / std::sqrt(12 * 2000.0));
  CHECK(std::abs(sum / 2000 - 4) < 4 * 4 / std::sqrt(12 * 2000.0));
  for (const int value : {1, 2, 3, 4}) CHECK(std::abs(static_cast<double>(whole.count(value)) - 500) < 4 * 20);
  CHECK(whole.size() == whole.count(1) + whole.count(2) + whole.count(3) + whole.count(4));
  CHECK(std::abs(static_cast<double>(names.count("a")) - 1000) < 4 * 23);
  CHECK(read(sweep_of(text)).values(1999) == sweep.values(1999));
}

TEST_CASE("an axis that points nowhere names the nearest place") {
  const auto pointing = [](const std::string& pointer) {
    Json json = grid_of_six;
    json["grid"][0]["pointer"] = pointer;
    return refused(json);
  };
  CHECK(contains(pointing("/polices/reada-2011/max_in_flight"), "/grid/0/pointer: expected a place in"));
  CHECK(contains(pointing("/polices/reada-2011/max_in_flight"), "no \"polices\" (did you mean \"policies\"?)"));
  CHECK(contains(pointing("/policies/reada-2012/max_in_flight"), "(did you mean \"reada-2011\"?)"));
  CHECK(contains(pointing("/devices/1/drive"), "no \"1\"; known are 0"));
  CHECK(contains(pointing("/devices/0/drive/x"), "no \"x\", for nothing is there"));
  CHECK(contains(pointing("/sed"), "(did you mean \"seed\"?)"));
  CHECK(contains(pointing("seed"), "expected a JSON pointer"));
  CHECK(contains(pointing("/devices/99999999999999999999999/x"), "known are 0"));
  CHECK(contains(pointing(""), "the whole of it"));
}

TEST_CASE("a sweep that cannot be is refused") {
  const auto with = [](const char* pointer, const Json& value) {
    Json json = grid_of_six;
    json[Json::json_pointer(pointer)] = value;
    return refused(json);
  };
  CHECK(contains(with("/grids", 1), "did you mean \"grid\""));
  CHECK(contains(with("/grid/1/pointer", in_flight), "a place that no other axis sets"));
  CHECK(contains(with("/grid/1/pointer", "/policies"), "a place that no other axis sets"));
  CHECK(contains(with("/grid/1/name", "in flight"), "a name that no other axis has"));
  CHECK(contains(with("/grid/1/name", "elapsed_s"), "a name that no other column"));
  CHECK(contains(with("/grid/1/values", std::vector<int>(50'001)), "/grid/1: expected at most 100000 cells in all"));
  CHECK(contains(with("/scenario", "no.json"), "no such file"));
  CHECK(contains(with("/list", {{"axes", {{{"pointer", "/name"}}}}, {"rows", {{1, 2}}}}), "1 values, one an axis, found 2"));
}

TEST_CASE("schema and reader refuse the same mistakes in a sweep") {
  Json whole = grid_of_six;
  whole["random"] = Json::parse(R"({"samples": 3, "axes": [
    {"pointer": "/workload/0/start_s", "distribution": {"kind": "log-uniform", "low": 2, "high": 6}}]})");
  whole["list"] = Json::parse(R"({"axes": [{"pointer": "/devices/0/count"}], "rows": [[4]]})");
  const Json good = whole;
  REQUIRE(schema_takes(good));
  REQUIRE(refused(whole).empty());
  const std::vector<std::pair<std::string, Json>> mistakes{
      {"/extra", 1},
      {"/schema_version", 2},
      {"/name", ""},
      {"/grid", Json::array()},
      {"/grid/0/values", Json::array()},
      {"/grid/0/valeus", 1},
      {"/grid/0/name", ""},
      {"/grid/0/pointer", "seed"},
      {"/list/rows", Json::array()},
      {"/list/axes", Json::array()},
      {"/random/samples", 0},
      {"/random/samples", 100'001},
      {"/random/seed", -1},
      {"/random/axes/0/distribution/kind", "normal"},
      {"/random/axes/0/distribution/low", 0},
      {"/random/axes/0/distribution/mean", 0},
      {"/random/axes/0/distribution", {{"kind", "integer"}, {"low", 0.5}, {"high", 2}}},
      {"/random/axes/0/distribution", {{"kind", "choice"}, {"values", Json::array()}}},
  };
  for (const auto& [pointer, value] : mistakes) {
    CAPTURE(pointer);
    Json bad = good;
    bad[Json::json_pointer(pointer)] = value;
    CHECK_FALSE(schema_takes(bad));
    CHECK_FALSE(refused(bad).empty());
  }
}

TEST_CASE("a sweep's axes go over another scenario, which needs the places that they point at") {
  const TemporaryDirectory directory;
  directory.write("s.json", first_look().dump());
  Json other = first_look();
  other["seed"] = 5;
  const auto file = directory.write("other.json", other.dump());
  const auto sweep = directory.write("sweep.json", grid_of_six.dump());
  const SweepSpec over = read_sweep_over(file, sweep);
  CHECK(over.cells() == 6);
  CHECK(over.scenario_file == file);
  CHECK(over.scenario["seed"] == 5);
  CHECK(read_sweep(sweep).scenario["seed"] == first_look()["seed"]);
  other["policies"].erase("reada-2011");
  directory.write("other.json", other.dump());
  CHECK_THROWS_AS(read_sweep_over(file, sweep), InputError);
}

TEST_CASE("every sweep that is shipped fits the schema and its scenario") {
  for (const auto& entry : std::filesystem::directory_iterator(source_directory() / "scenarios/sweeps")) {
    if (entry.is_directory()) continue;  // of drives that sweeps name
    CAPTURE(entry.path());
    CHECK(schema_accepts(sweep_schema(), bytes_of(entry.path())));
    CHECK(read_sweep(entry.path()).cells() > 1);
  }
}
