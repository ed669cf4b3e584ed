#include "models/layout/measures.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/testing/approx.h"
#include "models/layout/info.h"
#include "models/layout/key_text.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

TEST_CASE("neighbours are adjacent, go forward or go backward") {
  // Leaves of tree 5 in key order: 1077248, 1073152, 1081344 (nodes of 4096 bytes); nodes: 1064960, 1069056.
  const Layout layout = read_text(small_dump());
  const TreeMeasures tree = measure_tree(layout, *layout.forest.find_tree(5));
  REQUIRE(tree.levels.size() == 3);
  CHECK(tree.blocks() == 6);
  const auto& nodes = tree.levels[1];
  CHECK(nodes.adjacent == 1);
  CHECK(nodes.adjacent_share() == 1.0);
  CHECK(nodes.jump_quantile_nodes(0.9) == 0);
  const auto& leaves = tree.levels[2];
  CHECK(leaves.blocks == 3);
  CHECK(leaves.backward == 1);
  CHECK(leaves.adjacent == 0);
  CHECK(leaves.backward_jumps[2] == 1);  // from the end of one block to the start of the one before it: 2 nodes
  CHECK(leaves.forward_jumps[1] == 1);   // one block lies between
  CHECK(leaves.fill_blocks == 2);
  CHECK(leaves.fill_mean() == testing::approx((2 - 1500.0 / 3995) / 2));
  CHECK(nodes.fill_mean() == testing::approx(33 * 1.5 / 3995));
}

TEST_CASE("the captured trees measure as they were dumped") {
  const Layout layout = load_layout(captures() / "r10x4.layout.h5");
  const TreeMeasures tree = measure_tree(layout, *layout.forest.find_tree(256));
  REQUIRE(tree.levels.size() == 3);
  CHECK(tree.levels[1].blocks == 46);
  CHECK(tree.levels[2].blocks == 9534);
  CHECK(tree.levels[2].backward_share() == testing::approx(0.498).epsilon(0.01));
}

TEST_CASE("layout info fits a terminal and names every tree") {
  for (const char* name : {"r10x4", "n4k_r1x2", "umlr1x2", "s1"}) {
    const Layout layout = load_layout(captures() / (std::string(name) + ".layout.h5"));
    const std::string text = layout_info(layout, std::nullopt);
    std::size_t widest = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      widest = std::max(widest, end - at);
      at = end + 1;
    }
    CHECK(widest <= 100);
    for (const auto& tree : layout.forest.trees) CHECK(contains(text, tree_text(tree.objectid)));
    CHECK(contains(text, "none (adjacent)"));
  }
}

TEST_CASE("a quantile that the adjacent pairs just reach is no jump") {
  LevelMeasures level;
  level.blocks = 5;  // four pairs: three adjacent, one 8 to 15 nodes away
  level.adjacent = 3;
  level.forward_jumps[4] = 1;
  CHECK(level.jump_quantile_nodes(0.75) == 0);
  CHECK(level.jump_quantile_nodes(0.76) == 15);
}
