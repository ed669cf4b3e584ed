// What was not brought is counted and told with its reason, whatever the reason is.
#include "sim/driver/shortfall.h"

#include <doctest/doctest.h>

#include "core/base/letters.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A small tree placed at random on two devices.
Json grown(const char* profile, const Json& policies) {
  Json json = first_look();
  json["layout"] = {{"synthetic",
                     {{"devices", {{{"count", 2}, {"bytes", 1u << 30}}}},
                      {"metadata_profile", profile},
                      {"placement", "random"},
                      {"trees", {{{"tree", "fs"}, {"leaves", 300}, {"node_fill", 0.05}}}}}}};
  json["devices"][0]["count"] = 2;
  json["workload"] = {{{"name", "files"}, {"kind", "enumerate"}, {"tree", "fs"}}};
  json["policies"] = policies;
  json.erase("baseline");
  json.erase("expect");
  return json;
}

RunResult run_one(const Json& json, std::string_view message = "") {
  const TemporaryDirectory directory;
  const RunResult run = run_all(json, directory).at(0);
  REQUIRE(run.message.substr(0, run.message.find(':')) == message);
  return run;
}

std::string note_of(const RunResult& run) { return run.notes.size() == 1 ? run.notes[0] : ""; }
bool says(const RunResult& run, std::string_view words) { return note_of(run).find(words) != std::string::npos; }

const Json reada{{"reada-2011", Json::object()}};

}  // namespace

TEST_CASE("reada-2011 reads nothing of DUP, and says why; the later one reads it all") {
  const RunResult none = run_one(grown("DUP", reada));
  CAPTURE(note_of(none));
  CHECK(none.metrics[MetricId::reads] == 0);
  CHECK(none.metrics[MetricId::missing_blocks] > 300);
  CHECK(note_of(none).starts_with("it read nothing; "));
  CHECK(says(none, "both copies on one device (DUP)"));
  CHECK(says(none, "\"dup\": \"first-copy\""));
  CHECK(run_one(grown("DUP", {{"reada-5.16", Json::object()}})).notes.empty());
  CHECK(run_one(grown("DUP", {{"reada-2011", {{"dup", "first-copy"}}}})).notes.empty());
  CHECK(run_one(grown("RAID1", reada)).notes.empty());
}

TEST_CASE("blocks with more copies than the policy takes are said") {
  Json json = grown("RAID1", {{"reada-2011", {{"max_copies", 1}}}});
  const RunResult none = run_one(json);
  CHECK(note_of(none).starts_with("it read nothing; "));
  CHECK(says(none, "more than 1 copies"));
}

TEST_CASE("blocks that could not be read are told from those below them") {
  Json json = grown("RAID0", reada);
  json["faults"] = {{{"kind", "gone"}, {"device", 1}}, {{"kind", "gone"}, {"device", 2}}};
  const std::string_view none_succeeded = "no read has succeeded";
  const RunResult gone = run_one(json, none_succeeded);
  CAPTURE(note_of(gone));
  CHECK(says(gone, " could not be read"));
  CHECK(says(gone, " lie below such blocks"));
  CHECK(says(gone, "it tries no other copy"));
  CHECK(says(gone, "device 1 was gone; device 2 was gone"));
  CHECK_FALSE(says(gone, "it read nothing"));  // it tried
  json["policies"] = {{"walk", Json::object()}};
  CHECK(says(run_one(json, none_succeeded), " could not be read"));
}

TEST_CASE("the counts of a shortfall are those of the metric") {
  Json json = grown("RAID1", reada);
  const TemporaryDirectory directory;
  const Scenario scenario = read_scenario(directory.write("s.json", json.dump()));
  const Layout layout = load_scenario_layout(scenario);
  NeededBlocks needed(layout.forest);
  needed.add({*layout.forest.find_tree(5), min_key, max_key});
  Memory memory(layout.forest.blocks()), failed = memory;
  const BlockId root = layout.forest.trees[0].root;
  memory.insert(root);
  // Of the root's children the first failed, the second nobody asked for, the others are there, with all below.
  const PointerId first = layout.forest.first_pointer[root];
  REQUIRE(layout.forest.first_pointer[root + 1] - first >= 3);
  for (BlockId block = 0; block < layout.forest.blocks(); ++block) memory.insert(block);
  std::uint64_t below = 0;
  for (const PointerId pointer : {first, first + 1}) {
    const BlockId child = layout.forest.child[pointer];
    memory.evict(child);
    for (PointerId p = layout.forest.first_pointer[child]; p < layout.forest.first_pointer[child + 1]; ++p, ++below)
      memory.evict(layout.forest.child[p]);
  }
  failed.insert(layout.forest.child[first]);
  const Shortfall shortfall = shortfall_of(layout.forest, needed, {memory, Memory(layout.forest.blocks()), failed});
  CHECK(shortfall.needed == layout.forest.blocks());
  CHECK(shortfall.missing == below + 2);
  CHECK(needed.outside(memory, Memory(layout.forest.blocks())).count == shortfall.missing);
  CHECK(shortfall.failed == 1);
  CHECK(shortfall.unasked() == 1);
  CHECK(shortfall.below == below);
}

TEST_CASE("a policy that had nothing to read says so") {
  Json json = grown("RAID1", reada);
  json["cache"] = {{"warm_fraction", 1}};
  CHECK(note_of(run_one(json)) == "it read nothing: what was wanted was in memory at the start");
}

TEST_CASE("a policy beside workloads that read for themselves says what it left to them") {
  Json json = grown("DUP", reada);
  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", "fs"}}};
  const RunResult beside = run_one(json);
  CAPTURE(note_of(beside));
  CHECK(beside.metrics[MetricId::missing_blocks] == 0);
  CHECK(note_of(beside).starts_with("it read nothing; the workloads read "));
  CHECK(says(beside, "(DUP)"));
}

TEST_CASE("a tree that is its root alone is said before anything runs") {
  Json json = grown("RAID1", reada);
  json["layout"]["synthetic"]["trees"] = {{{"tree", "fs"}, {"leaves", 1}}};
  const TemporaryDirectory directory;
  const Layout layout = load_scenario_layout(read_scenario(directory.write("s.json", json.dump())));
  REQUIRE(layout.left_out.size() == 1);
  CHECK(layout.left_out[0] ==
        "workload \"files\": the tree fs is its root alone, which is in memory from the start: nothing of it is read");
}
