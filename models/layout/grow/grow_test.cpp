#include "models/layout/grow/grow.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <span>

#include "core/base/testing/approx.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/grow/grow_spec.h"
#include "models/layout/measures.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

Layout grow(const std::string& json, std::uint64_t seed = 1) { return grow_layout(JsonNode::parse(json, "spec.json"), seed); }

std::string placed(const std::string& placement, const std::string& more = "") {
  return R"({"devices": [{"count": 2, "bytes": 10737418240}], "placement": ")" + placement + R"(", )" + more +
         R"("trees": [{"tree": "fs", "leaves": 3000, "leaf_fill": 0.8, "node_fill": 0.1}]})";
}

std::string aged(const std::string& more = "") {
  return R"({"devices": [{"count": 3, "bytes": 107374182400}], "metadata_profile": "RAID1", "data_bytes_per_file": 1000000,
             "trees": [{"tree": "256"}, {"tree": "extent"}], )" +
         more + R"("rounds": [{"commits": 20, "creates": 500}, {"commits": 20, "creates": 90, "deletes": 100, "rewrites": 50}]})";
}

std::string exported(const Layout& layout) {
  std::string text;
  export_dump_text(layout, [&](std::string_view part) { text += part; });
  return text;
}

LevelMeasures level_of(const Layout& layout, std::uint64_t tree, std::uint8_t level) {
  const TreeMeasures measures = measure_tree(layout, layout.forest.find_tree(tree).value());
  REQUIRE(measures.levels.size() > level);
  return measures.levels[measures.levels.size() - 1 - level];
}

// The largest difference between two trees' shares of jumps up to a distance (Kolmogorov and Smirnov's).
double jump_difference(const LevelMeasures& a, const LevelMeasures& b) {
  const auto share = [](std::uint64_t count, const LevelMeasures& of) {
    return static_cast<double>(count) / static_cast<double>(of.pairs());
  };
  std::uint64_t up_to_a = a.adjacent, up_to_b = b.adjacent;
  double difference = std::abs(share(up_to_a, a) - share(up_to_b, b));
  for (std::size_t i = 0; i < jump_buckets; ++i) {
    up_to_a += a.forward_jumps[i] + a.backward_jumps[i];
    up_to_b += b.forward_jumps[i] + b.backward_jumps[i];
    difference = std::max(difference, std::abs(share(up_to_a, a) - share(up_to_b, b)));
  }
  return difference;
}

struct Bounds {
  double leaves, nodes;            // relative
  double adjacent, backward;       // shares of the pairs of leaves
  double leaf_fill, node_fill;
  double jumps;                    // jump_difference() of the leaves
};

void check_alike(const Layout& grown, const Layout& captured, std::uint64_t tree, const Bounds& bounds) {
  CAPTURE(tree);
  const LevelMeasures leaves = level_of(grown, tree, 0), real_leaves = level_of(captured, tree, 0);
  const LevelMeasures nodes = level_of(grown, tree, 1), real_nodes = level_of(captured, tree, 1);
  const auto ratio = [](std::uint64_t a, std::uint64_t b) {
    return std::abs(static_cast<double>(a) / static_cast<double>(b) - 1);
  };
  CHECK(measure_tree(grown, *grown.forest.find_tree(tree)).levels.size() ==
        measure_tree(captured, *captured.forest.find_tree(tree)).levels.size());
  CHECK(ratio(leaves.blocks, real_leaves.blocks) <= bounds.leaves);
  CHECK(ratio(nodes.blocks, real_nodes.blocks) <= bounds.nodes);
  CHECK(std::abs(leaves.adjacent_share() - real_leaves.adjacent_share()) <= bounds.adjacent);
  CHECK(std::abs(leaves.backward_share() - real_leaves.backward_share()) <= bounds.backward);
  CHECK(std::abs(leaves.fill_mean() - real_leaves.fill_mean()) <= bounds.leaf_fill);
  CHECK(std::abs(nodes.fill_mean() - real_nodes.fill_mean()) <= bounds.node_fill);
  CHECK(jump_difference(leaves, real_leaves) <= bounds.jumps);
}

Layout grown_like(const char* name) {
  return grow_layout(JsonNode::read_file(captures() / "../grow" / (std::string(name) + ".json")), 1);
}

void check_refused(const std::string& spec, std::initializer_list<const char*> parts) {
  const std::string error = error_of([&] { grow(spec); });
  CAPTURE(error);
  for (const char* part : parts) CHECK(contains(error, part));
}

}  // namespace

TEST_CASE("a grown layout is a function of its specification and seed") {
  const Layout one = grow(aged(), 7);
  check_same(one, grow(aged(), 7));
  CHECK(one.forest.logical != grow(aged(), 8).forest.logical);
  CHECK(grow(placed("random"), 1).forest.logical == grow(placed("sequential"), 1).forest.logical);
  CHECK(grow(placed("random"), 1).forest.child != grow(placed("random"), 2).forest.child);
}

