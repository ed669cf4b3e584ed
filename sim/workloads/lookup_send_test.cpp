// lookup and send against sums by hand: blocks on the way, items, bytes.
#include <fmt/format.h>

#include <set>

#include "core/base/testing/approx.h"
#include "core/base/testing/errors.h"
#include "core/base/testing/sanitized.h"
#include "models/layout/test_support.h"
#include "results/trace/trace.h"
#include "sim/driver/needed_blocks.h"
#include "sim/workloads/file_data.h"
#include "sim/workloads/leaves.h"
#include "sim/workloads/small_system.h"

using namespace headway;
using namespace headway::testing;

namespace {

Json workload(const std::string& kind, const Json& more) {
  Json one{{"name", kind}, {"kind", kind}, {"tree", "fs"}};
  one.update(more);
  return Json::array({one});
}

// A captured file system, which knows what its leaves hold, on constant drives.
Json captured(const TemporaryDirectory& directory) {
  Json json = small(directory);
  Json drive = JsonNode::read_file(directory.path() / "drive.json").json();
  drive["capacity_bytes"] = 1ull << 40;
  directory.write("drive.json", drive.dump());
  json["layout"] = {{"file", (source_directory() / "scenarios/captures/umlr1x2.layout.h5").string()}};
  json["devices"][0]["count"] = 2;
  return json;
}

Layout layout_of(const Json& json, const TemporaryDirectory& directory) {
  return load_scenario_layout(read_scenario(directory.write("scenario.json", json.dump())));
}

std::string complaint(const Json& json, const TemporaryDirectory& directory) {
  return error_of([&] { layout_of(json, directory); });
}

Json key_json(const Key& key) { return Json::array({key.objectid, key.type, key.offset}); }

double height(const Layout& layout) {
  return layout.forest.level[layout.forest.trees[*layout.forest.find_tree(5)].root];
}

}  // namespace

TEST_CASE("lookup: a search reads the blocks on its way that are not in memory, and no others") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  json["workload"] = workload("lookup", {{"count", 1}});
  const Layout layout = layout_of(json, directory);
  const auto leaves = leaves_in(layout, {.tree = 5});
  const double way = height(layout);  // below the root
  REQUIRE(way == 2);
  const RunResult first = run_one(json, directory);
  CHECK(first.metrics[MetricId::reads] == way);
  CHECK(of(first, 0, MetricId::elapsed_s) == testing::approx(way * of(first, 0, MetricId::wait_time_s) / way));
  CHECK(of(first, 0, MetricId::elapsed_s) == testing::approx(way * (latency_s + 16384 / bytes_per_s)));

  // Twice in one leaf, then in the next: of the second path only the leaf is new.
  Key later = leaves[3].lowest;
  ++later.offset;
  json["workload"] = workload(
      "lookup", {{"keys", {key_json(later), key_json(leaves[3].lowest), key_json(leaves[4].lowest)}}, {"think_s", 5}});
  const RunResult listed = run_one(json, directory);
  CHECK(listed.metrics[MetricId::reads] == way + 1);
  CHECK(of(listed, 0, MetricId::elapsed_s) == testing::approx(15 + (way + 1) * (latency_s + 16384 / bytes_per_s)));
  CHECK(listed.metrics[MetricId::wasted_reads] == 0);
  CHECK(listed.metrics[MetricId::missing_blocks] == 0);
}

TEST_CASE("lookup: keys are spread evenly over items, or over leaves that do not say how many they hold") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  json["workload"] = workload("lookup", {{"count", 1}});
  const Layout layout = layout_of(json, directory);
  std::uint64_t items = 0;
  for (const auto& leaf : leaves_in(layout, {.tree = 5})) items += leaf.items;
  NeededBlocks all(layout.forest);
  all.add({*layout.forest.find_tree(5)});
  json["workload"][0]["count"] = items;  // each item: each leaf
  if (!testing::sanitized)  // counts, for half a minute
    CHECK(run_one(json, directory).metrics[MetricId::reads] == static_cast<double>(all.count() - 1));
  json["workload"][0]["count"] = items + 1;
  CHECK(contains(complaint(json, directory), fmt::format("/workload/0/count: expected at most {} look-ups", items)));

  Json grown = small(directory);
  grown["workload"] = workload("lookup", {{"count", 1}});
  const Layout other = layout_of(grown, directory);
  const auto leaves = leaves_in(other, {.tree = 5});
  REQUIRE(unknown(leaves, &LeafInRange::items) == leaves.size());
  CHECK(contains(other.left_out[0], "does not say how many items leaves hold"));
  NeededBlocks every(other.forest);
  every.add({*other.forest.find_tree(5)});
  grown["workload"][0]["count"] = leaves.size();
  const RunResult run = run_one(grown, directory);
  CHECK(run.metrics[MetricId::reads] == static_cast<double>(every.count() - 1));
  CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(static_cast<double>(every.count() - 1) * service_s));
  grown["workload"][0]["count"] = 2 * leaves.size();  // twice each
  CHECK(run_one(grown, directory).metrics[MetricId::reads] == run.metrics[MetricId::reads]);
  grown["workload"][0]["count"] = leaves.size() * (4096 - 101) / 25 + 1;
  CHECK(contains(complaint(grown, directory), "as many as there can be items"));
}

