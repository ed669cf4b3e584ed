#include "models/layout/trees.h"

#include <doctest/doctest.h>

#include <set>

#include "core/base/testing/errors.h"
#include "models/layout/key_text.h"

using namespace headway;

TEST_CASE("trees go by btrfs's name, the user's or a number") {
  CHECK(parse_tree_name("fs") == 5);
  CHECK(parse_tree_name("csum") == 7);
  CHECK(parse_tree_name("raid-stripe") == 12);
  CHECK(parse_tree_name("data-reloc") == static_cast<std::uint64_t>(-9));
  CHECK(parse_tree_name("256") == 256);
  CHECK(parse_tree_name("0x100") == 256);
  CHECK(parse_tree_name("EXTENT_TREE") == 2);
  CHECK(parse_tree_name("FREE_SPACE_TREE") == 10);
  for (const char* bad : {"", "fss", "256x", "0x", "fs_tree"}) CHECK_FALSE(parse_tree_name(bad));
}

TEST_CASE("each tree's names lead to it and to no other") {
  std::set<std::uint64_t> ids;
  std::set<std::string_view> names;
  for (const TreeNames& tree : known_trees()) {
    CAPTURE(tree.constant);
    CHECK(ids.insert(tree.objectid).second);
    CHECK(names.insert(tree.constant).second);
    CHECK(parse_tree_name(tree.constant) == tree.objectid);
    CHECK(tree_text(tree.objectid) == tree.constant);
    if (!tree.name.empty()) CHECK(parse_tree_name(tree.name) == tree.objectid);
    if (!tree.name.empty()) CHECK(names.insert(tree.name).second);
  }
}

TEST_CASE("JSON names a tree by text or number, and a mistyped one is told the nearest name") {
  const auto read = [](const char* json) { return tree_value().take(JsonNode::parse(json, "x.json")); };
  const auto refused = [](const char* json) {
    return testing::error_of([&] { tree_value().shape.check(JsonNode::parse(json, "x.json")); });
  };
  CHECK(read("\"raid-stripe\"") == 12);
  CHECK(read("\"FREE_SPACE_TREE\"") == 10);
  CHECK(read("\"0x100\"") == 256);
  CHECK(read("256") == 256);
  CHECK(refused("\"csumm\"") ==
        "x.json: /: expected an object id or a tree's name, found \"csumm\" (did you mean \"csum\"?)");
  CHECK(testing::contains(refused("\"subvolume\""), "known are root, extent, chunk, dev, fs, csum"));
  CHECK(testing::contains(refused("true"), "an object id or a tree's name"));
}
