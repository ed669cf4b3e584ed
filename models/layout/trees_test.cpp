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

TEST_CASE("a mistyped tree is told the nearest name") {
  const auto read = [](const char* json) { return [json] { read_tree_name(JsonNode::parse(json, "x.json")); }; };
  CHECK(testing::error_of(read("\"csumm\"")) ==
        "x.json: /: expected a tree: an object id or its name, found \"csumm\" (did you mean \"csum\"?)");
  CHECK(testing::contains(testing::error_of(read("\"subvolume\"")), "known are root, extent, chunk, dev, fs, csum"));
  CHECK(testing::contains(testing::error_of(read("5")), "expected a string"));
}