TEST_CASE("lookup: as many searches are in flight as its depth says") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  json["cache"]["warm_fraction"] = 1;
  json["workload"] = workload("lookup", {{"count", 10}, {"think_s", 3}});
  for (const auto& [depth, rounds] : {std::pair{1, 10}, {4, 3}, {10, 1}, {1024, 1}}) {
    CAPTURE(depth);
    json["workload"][0]["depth"] = depth;
    CHECK(of(run_one(json, directory), 0, MetricId::elapsed_s) == testing::approx(3.0 * rounds));
  }
  json["cache"]["warm_fraction"] = 0;
  json["workload"][0].update({{"count", 200}, {"think_s", 0}, {"depth", 8}});
  json["policies"] = {{"walk", {{"copy", "round-robin"}}}, {"reada-2011", Json::object()}, {"level-order", Json::object()}};
  const auto at_once = run_all(json, directory);
  json["workload"][0]["depth"] = 1;
  const auto in_turn = run_all(json, directory);
  for (std::size_t i = 0; i < at_once.size(); ++i) {
    CAPTURE(at_once[i].policy);
    REQUIRE(at_once[i].message == "");
    CHECK(at_once[i].metrics[MetricId::reads] == in_turn[i].metrics[MetricId::reads]);
    CHECK(at_once[i].metrics[MetricId::missing_blocks] == 0);
    CHECK(at_once[i].metrics[MetricId::wasted_reads] == 0);
  }
  CHECK(in_turn[0].metrics[MetricId::in_flight_mean] == testing::approx(1));
  CHECK(at_once[0].metrics[MetricId::in_flight_mean] > 4);
  CHECK(at_once[0].metrics[MetricId::elapsed_s] < in_turn[0].metrics[MetricId::elapsed_s]);  // two drives
  // A readahead is told all keys at the start.
  CHECK(in_turn[2].metrics[MetricId::in_flight_mean] > 4);
}

TEST_CASE("lookup: what cannot be looked up is said, with what can") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  const auto said = [&](const Json& more, const std::string& words) {
    json["workload"] = workload("lookup", more);
    const std::string error = complaint(json, directory);
    CAPTURE(error);
    CHECK(contains(error, words));
  };
  said({{"count", 0}}, "/workload/0/count: expected a whole number of look-ups from 1 to");
  said({{"tree", "fss"}, {"count", 1}}, "(did you mean \"fs\"?)");
  said({{"tree", "300"}, {"count", 1}}, "expected a tree of");
  said({{"keys", {{0, 0, 0}}}},
       "/workload/0/keys/0: expected a key from the tree's first on, [256, 1, 0], found [0, 0, 0]");
  said({{"keys", {{257, 256, 0}}}}, "/workload/0/keys/0/1");
  said({{"keys", {{257, 1, 0}}}, {"key_end", {300, 1, 0}}}, "the keys say what is looked up");
  said({{"count", 1}, {"keys", {{257, 1, 0}}}}, "count");
  said({{"count", 1}, {"key_end", {1, 1, 1}}}, "/workload/0/key_end: expected a key behind the tree's first");
  said({{"count", 1}, {"depth", 0}}, "/workload/0/depth");
}

TEST_CASE("send: works for each node, item and byte") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  json["cache"]["warm_fraction"] = 1;
  json["workload"] = workload("send", {{"think_s", 1}, {"think_s_per_item", 1e-2}, {"think_s_per_byte", 1e-5}});
  const Layout layout = layout_of(json, directory);
  double sum = 0;
  const auto leaves = leaves_in(layout, {.tree = 5});
  for (const auto& leaf : leaves) sum += 1e-2 * leaf.items + 1e-5 * leaf.used_bytes;
  NeededBlocks blocks(layout.forest);
  blocks.add({*layout.forest.find_tree(5)});
  CHECK(of(run_one(json, directory), 0, MetricId::elapsed_s) ==
        testing::approx(sum + static_cast<double>(blocks.count())));
  CHECK(contains(layout.left_out[0], "reads no file data"));
  // Of a range, its leaves alone.
  json["workload"][0]["key_start"] = key_json(leaves[7].lowest);
  json["workload"][0]["key_end"] = key_json(leaves[9].lowest);
  const double two = 1e-2 * (leaves[7].items + leaves[8].items) + 1e-5 * (leaves[7].used_bytes + leaves[8].used_bytes);
  CHECK(of(run_one(json, directory), 0, MetricId::elapsed_s) == testing::approx(two + 2 + height(layout)));
  CHECK(contains(complaint([&] {
          Json grown = small(directory);
          grown["workload"] = json["workload"];
          grown["workload"][0]["think_s_per_byte"] = 0;
          return grown;
        }(), directory), "/workload/0/think_s_per_item: expected think_s alone"));
}

