// The keys of a specification: what the schema takes the reader takes, and the reverse, but for what only values tell.
#include "models/layout/grow/grow_spec.h"

#include <doctest/doctest.h>

#include "core/base/testing/schema_check.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;
using headway::testing::schema_accepts;

namespace {

std::string complaint(const std::string& spec) {
  return error_of([&] { read_grow_spec(JsonNode::parse(spec, "spec.json")); });
}

// One tree on one device, with more keys.
std::string aged(const std::string& more, const std::string& tree = "") {
  return R"({"devices": [{"bytes": 1e11}], "rounds": [{"creates": 5}], "trees": [{"tree": "fs")" + tree + "}]" + more +
         "}";
}
std::string placed(const std::string& more, const std::string& tree = R"(, "leaves": 9)") {
  return R"({"devices": [{"bytes": 1e11}], "placement": "random", "trees": [{"tree": "fs")" + tree + "}]" + more + "}";
}

}  // namespace

TEST_CASE("grow: the committed schema is what the keys say; `make schemas` refreshes it") {
  CHECK(bytes_of(source_directory() / "scenarios/grow.schema.json") == grow_schema());
}

TEST_CASE("grow: what the schema takes the reader takes") {
  std::vector<std::string> sound{
      aged(""),
      aged(R"(, "placement": "aged", "node_bytes": 4096, "metadata_profile": "RAID1C3", "data_profile": "DUP")"),
      aged(R"(, "metadata_chunk_bytes": 1048576, "data_bytes_per_file": 0.5, "stride_nodes": 2)"),
      aged(R"(, "snapshots": [{"tree": 5, "as": "0x100", "after_commit": 1}])"),
      aged("", R"(, "use": "files", "item_bytes_per_file": 4000, "directory_share": 1, "directories": 1)"),
      placed(""),
      placed(R"(, "stride_nodes": 16)", R"(, "leaves": 1, "leaf_fill": 0.01, "node_fill": 1, "use": "extents")"),
      replaced(placed(""), "random", "sequential"),
      replaced(placed(""), "random", "reverse"),
      replaced(placed(""), "random", "strided"),
  };
  for (const auto& file : std::filesystem::directory_iterator(source_directory() / "scenarios/grow")) {
    if (file.path().extension() == ".json") sound.push_back(bytes_of(file.path()));
  }
  REQUIRE(sound.size() >= 13);
  for (const auto& spec : sound) {
    CAPTURE(spec);
    CHECK(complaint(spec) == "");
    CHECK(schema_accepts(grow_schema(), spec));
  }
}

