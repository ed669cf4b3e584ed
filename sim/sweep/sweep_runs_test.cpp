#include "sim/sweep/sweep_runs.h"

#include <doctest/doctest.h>

#include <set>

#include "core/base/error.h"
#include "sim/sweep/run_cache.h"
#include "sim/sweep/sweep_parts.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A directory with a base scenario, a copy of its layout, and a sweep over two values of a parameter of reada-2011.
struct Lab {
  TemporaryDirectory directory;
  Json scenario = first_look();
  Json sweep = Json::parse(R"({"schema_version": 1, "name": "t", "scenario": "s.json", "grid": [
    {"name": "in flight", "pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]}]})");

  Lab() {
    directory.write("layout.h5", bytes_of(std::string(scenario["layout"]["file"])));
    scenario["layout"]["file"] = "layout.h5";
    scenario["policies"] = Json::parse(R"({"walk": {}, "reada-2011": {}})");
  }

  SweepSpec spec() const {
    directory.write("s.json", scenario.dump());
    return read_sweep(directory.write("sweep.json", sweep.dump()));
  }
  std::vector<SweepRun> runs() const { return sweep_runs(spec()); }
};

std::vector<std::string> ids(const std::vector<SweepRun>& runs) {
  std::vector<std::string> all;
  for (const auto& run : runs) all.push_back(run.id);
  return all;
}

std::string refused(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a run's id changes with what decides its result, and with nothing else") {
  Lab lab;
  const auto before = ids(lab.runs());
  REQUIRE(before.size() == 4);
  CHECK(before[0] == before[2]);  // walk has no max_in_flight
  CHECK(before[1] != before[3]);
  CHECK(before[0] != before[1]);

  SUBCASE("words and expectations are nothing that is simulated") {
    lab.scenario["description"] = "other words";
    lab.scenario["name"] = "another name";
    lab.scenario["expect"] = Json::array();
    lab.scenario["published"] = {{{"of", "nothing that a cell need have"}}};
    lab.scenario["policies"]["xfs-sibling"] = Json::object();
    const auto after = ids(lab.runs());
    CHECK(after[0] == before[0]);
    CHECK(after[1] == before[1]);
    CHECK(after[4] == before[3]);
  }
  SUBCASE("another parameter of one policy leaves the others") {
    lab.scenario["policies"]["reada-2011"]["peer_lock"] = false;
    const auto after = ids(lab.runs());
    CHECK(after[0] == before[0]);
    CHECK(after[1] != before[1]);
  }
  SUBCASE("every other value of the scenario counts") {
    lab.scenario["devices"][0]["queue"]["depth"] = 31;
    const auto after = ids(lab.runs());
    for (std::size_t i = 0; i < 4; ++i) CHECK(after[i] != before[i]);
  }
  SUBCASE("the seed counts") {
    lab.scenario["seed"] = 2;
    const auto after = ids(lab.runs());
    for (std::size_t i = 0; i < 4; ++i) CHECK(after[i] != before[i]);
  }
  SUBCASE("the bytes of the layout count, whatever its name") {
    lab.directory.write("layout.h5", bytes_of(source_directory() / "scenarios/captures/umlr1x2.layout.h5"));
    const auto after = ids(lab.runs());
    for (std::size_t i = 0; i < 4; ++i) CHECK(after[i] != before[i]);
  }
  SUBCASE("the bytes of a drive's file count") {
    const auto drive = source_directory() / "models/drive/library/seagate-constellation2-1tb.json";
    lab.scenario["devices"][0]["drive"] = "./drive.json";
    lab.directory.write("drive.json", bytes_of(drive));
    const auto from_file = ids(lab.runs());
    lab.directory.write("drive.json", bytes_of(drive) + " ");
    CHECK(ids(lab.runs())[0] != from_file[0]);
  }
}

TEST_CASE("a cell that is no scenario is refused with its number, axes and place") {
  Lab lab;
  lab.sweep["grid"][0]["values"] = {1, 0};
  const auto zero = refused([&] { lab.runs(); });
  CHECK(zero.find("cell 1 (in flight = 0)") != std::string::npos);
  CHECK(zero.find("/policies/reada-2011/max_in_flight: expected") != std::string::npos);
  lab.sweep["grid"][0]["pointer"] = "/policies/reada-2011/max_in_fligth";
  CHECK(refused([&] { lab.runs(); }).find("did you mean \"max_in_flight\"") != std::string::npos);
  lab.sweep["grid"][0] = Json{{"pointer", "/devices/0/count"}, {"values", {4, 3}}};
  const auto spec = lab.spec();
  LayoutShelf shelf;
  const auto three = refused([&] { check_layouts(spec, sweep_runs(spec), shelf); });
  CHECK(three.find("cell 1 (/devices/0/count = 3)") != std::string::npos);
  CHECK(three.find("expected 4 drives") != std::string::npos);
}

TEST_CASE("replicates are the runs that an axis of seeds would be") {
  Lab lab;
  lab.sweep["grid"][0] = Json{{"pointer", "/seed"}, {"values", {1, 2, 3}}};
  const auto by_axis = lab.runs();
  lab.sweep["grid"][0]["values"] = {1};
  lab.scenario["replicates"] = 3;
  const auto by_replicates = lab.runs();
  REQUIRE(by_replicates.size() == by_axis.size());
  for (std::size_t i = 0; i < by_axis.size(); ++i) {
    CHECK(by_replicates[i].seed == by_axis[i].seed);
    CHECK(by_replicates[i].id == by_axis[i].id);
    CHECK(scenario_of(lab.spec(), by_replicates[i]).seed == by_axis[i].seed);
  }
}

TEST_CASE("runs of one layout share it") {
  Lab lab;
  lab.sweep["grid"][0] = Json{{"pointer", "/seed"}, {"values", {1, 2}}};
  for (const auto& run : lab.runs()) CHECK(run.layout == 0);  // a file does not depend on the seed
  lab.scenario["layout"] = Json{{"synthetic", JsonNode::read_file(source_directory() / "scenarios/grow/r10x4.json").json()}};
  const auto runs = lab.runs();
  CHECK(runs[1].layout == 0);
  CHECK(runs[2].layout == 1);  // a grown one does
}

TEST_CASE("parts hold every run once, and are known by what they compute") {
  Lab lab;
  const auto runs = lab.runs();
  const auto parts = sweep_parts(runs, 3);
  REQUIRE(parts.size() == 2);
  CHECK(ids(runs_of_part(runs, parts[0])) == std::vector<std::string>{runs[0].id, runs[1].id, runs[2].id});
  CHECK(ids(runs_of_part(runs, parts[1])) == std::vector<std::string>{runs[3].id});
  for (const char* bad : {"", "0", "0-2", "0-2.", "2-0.x", "0-99999999999999999999.x", "-1-2.x"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(runs_of_part(runs, bad), InputError);
  }
  lab.scenario["seed"] = 2;
  CHECK_THROWS_AS(runs_of_part(lab.runs(), parts[0]), InputError);
}

TEST_CASE("the cache gives back what was put, and takes damage for absence") {
  const TemporaryDirectory directory;
  const RunCache cache(directory.path() / "a/b");
  CHECK_FALSE(cache.find("00"));
  RunResult run;
  run.policy = "walk";
  run.seed = 3;
  run.metrics[MetricId::elapsed_s] = 0.1;
  cache.put("00", run);
  REQUIRE(cache.find("00"));
  CHECK(cache.find("00")->metrics[MetricId::elapsed_s] == 0.1);
  directory.write("a/b/00.json", bytes_of(directory.path() / "a/b/00.json").substr(0, 100));
  CHECK_FALSE(cache.find("00"));
  directory.write("a/b/00.json", "");
  CHECK_FALSE(cache.find("00"));
}

TEST_CASE("a run knows that a file which its id names has changed since, also when it was put back") {
  Lab lab;
  const auto runs = lab.runs();
  REQUIRE(runs[0].changed_input() == nullptr);
  const auto layout = lab.directory / "layout.h5";
  const std::string bytes = bytes_of(layout);
  lab.directory.write("layout.h5", bytes.substr(1));
  lab.directory.write("layout.h5", bytes);
  REQUIRE(runs[0].changed_input() != nullptr);
  CHECK(runs[0].changed_input()->file.filename() == "layout.h5");
  CHECK(lab.runs()[0].changed_input() == nullptr);
  CHECK(ids(lab.runs()) == ids(runs));
  std::filesystem::remove(layout);
  CHECK(runs[3].changed_input() != nullptr);
}