TEST_CASE("send: reads the file data behind each leaf, one after another, and joins what is adjacent") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = workload("send", {{"data_bytes_per_leaf", 24576}, {"request_bytes", 8192}});
  const Layout layout = layout_of(json, directory);
  const auto leaves = static_cast<double>(leaves_in(layout, {.tree = 5}).size());
  NeededBlocks blocks(layout.forest);
  blocks.add({*layout.forest.find_tree(5)});
  const RunResult run = run_one(json, directory);
  const double tree_reads = static_cast<double>(blocks.count() - 1);
  CHECK(of(run, 0, MetricId::bytes_read) == leaves * 24576);
  CHECK(of(run, 0, MetricId::reads) == leaves);  // of three requests each
  CHECK(of(run, 0, MetricId::merged_reads) == 2 * leaves);
  CHECK(run.metrics[MetricId::reads] == leaves + tree_reads);
  CHECK(of(run, 0, MetricId::elapsed_s) ==
        testing::approx(tree_reads * service_s + leaves * (latency_s + 24576 / bytes_per_s)));
  CHECK(of(run, 0, MetricId::wait_time_s) == testing::approx(tree_reads * service_s));

  json["workload"][0]["think_s_per_byte"] = 1e-6;
  double bytes = leaves * 24576;
  for (const auto& leaf : leaves_in(layout_of(json, directory), {.tree = 5})) bytes += leaf.used_bytes;
  CHECK(of(run_one(json, directory), 0, MetricId::elapsed_s) ==
        testing::approx(of(run, 0, MetricId::elapsed_s) + bytes * 1e-6));

  const std::uint64_t room = FileData::bytes_in(layout.volume) / static_cast<std::uint64_t>(leaves);
  json["workload"][0]["data_bytes_per_leaf"] = room;
  CHECK(complaint(json, directory) == "");
  json["workload"][0]["data_bytes_per_leaf"] = room + 1;
  CHECK(contains(complaint(json, directory), "/workload/0/data_bytes_per_leaf: expected at most"));
}

TEST_CASE("send: reads the extents that the layout knows, leaf by leaf, and of no two chunks in one") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  json["layout"] = {{"file", directory.write("dump.txt", layout_test::files_dump()).string()}};
  json["workload"] = workload("send", {{"request_bytes", 4096}});
  CHECK(layout_of(json, directory).left_out.empty());  // nothing is unknown
  // Five blocks below the root; 8192 + 4096 + 4096 + 8192 bytes behind the first leaf, 4096 behind the third.
  const double transfer_s = (5 * 4096 + 28672) / bytes_per_s;
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::bytes_read) == 28672);
  CHECK(of(run, 0, MetricId::reads) == 5);         // the last two of the first leaf are adjacent on their device
  CHECK(of(run, 0, MetricId::merged_reads) == 2);  // of 8192 bytes each
  CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(10 * latency_s + transfer_s));
  CHECK(of(run, 0, MetricId::wait_time_s) == testing::approx(5 * service_s));
  std::vector<std::uint64_t> read;
  for (const TraceRow& row : read_trace(directory.path() / "walk.trace.h5")) {
    if (row.event == TraceEvent::issue && row.level == TraceRow::no_level) read.push_back(row.logical);
  }
  CHECK(read == std::vector<std::uint64_t>{33558528, 33570816, 34598912, 34603008, 33619968});

  // Work is for what is in leaves and for what was read.
  json["workload"][0]["think_s_per_byte"] = 1e-6;
  double bytes = 28672;
  for (const auto& leaf : leaves_in(layout_of(json, directory), {.tree = 5})) bytes += leaf.used_bytes;
  CHECK(of(run_one(json, directory), 0, MetricId::elapsed_s) ==
        testing::approx(10 * latency_s + transfer_s + bytes * 1e-6));
  // What the scenario says stands above what the layout knows.
  json["workload"][0]["data_bytes_per_leaf"] = 12288;
  CHECK(of(run_one(json, directory), 0, MetricId::bytes_read) == 3 * 12288);
  CHECK(contains(layout_of(json, directory).left_out[0], "in key order (\"data_bytes_per_leaf\")"));
  json["workload"][0]["data_bytes_per_leaf"] = 0;
  CHECK(of(run_one(json, directory), 0, MetricId::bytes_read) == 0);
}

