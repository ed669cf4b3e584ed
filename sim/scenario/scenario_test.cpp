// Every mistake in a scenario earns one sentence that says file, place, expected and found.
#include "sim/scenario/scenario.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "core/base/error.h"
#include "core/base/json_node.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// What reading the scenario (and its layout) complains of, without the file's directory; empty if it is sound.
std::string complaint(const Json& json) {
  const TemporaryDirectory directory;
  const auto file = directory.write("s.json", json.dump());
  try {
    load_scenario_layout(read_scenario(file));
  } catch (const InputError& error) {
    std::string text = error.what();
    const auto at = text.find("s.json");
    return at == std::string::npos ? text : text.substr(at);
  }
  return "";
}

std::string with(const std::string& pointer, const Json& value) {
  Json json = first_look();
  json[Json::json_pointer(pointer)] = value;
  return complaint(json);
}

}  // namespace

TEST_CASE("the first scenario is sound and has its defaults") {
  CHECK(complaint(first_look()) == "");
  const Scenario scenario = read_scenario(source_directory() / "scenarios/first-look.json");
  CHECK(scenario.devices.size() == 4);
  CHECK(scenario.policies.size() == 3);
  CHECK(scenario.policies[2].parameters.flag("peer_lock") == false);
  CHECK(scenario.workload[0].plan->ranges({})[0].end == max_key);
  CHECK(scenario.warm_fraction == 0);
  CHECK(scenario.sha256.size() == 64);
}

TEST_CASE("unknown names come with the nearest known one") {
  CHECK(with("/devises", 1) == "s.json: /: expected a known key, found \"devises\" (did you mean \"devices\"?)");
  CHECK(with("/policies/reada-2011/peer_lok", false) ==
        "s.json: /policies/reada-2011: expected a known key, found \"peer_lok\" (did you mean \"peer_lock\"?)");
  CHECK(with("/policies/reada-2012", Json::object()).find("(did you mean \"reada-2011\"?)") != std::string::npos);
  CHECK(with("/policies/reada-2012", Json::object()).find("`headway policy list`") != std::string::npos);
  CHECK(with("/workload/0/tree", "extend") ==
        "s.json: /workload/0/tree: expected an object id or a tree's name, found \"extend\" (did you mean \"extent\"?)");
  CHECK(with("/expect/0/metric", "elapsed") ==
        "s.json: /expect/0/metric: expected a known name, found \"elapsed\" (did you mean \"elapsed_s\"?)");
  CHECK(with("/baseline", "wlak").find("(did you mean \"walk\"?)") != std::string::npos);
}

TEST_CASE("wrong types and ranges say what is wanted and what stands there") {
  CHECK(with("/seed", "one") ==
        "s.json: /seed: expected a whole number, 0 or more, found \"one\"");
  CHECK(with("/devices/0/count", 0) ==
        "s.json: /devices/0/count: expected a whole number of drives from 1 to 65535, found 0");
  CHECK(with("/policies/reada-2011/max_in_flight", 0) ==
        "s.json: /policies/reada-2011/max_in_flight: expected a whole number of reads, 1 to 65536, found 0");
  CHECK(with("/cache/warm_fraction", 1.5) == "s.json: /cache/warm_fraction: expected a number from 0 to 1, found 1.5");
  CHECK(with("/schema_version", 2).starts_with("s.json: /schema_version: expected 1"));
}

TEST_CASE("a bounded memory holds whole blocks, the roots and a path of each search, and what is warm") {
  Json json = first_look();
  const auto bytes = [&](std::int64_t number) {
    json["cache"]["bytes"] = number;
    return complaint(json);
  };
  CHECK(bytes(0) == "s.json: /cache/bytes: expected a whole number of bytes from 1 to 1125899906842624, found 0");
  CHECK(bytes(16384).starts_with("s.json: /cache/bytes: expected at least "));
  CHECK(bytes(1 << 20) == "");
  CHECK(bytes((1 << 20) + 1).starts_with(
      "s.json: /cache/bytes: expected whole blocks of 16384 bytes, 1048576 or 1064960, found 1048577"));
  json["cache"]["warm_fraction"] = 0.5;
  CHECK(bytes(1 << 20).starts_with("s.json: /cache/warm_fraction: expected at most 0.00"));
}

TEST_CASE("ranges that cross, circles and double names are found") {
  Json crossed = first_look();
  crossed["workload"][0]["key_start"] = {300, 0, 0};
  crossed["workload"][0]["key_end"] = {256, 0, 0};
  CHECK(complaint(crossed) == "s.json: /workload/0/key_end: expected a key after key_start, found [256,0,0]");
  CHECK(with("/workload/0/after", "files").starts_with("s.json: /workload/0/after: expected a known name"));
  Json twice = first_look();
  twice["workload"].push_back(twice["workload"][0]);
  CHECK(complaint(twice) ==
        "s.json: /workload/1/name: expected a name that no other workload has, found \"files\"");
  Json sure = first_look();
  sure["expect"][0]["by"] = "confidence";
  CHECK(complaint(sure) ==
        "s.json: /expect/0/by: expected \"replicates\" of at least 2 in the scenario, found 1");
  sure["replicates"] = 2;
  CHECK(complaint(sure) == "");
  sure["seed"] = UINT64_MAX;
  CHECK(complaint(sure).starts_with("s.json: /seed: expected a seed with room for replicates"));
  Json bounds = first_look();
  bounds["expect"][0]["min"] = 2.0;
  CHECK(complaint(bounds).starts_with("s.json: /expect/0: expected a min that is not above the max"));
}

TEST_CASE("the layout is held against the scenario") {
  CHECK(with("/devices/0/count", 3).find("/devices: expected 4 drives") != std::string::npos);
  CHECK(with("/workload/0/tree", "999").find("/workload/0/tree: expected a tree of") != std::string::npos);
  CHECK(with("/layout/file", "nowhere.layout.h5").find("nowhere.layout.h5") != std::string::npos);
}

TEST_CASE("trees go by number or by btrfs's names") {
  const auto told = [](const char* tree) { return with("/workload/0/tree", tree); };
  for (const char* sound : {"256", "0x100", "fs", "FS_TREE"}) CHECK(told(sound).find("a tree's name") == std::string::npos);
  CHECK(told("fss").find("/workload/0/tree: expected an object id or a tree's name, found \"fss\" (did you mean "
                         "\"fs\"?)") != std::string::npos);
  // Known by name, and not in this layout.
  for (const char* absent : {"raid-stripe", "FREE_SPACE_TREE"})
    CHECK(told(absent).find("/workload/0/tree: expected a tree of") != std::string::npos);
}