// C++ leaves open in which order the arguments of a call draw their numbers, and compilers differ: CI builds with two.
TEST_CASE("a grown layout is the same whatever compiler has made the program") {
  const Forest forest = grow(aged(), 7).forest;
  std::uint64_t sum = 0;
  for (const std::uint64_t logical : forest.logical) sum = sum * 31 + logical;
  CHECK(forest.blocks() == 627);
  CHECK(sum == 2434602569786802176);
}

TEST_CASE("grown layouts survive export and import, and the file") {
  const TemporaryDirectory scratch;
  for (const std::string& spec : {aged(), aged(R"("snapshots": [{"tree": "256", "as": "300", "after_commit": 25}], )"),
                                  placed("random"), placed("strided")}) {
    const Layout layout = grow(spec);
    const Layout again = read_text(exported(layout));
    check_same(layout, again);
    check_same_notes(layout, again);
    save_layout(scratch / "x.layout.h5", layout);
    check_same(layout, load_layout(scratch / "x.layout.h5"));
  }
}

TEST_CASE("reference placements are what their names say") {
  const auto leaves = [](const std::string& spec) { return level_of(grow(spec), 5, 0); };
  const LevelMeasures sequential = leaves(placed("sequential"));
  // Only where another node begins do blocks lie between two leaves: 61 nodes of 49 leaves, and 2 above them.
  CHECK(sequential.blocks == 3000);
  CHECK(sequential.adjacent == 2999 - 61);
  CHECK(sequential.backward == 0);
  const LevelMeasures reverse = leaves(placed("reverse"));
  CHECK(reverse.backward == 2999);
  CHECK(reverse.backward_jumps[2] == 2998);  // over itself and one block, at a node's end two
  const LevelMeasures strided = leaves(placed("strided", R"("stride_nodes": 8, )"));
  CHECK(strided.forward_jumps[3] >= 2900);  // 7 nodes between
  CHECK(strided.backward == 7);
  const LevelMeasures random = leaves(placed("random"));
  CHECK(random.backward_share() == testing::approx(0.5).epsilon(0.05));
  CHECK(random.adjacent_share() < 0.01);
  CHECK(sequential.fill_mean() == testing::approx(0.8).epsilon(0.001));
}

TEST_CASE("a snapshot shares what has not changed since") {
  const Layout layout = grow(aged(R"("snapshots": [{"tree": "256", "as": "300", "after_commit": 39}], )"));
  const TreeMeasures live = measure_tree(layout, *layout.forest.find_tree(256));
  const TreeMeasures kept = measure_tree(layout, *layout.forest.find_tree(300));
  const TreeMeasures extents = measure_tree(layout, *layout.forest.find_tree(2));
  CHECK(kept.blocks() > 100);
  CHECK(layout.forest.blocks() < live.blocks() + kept.blocks() + extents.blocks());
  CHECK(layout.forest.blocks() > live.blocks() + extents.blocks());
}

TEST_CASE("a layout grown as the captured RAID10 was measures like it") {
  const Layout grown = grown_like("r10x4"), captured = load_layout(captures() / "r10x4.layout.h5");
  const Bounds bounds{.leaves = 0.05, .nodes = 0.10, .adjacent = 0.025, .backward = 0.03, .leaf_fill = 0.02,
                      .node_fill = 0.05, .jumps = 0.15};
  check_alike(grown, captured, 256, bounds);
  check_alike(grown, captured, 257, bounds);
  CHECK(std::abs(level_of(grown, 2, 0).adjacent_share() - level_of(captured, 2, 0).adjacent_share()) < 0.10);
}

TEST_CASE("a layout grown as the captured RAID1 of 4 KiB nodes was measures like it") {
  const Layout grown = grown_like("n4k_r1x2"), captured = load_layout(captures() / "n4k_r1x2.layout.h5");
  check_alike(grown, captured, 5,
              {.leaves = 0.03, .nodes = 0.10, .adjacent = 0.04, .backward = 0.03, .leaf_fill = 0.02, .node_fill = 0.05,
               .jumps = 0.15});
  CHECK(std::abs(level_of(grown, 2, 0).adjacent_share() - level_of(captured, 2, 0).adjacent_share()) < 0.10);
}

TEST_CASE("entries of directories that are older than the files stand in front of these") {
  // Of the leaves in the middle of the tree, how many the last transaction changed, when files were only created.
  const auto changed = [](const std::string& tree) {
    const Layout layout =
        grow(R"({"devices": [{"count": 3, "bytes": 107374182400}], "rounds": [{"commits": 20, "creates": 500}], "trees": [)" +
             tree + "]}");
    const Forest& forest = layout.forest;
    std::vector<BlockId> leaves;
    const std::function<void(BlockId)> collect = [&](BlockId block) {
      if (forest.level[block] == 0) leaves.push_back(block);
      for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) collect(forest.child[p]);
    };
    collect(forest.trees[*forest.find_tree(256)].root);
    REQUIRE(leaves.size() > 200);
    const auto middle = std::span(leaves).subspan(leaves.size() / 2, leaves.size() / 4);
    return std::count_if(middle.begin(), middle.end(), [&](BlockId leaf) { return forest.generation[leaf] == 20; });
  };
  CHECK(changed(R"({"tree": "256"})") > 20);
  CHECK(changed(R"({"tree": "256", "directories": 2000})") == 0);
}