TEST_CASE("send: of leaves whose extents are not known it reads no file data, and says so") {
  const TemporaryDirectory directory;
  Json json = captured(directory);
  const std::string text = layout_test::replaced(layout_test::files_dump(), "\titem 0 key (300 INODE_ITEM 0)", "\t");
  json["layout"] = {{"file", directory.write("dump.txt", text).string()}};
  json["workload"] = workload("send", Json::object());
  CHECK(contains(layout_of(json, directory).left_out[0], "does not know the file extents of 1 of 3 leaves"));
  CHECK(of(run_one(json, directory), 0, MetricId::bytes_read) == 28672);
}

TEST_CASE("send: of much data behind a leaf 4 MiB are asked for at once") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["cache"]["warm_fraction"] = 1;
  json["workload"] = workload("send", {{"data_bytes_per_leaf", 8 << 20}, {"request_bytes", 65536}});
  json["workload"][0]["key_end"] = Json::array({257, 0, 0});
  REQUIRE(leaves_in(layout_of(json, directory), {.tree = 5, .end = {257, 0, 0}}).size() == 1);
  CHECK(of(run_one(json, directory), 0, MetricId::bytes_read) == 8 << 20);
  std::int64_t bytes = 0, most = 0;
  for (const TraceRow& row : read_trace(directory.path() / "walk.trace.h5")) {
    if (row.event == TraceEvent::issue) most = std::max(most, bytes += row.bytes);
    if (row.event == TraceEvent::complete) bytes -= row.bytes;
  }
  CHECK(bytes == 0);
  CHECK(most == 4 << 20);
}

TEST_CASE("send: file data that cannot be read from one copy are read from the other") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["layout"]["synthetic"]["devices"][0]["count"] = 2;
  json["layout"]["synthetic"]["metadata_profile"] = "RAID1";
  json["layout"]["synthetic"]["data_profile"] = "RAID1";
  json["devices"][0]["count"] = 2;
  json["workload"] = workload("send", {{"data_bytes_per_leaf", 8192}});
  const double bytes = of(run_one(json, directory), 0, MetricId::bytes_read);
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}}};
  const RunResult other = run_one(json, directory);
  CHECK(of(other, 0, MetricId::errors) > 0);
  CHECK(of(other, 0, MetricId::bytes_read) == bytes);
  CHECK(other.missing_digest == 0);  // nothing is missing in the end
  json["faults"].push_back({{"device", 2}, {"kind", "read-error"}, {"from_byte", 1u << 20}});
  json["cache"]["warm_fraction"] = 1;  // the tree is there; the data are nowhere
  const auto none = run_all(json, directory)[0];
  CHECK(none.failed());
  CHECK(contains(none.message, "no read has succeeded"));
}

TEST_CASE("send: what joins on one copy's device is read from one chunk of the other's") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  Json drive = JsonNode::read_file(directory.path() / "drive.json").json();
  drive["capacity_bytes"] = 1ull << 36;
  directory.write("drive.json", drive.dump());
  // Chunks lie on the large device one behind the other, and on the small ones in turn.
  json["layout"]["synthetic"]["devices"] = {{{"bytes", 1ull << 35}}, {{"bytes", 1ull << 33}, {"count", 2}}};
  json["layout"]["synthetic"]["data_bytes_per_file"] = 4 << 20;
  for (const char* profile : {"metadata_profile", "data_profile"}) json["layout"]["synthetic"][profile] = "RAID1";
  json["devices"][0]["count"] = 3;
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", 1 << 20}}};
  json["workload"] = workload("send", {{"data_bytes_per_leaf", 20353024}});
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::errors) > 0);
  const Volume volume = layout_of(json, directory).volume;
  std::set<std::uint32_t> chunks;
  for (const TraceRow& row : read_trace(directory.path() / "walk.trace.h5")) {
    if (row.event != TraceEvent::issue || row.level != TraceRow::no_level) continue;
    const Mapping mapping = volume.map(row.logical);
    const Chunk& chunk = volume.chunks()[mapping.chunk];
    CHECK(mapping.copy[row.mirror - 1u].physical == row.physical);
    CHECK(row.logical + row.bytes <= chunk.logical + chunk.bytes);
    chunks.insert(mapping.chunk);
  }
  CHECK(chunks.size() > 1);
}