TEST_CASE("grow: what the schema refuses the reader refuses, with the place") {
  const std::vector<std::pair<std::string, const char*>> mistakes{
      {"[]", "an object"},
      {replaced(aged(""), "\"bytes\": 1e11", "\"bytes\": 1"), "/devices/0/bytes"},
      {replaced(aged(""), "\"bytes\": 1e11", "\"count\": 2"), "/devices/0"},
      {replaced(aged(""), "{\"bytes\": 1e11}", ""), "/devices: expected at least one device"},
      {replaced(aged(""), "\"rounds\"", "\"round\""), "did you mean \"rounds\""},
      {replaced(aged(""), "\"creates\": 5", "\"creates\": -5"), "/rounds/0/creates"},
      {replaced(aged(""), "\"creates\": 5", "\"makes\": 5"), "/rounds/0"},
      {replaced(aged(""), "\"fs\"", "\"fss\""), "/trees/0/tree: expected an object id or a tree's name, found \"fss\""},
      {replaced(aged(""), "{\"tree\": \"fs\"}", ""), "/trees: expected at least one tree"},
      {aged(R"(, "node_bytes": 5000)"), "/node_bytes: expected a power of two"},
      {aged(R"(, "metadata_profile": "RAID9")"), "/metadata_profile"},
      {aged(R"(, "metadata_chunk_bytes": 1.5)"), "/metadata_chunk_bytes"},
      {aged(R"(, "stripe_nodes": 3)"), "did you mean \"stride_nodes\""},
      {aged(R"(, "placement": "sorted")"), "/placement"},
      {aged(R"(, "placement": 3)"), "/placement"},
      {aged(R"(, "snapshots": [{"tree": "fs", "as": "256"}])"), "\"after_commit\""},
      {aged("", R"(, "leaves": 9)"), "/trees/0: expected a known key, found \"leaves\""},
      {aged("", R"(, "use": "file")"), "/trees/0/use"},
      {aged("", R"(, "directories": 0)"), "/trees/0/directories"},
      {aged("", R"(, "directory_share": 1.1)"), "/trees/0/directory_share"},
      {placed("", ""), "/trees/0: expected an object with \"leaves\""},
      {placed("", R"(, "leaves": 0)"), "/trees/0/leaves"},
      {placed("", R"(, "leaves": 9, "leaf_fill": 0)"), "/trees/0/leaf_fill"},
      {placed("", R"(, "leaves": 9, "directories": 9)"), "/trees/0: expected a known key, found \"directories\""},
      {placed(R"(, "rounds": [])"), "/rounds: expected no rounds with this placement"},
      {placed(R"(, "snapshots": [])"), "/snapshots: expected no snapshots with this placement"},
  };
  for (const auto& [spec, part] : mistakes) {
    CAPTURE(spec);
    CHECK(contains(complaint(spec), "spec.json: "));
    CHECK(contains(complaint(spec), part));
    CHECK_FALSE(schema_accepts(grow_schema(), spec));
  }
}

TEST_CASE("grow: defaults follow the tree, and what only values tell is told by the reader") {
  const GrowSpec spec = read_grow_spec(JsonNode::parse(
      R"({"devices": [{"bytes": 1e11, "count": 2}, {"bytes": 2e11}], "rounds": [{"creates": 5}],
          "trees": [{"tree": 256}, {"tree": "EXTENT_TREE"}, {"tree": "csum"}, {"tree": "7777", "use": "extents"}]})",
      "dir/spec.json"));
  CHECK(spec.source == "a specification in spec.json");
  CHECK(spec.device_bytes == std::vector<std::uint64_t>{100'000'000'000, 100'000'000'000, 200'000'000'000});
  CHECK(spec.placement == Placement::aged);
  CHECK(spec.node_bytes == 16384);
  CHECK(spec.metadata_profile == Profile::raid1);
  CHECK(spec.metadata_chunk_bytes == 0);
  REQUIRE(spec.trees.size() == 4);
  const TreeUse uses[] = {TreeUse::files, TreeUse::extents, TreeUse::checksums, TreeUse::extents};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(spec.trees[i].use == uses[i]);
    CHECK(spec.trees[i].item_bytes_per_file == (i == 0 ? 700 : 80));
  }
  CHECK(spec.rounds[0].commits == 1);

  CHECK(contains(complaint(replaced(aged(""), "[{\"tree\": \"fs\"}]", R"([{"tree": "fs"}, {"tree": 5}])")),
                 "/trees/1/tree: expected each tree once"));
  CHECK(contains(
      complaint(replaced(aged(""), "{\"bytes\": 1e11}", R"({"bytes": 1e11, "count": 65535}, {"bytes": 1e11})")),
      "/devices: expected at most 65535 devices"));
  CHECK(contains(complaint(replaced(aged("", R"(, "directories": 9)"), "\"fs\"", "\"extent\"")),
                 "/trees/0/directories: expected directories in trees of files only"));
  CHECK(
      contains(complaint(aged(R"(, "snapshots": [{"tree": 6, "as": 256, "after_commit": 1}])")), "/snapshots/0/tree"));
  CHECK(contains(complaint(aged(R"(, "snapshots": [{"tree": 5, "as": 5, "after_commit": 1}])")), "/snapshots/0/as"));
}