TEST_CASE("specifications that cannot be are refused with their path") {
  check_refused("{}", {"spec.json", "devices"});
  check_refused(placed("sorted"), {"/placement", "sequential"});
  check_refused(placed("random", R"("rounds": [], )"), {"/rounds"});
  check_refused(placed("random", R"("node_bytes": 5000, )"), {"/node_bytes", "power of two"});
  check_refused(placed("random", R"("metadata_profile": "RAID9", )"), {"/metadata_profile"});
  check_refused(placed("random", R"("metadata_profile": "RAID1C4", )"), {"/devices", "4 devices or more"});
  check_refused(replaced(placed("random"), "3000", "300000000"), {"/devices", "full"});
  check_refused(replaced(placed("random"), "3000", "0"), {"/trees/0/leaves"});
  check_refused(replaced(placed("random"), "\"fs\"", "\"fss\""), {"/trees/0/tree"});
  check_refused(aged(R"("stripe_nodes": 3, )"), {"stride_nodes"});
  check_refused(replaced(aged(), R"({"tree": "256")", R"({"tree": "256", "directories": -1)"),
                {"/trees/0/directories"});
  check_refused(replaced(aged(), R"({"tree": "extent")", R"({"tree": "extent", "directories": 5)"),
                {"/trees/1/directories", "files only"});
  check_refused(replaced(replaced(aged(), R"({"tree": "256")", R"({"tree": "256", "directories": 1000000)"),
                         "107374182400", "268435456"),
                {"/devices", "full"});
  check_refused(aged(R"("snapshots": [{"tree": "300", "as": "301", "after_commit": 3}], )"), {"/snapshots/0/tree"});
  check_refused(aged(R"("snapshots": [{"tree": "256", "as": "2", "after_commit": 3}], )"), {"/snapshots/0/as"});
  check_refused(replaced(aged(), "107374182400", "67108864"), {"/devices", "full"});
  check_refused(replaced(aged(), "\"creates\": 500", "\"creates\": -1"), {"/rounds/0/creates"});
}

TEST_CASE("grow: every profile on every number of devices grows, or is refused with what it needs") {
  const std::map<std::string, int> needed{{"single", 1}, {"DUP", 1},     {"RAID0", 1}, {"RAID1", 2}, {"RAID1C3", 3},
                                          {"RAID1C4", 4}, {"RAID10", 2}, {"RAID5", 2}, {"RAID6", 3}};
  for (const auto& [profile, least] : needed) {
    for (int devices = 1; devices <= 5; ++devices) {
      for (const char* placement : {"aged", "sequential", "random"}) {
        CAPTURE(profile);
        CAPTURE(devices);
        CAPTURE(placement);
        const std::string rest = placement == std::string("aged")
                                     ? R"("trees": [{"tree": "256"}], "rounds": [{"commits": 2, "creates": 50}]})"
                                     : fmt::format(R"("placement": "{}", "trees": [{{"tree": "fs", "leaves": 40}}]}})", placement);
        const std::string json =
            fmt::format(R"({{"devices": [{{"count": {}, "bytes": 10737418240}}], "metadata_profile": "{}", )", devices, profile) + rest;
        const std::string error = error_of([&] { grow(json); });
        if (devices >= least)
          CHECK(error == "");
        else
          CHECK(error == fmt::format("spec.json: /devices: expected {} devices or more for \"metadata_profile\": \"{}\", found {}",
                                     least, profile, devices));
      }
    }
  }
  CHECK(contains(error_of([&] { grow(R"({"devices": [{"count": 1, "bytes": 10737418240}], "trees": [{"tree": "256"}],
                                      "rounds": [{"commits": 1, "creates": 1}]})"); }),
                 "2 devices or more for \"metadata_profile\": \"RAID1\" (the default), found 1"));
  CHECK(contains(error_of([&] { grow(R"({"devices": [{"count": 4, "bytes": 10737418240}], "metadata_chunk_bytes": 1048576,
                                      "metadata_profile": "RAID0", "trees": [{"tree": "256"}], "rounds": [{"commits": 1, "creates": 1}]})"); }),
                 "/metadata_chunk_bytes: expected 1 MiB or more for each stripe"));
  CHECK(contains(error_of([&] { grow(R"({"devices": [{"count": 2, "bytes": 67108864}], "data_bytes_per_file": 1000000,
                                      "trees": [{"tree": "256"}], "rounds": [{"commits": 9, "creates": 900}]})"); }),
                 "devices with room"));
}
