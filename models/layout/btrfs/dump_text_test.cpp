#include "models/layout/btrfs/dump_text.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "models/layout/btrfs/export.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

BlockId block_at(const Layout& layout, std::uint64_t logical) {
  const auto at = std::find(layout.forest.logical.begin(), layout.forest.logical.end(), logical);
  REQUIRE(at != layout.forest.logical.end());
  return static_cast<BlockId>(at - layout.forest.logical.begin());
}

// The small dump after one replacement ends with an error that says all of `parts`.
void check_refused(std::string_view part, std::string_view by, std::initializer_list<const char*> parts) {
  CAPTURE(part);
  CAPTURE(by);
  const std::string error = error_of([&] { read_text(replaced(small_dump(), part, by)); });
  CAPTURE(error);
  for (const char* expected : parts) CHECK(contains(error, expected));
}

}  // namespace

TEST_CASE("a dump becomes volume and forest") {
  const Layout layout = read_text(small_dump());
  REQUIRE(layout.volume.devices().size() == 2);
  CHECK(layout.volume.devices()[1].bytes == 2147483648);
  REQUIRE(layout.volume.chunks().size() == 1);
  const Chunk& chunk = layout.volume.chunks()[0];
  CHECK(chunk.profile == Profile::raid1);
  CHECK(chunk.use == (Chunk::system | Chunk::metadata));
  CHECK(layout.volume.map(1060864).copy[0].device == 1);
  CHECK(layout.volume.map(1060864).copy[0].physical == 2097152 + 12288);

  const Forest& forest = layout.forest;
  CHECK(forest.node_bytes == 4096);
  CHECK(forest.blocks() == 9);
  REQUIRE(forest.trees.size() == 4);
  CHECK(forest.trees[0].objectid == 1);
  CHECK(forest.trees[1].objectid == 2);
  CHECK(forest.trees[2].objectid == 3);
  CHECK(forest.trees[3].objectid == 5);
  const BlockId root = forest.trees[3].root;
  CHECK(forest.logical[root] == 1060864);
  CHECK(forest.level[root] == 2);
  const PointerId second = forest.first_pointer[root] + 1;
  CHECK(forest.key(second) == Key{512, 108, 4096});
  CHECK(forest.logical[forest.child[second]] == 1069056);
}

TEST_CASE("generations of pointer and header are both kept") {
  const Layout layout = read_text(small_dump());
  const Forest& forest = layout.forest;
  const BlockId node = block_at(layout, 1064960);
  const PointerId second = forest.first_pointer[node] + 1;
  CHECK(forest.child_generation[second] == 9);
  CHECK(forest.generation[forest.child[second]] == 8);
}

TEST_CASE("a leaf without a line of its own is known from its pointer or its root item") {
  const Layout layout = read_text(small_dump());
  const BlockId leaf = block_at(layout, 1081344);
  CHECK(layout.forest.level[leaf] == 0);
  CHECK(layout.forest.generation[leaf] == 7);
  CHECK(layout.notes.items[leaf] == BlockNotes::unknown_count);
  CHECK(layout.forest.generation[block_at(layout, 1056768)] == 8);
  const BlockId known = block_at(layout, 1077248);
  CHECK(layout.notes.items[known] == 10);
  CHECK(layout.notes.free_bytes[known] == 1000);
  CHECK(layout.notes.owner[known] == 5);
}

TEST_CASE("texts of older btrfs-progs give the same layout") {
  const Layout today = read_text(small_dump());
  std::string old = small_dump();
  for (const auto& [now, then] : std::initializer_list<std::pair<const char*, const char*>>{
           {"block 1064960 gen 9", "block 1064960 (260) gen 9"},
           {"free space 119", "free 119"},
           {"\t\tdevid 1 total_bytes 1073741824 bytes_used", "\t\tdev item devid 1 total_bytes 1073741824 bytes used"},
           {"\t\tlength 16777216 owner 2 stripe_len 65536 type SYSTEM|METADATA|RAID1\n",
            "\t\tchunk length 16777216 owner 2 stripe_len 65536 type SYSTEM|METADATA|RAID1 num_stripes 2\n"},
           {"\t\tio_align 65536 io_width 65536 sector_size 4096\n\t\tnum_stripes 2 sub_stripes 1\n", ""},
           {"owner FS_TREE", "owner 5"},
           {"owner ROOT_TREE", "owner 1"},
           {"owner CHUNK_TREE", "owner 3"},
           {"\t\tgeneration 9 root_dirid 256 bytenr 1060864 byte_limit 0 bytes_used 4096\n\t\tlevel 2 generation_v2 9\n",
            "\t\troot data bytenr 1060864 level 2 dirid 256 refs 1 gen 9 lastsnap 0\n"}})
    old = replaced(old, now, then);
  check_same(today, read_text(old));
  check_same(today, read_text(replaced(small_dump(), "type SYSTEM|METADATA|RAID1", "type 22")));
}

TEST_CASE("blocks may stand in any order and more than once") {
  std::string text = small_dump();
  const std::string node =
      "node 1069056 level 1 items 1 free space 120 generation 7 owner FS_TREE\n"
      "\tkey (512 EXTENT_DATA 4096) block 1081344 gen 7\n";
  check_same(read_text(text), read_text(text + node));
  check_same(read_text(text), read_text(replaced(text, node, "") + node));
  const std::string error = error_of([&] { read_text(text + replaced(node, "1081344", "1085440")); });
  CHECK(contains(error, "line 37"));
  CHECK(contains(error, "different moments"));
}

TEST_CASE("without a root tree, headings and unpointed blocks are the roots") {
  const std::string text = small_dump();
  const auto begin = text.find("root tree"), end = text.find("fs tree");
  const std::string no_roots = text.substr(0, begin) + text.substr(end);
  const Layout headed = read_text(no_roots);
  REQUIRE(headed.forest.trees.size() == 2);
  CHECK(headed.forest.logical[headed.forest.trees[1].root] == 1060864);
  check_same(headed, read_text(replaced(replaced(no_roots, "fs tree key (FS_TREE ROOT_ITEM 0) \n", ""),
                                        "chunk tree\n", "")));
}

TEST_CASE("a tree that is being deleted is left out, whatever it still points to") {
  // Its node's first pointer leads to a block that is gone, its second to one that another tree has taken since.
  const std::string deleted =
      "file tree key (257 ROOT_ITEM 6) \n"
      "node 1093632 level 2 items 2 free space 119 generation 6 owner 257\n"
      "\tkey (256 INODE_ITEM 0) block 1097728 gen 6\n"
      "\tkey (300 INODE_ITEM 0) block 1077248 gen 5\n";
  const std::string item =
      "\titem 2 key (257 ROOT_ITEM 6) itemoff 2678 itemsize 439\n"
      "\t\tgeneration 6 root_dirid 256 bytenr 1093632 byte_limit 0 bytes_used 4096\n"
      "\t\tlast_snapshot 6 flags 0x0(none) refs 0\n"
      "\t\tdrop_progress key (300 INODE_ITEM 0) drop_level 1\n"
      "\t\tlevel 2 generation_v2 6\n";
  const std::string older =
      "\titem 2 key (257 ROOT_ITEM 6) itemoff 2678 itemsize 439\n"
      "\t\troot data bytenr 1093632 level 2 dirid 256 refs 0 gen 6 lastsnap 6\n"
      "\t\tdrop key (300 INODE_ITEM 0) level 1\n";
  const Layout without = read_text(small_dump());
  for (const std::string& root_item : {item, older}) {
    std::string text = replaced(small_dump(), "leaf 1052672 items 2", "leaf 1052672 items 3");
    text = replaced(text, "fs tree key", root_item + "fs tree key");
    const Layout layout = read_text(text + deleted);
    CHECK_FALSE(layout.forest.find_tree(257));
    CHECK(layout.left_out == std::vector<std::string>{"tree 257 left out: being deleted (refs 0)"});
    CHECK(layout.forest.blocks() == without.forest.blocks());
    CHECK(contains(error_of([&] { read_text(replaced(text, "refs 0", "refs 1") + deleted); }), "no such node"));
  }
}

TEST_CASE("refs 0 says of no other tree that it is being deleted") {
  for (const char* tree : {"QUOTA_TREE", "FREE_SPACE_TREE", "CSUM_TREE"}) {
    CAPTURE(tree);
    const std::string item = "\titem 2 key (" + std::string(tree) +
                             " ROOT_ITEM 0) itemoff 2678 itemsize 439\n"
                             "\t\tgeneration 6 root_dirid 0 bytenr 1093632 byte_limit 0 bytes_used 4096\n"
                             "\t\tlast_snapshot 0 flags 0x0(none) refs 0\n"
                             "\t\tlevel 0 generation_v2 6\n";
    std::string text = replaced(small_dump(), "leaf 1052672 items 2", "leaf 1052672 items 3");
    text = replaced(text, "fs tree key", item + "fs tree key");
    CHECK(read_text(text).forest.blocks() == read_text(small_dump()).forest.blocks() + 1);
  }
}

TEST_CASE("texts as people paste them: without tabs, quoted, out of logs") {
  const auto each_line = [](const auto& change) {
    std::string pasted;
    std::istringstream lines(small_dump());
    for (std::string line; std::getline(lines, line);) pasted += change(line) + "\n";
    return pasted;
  };
  const auto without_tabs = [](const std::string& line) { return line.substr(line.find_first_not_of('\t')); };
  const auto with_blanks = [&](const std::string& line) {
    return std::string(8 * line.find_first_not_of('\t'), ' ') + without_tabs(line);
  };
  const Layout whole = read_text(small_dump());
  check_same(whole, read_text(each_line(without_tabs)));
  check_same(whole, read_text(each_line(with_blanks)));
  check_same(whole, read_text(each_line([](const auto& line) { return "> " + line; })));
  check_same(whole, read_text(each_line([&](const auto& line) { return "> > " + with_blanks(line); })));
  check_same(whole, read_text(each_line([](const auto& line) { return line + "\r"; })));
  check_same(whole, read_text(each_line([&](const auto& line) { return "[ 1234.567890] " + with_blanks(line); })));
  check_same(whole, read_text(each_line([&](const auto& line) {
    return "Nov  7 09:15:02 nas kernel: [ 1234.567890] " + without_tabs(line);
  })));
  check_same(whole, read_text(each_line([&](const auto& line) { return "Nov 17 09:15:02 nas dump[312]: " + line; })));
}

TEST_CASE("a chunk's type that a mailer put on the next line is joined, or missed") {
  for (const char* next : {"\n", "\n\t\t", "\n> ", " \n        "})
    check_same(read_text(small_dump()), read_text(replaced(small_dump(), "type SYSTEM", std::string("type") + next + "SYSTEM")));
  const std::string single =
      replaced(replaced(replaced(small_dump(), "RAID1", "single"), "num_stripes 2", "num_stripes 1"),
               "\t\t\tstripe 1 devid 1 offset 4194304\n", "");
  check_same(read_text(single), read_text(replaced(single, "type ", "type\n")));
  CHECK(read_text(single).volume.chunks()[0].use == 6);
  check_refused("type SYSTEM|METADATA|RAID1\n", "type\n", {"line 11", "a chunk type", "io_align"});
  const std::string text = small_dump();
  const std::string cut = text.substr(0, text.find("SYSTEM|"));
  CHECK(contains(error_of([&] { read_text(cut); }), "truncated"));
  CHECK(contains(error_of([&] { read_text(cut.substr(0, cut.size() - 1) + "\n"); }), "truncated"));
}

TEST_CASE("names and values with line ends make no lines") {
  // Of the leaf of the root tree, where each line counts, and of one of files.
  const std::string false_leaf = "leaf 1081344 items 9 free space 1 generation 6 owner 5";
  const std::string lines =
      "a\n" + false_leaf + "\nnode 5 level 1\n\titem 0 key (FS_TREE ROOT_ITEM 0)\n\tkey (1 INODE_ITEM 0) block 5\nz";
  const auto reference = [&](const std::string& name, std::size_t bytes) {
    return fmt::format(
        "\titem 2 key (FS_TREE ROOT_REF 256) itemoff 3000 itemsize {}\n"
        "\t\troot ref key dirid 256 sequence 9 name {}\n",
        18 + bytes, name);
  };
  const auto with = [&](const std::string& in_roots, const std::string& in_files) {
    std::string text =
        in_roots.empty() ? small_dump() : replaced(small_dump(), "leaf 1052672 items 2", "leaf 1052672 items 3");
    return replaced(replaced(text, "fs tree key", in_roots + "fs tree key"), "leaf 1073152", in_files + "leaf 1073152");
  };
  const Layout whole = read_text(small_dump());
  for (const std::string& name :
       {lines, std::string("\n"), std::string("x\n"), "\n\n" + false_leaf, "name: item 1 itemsize 99 " + lines}) {
    CAPTURE(name);
    const std::size_t bytes = name.size();
    check_same(whole, read_text(with(reference(name, bytes), "")));
    for (const std::string& item :
         {fmt::format("\t\tindex 2 namelen {} name: {}\n", bytes, name),
          fmt::format("\t\ttransid 8 data_len 0 name_len {}\n\t\tname: {}\n", bytes, name),
          fmt::format("\t\tnamelen {} datalen 0 name: {}\n", bytes, name),
          fmt::format("\t\ttransid 8 data_len {0} name_len {0}\n\t\tname: {1}\n\t\tdata {1}\n", bytes, name)})
      check_same(whole, read_text(with("", "\titem 0 key (300 DIR_ITEM 7) itemoff 3905 itemsize 90\n" + item)));
  }
  // Names that were hidden or cut, and other line ends, hide no line behind them.
  for (const char* name : {"HIDDEN", "cut", "a b\r"})
    check_same(whole, read_text(with(reference(name, false_leaf.size() + 4),
                                     fmt::format("\t\tindex 2 namelen 60 name: {}\n", name))));
  const std::string cut_off =
      with("", "") + "\t\tindex 2 namelen 999 name: x\nleaf 1081344 items 9 free space 1 generation 7 owner 5\n";
  CHECK(read_text(cut_off).notes.items.size() == whole.forest.blocks());
  CHECK(read_text(cut_off).notes.items != whole.notes.items);
}

TEST_CASE("a last line without an end is whole where a cut could not change what is kept") {
  const std::string text = small_dump();
  check_same(read_text(text), read_text(text.substr(0, text.size() - 1)));
  const std::string up_to_a_leaf = text.substr(0, text.find("leaf 1073152"));
  check_same(read_text(text), read_text(replaced(text, "total bytes 3221225472\n", "\titem 0 key (300 INODE_ITEM 0)")));
  for (const char* end : {"leaf 1073152 items 2", "leaf"})
    CHECK(contains(error_of([&] { read_text(up_to_a_leaf + end); }), "line 35: expected a line that ends"));
  const std::string in_node = text.substr(0, text.find("n 6\n"));
  CHECK(contains(error_of([&] { read_text(in_node); }), "line 30: expected a line that ends"));
  const std::string in_chunk = text.substr(0, text.find("offset 4194304") + 10);
  CHECK(contains(error_of([&] { read_text(in_chunk); }), "line 15: expected a line that ends"));
}

TEST_CASE("log trees are left out, as of images") {
  const std::string logs =
      "log root tree\n"
      "leaf 1093632 items 1 free space 3500 generation 9 owner TREE_LOG\n"
      "log tree key (TREE_LOG ROOT_ITEM 5) \n"
      "leaf 1097728 items 1 free space 3500 generation 9 owner TREE_LOG\n";
  const Layout layout = read_text(small_dump() + logs);
  check_same(read_text(small_dump()), layout);
  REQUIRE(layout.left_out.size() == 1);
  CHECK(layout.left_out[0].ends_with("left out: what was written since the last commit is no tree yet"));
}

TEST_CASE("trees of one object id: relocation, and the several extent trees of extent-tree-v2") {
  const auto item = [](int number, const std::string& key, std::uint64_t bytenr) {
    return fmt::format(
        "\titem {} key ({}) itemoff {} itemsize 439\n"
        "\t\tgeneration 9 root_dirid 0 bytenr {} byte_limit 0 bytes_used 4096\n\t\tlevel 0 generation_v2 9\n",
        number, key, 3556 - 439 * number, bytenr);
  };
  std::string text = replaced(small_dump(), "leaf 1052672 items 2", "leaf 1052672 items 5");
  text = replaced(text, "fs tree key", item(2, "TREE_RELOC ROOT_ITEM FS_TREE", 1093632) + item(3, "TREE_RELOC ROOT_ITEM 256", 1097728) +
                                           item(4, "EXTENT_TREE ROOT_ITEM 1", 1101824) + "fs tree key");
  for (const auto& [heading, logical, owner] :
       {std::tuple{"reloc tree key (TREE_RELOC ROOT_ITEM FS_TREE)", 1093632, "FS_TREE"},
        {"reloc tree key (TREE_RELOC ROOT_ITEM 256)", 1097728, "256"},
        {"extent tree key (EXTENT_TREE ROOT_ITEM 1)", 1101824, "EXTENT_TREE"}})
    text += fmt::format("{} \nleaf {} items 1 free space 3500 generation 9 owner {}\n", heading, logical, owner);
  const Layout layout = read_text(text);
  CHECK(layout.forest.blocks() == read_text(small_dump()).forest.blocks() + 3);
  std::vector<std::uint64_t> trees;
  for (const auto& tree : layout.forest.trees) trees.push_back(tree.objectid);
  const auto reloc = static_cast<std::uint64_t>(-8);
  CHECK(trees == std::vector<std::uint64_t>{1, 2, 2, 3, 5, reloc, reloc});
  CHECK_FALSE(layout.forest.find_tree(256));
  CHECK(layout.forest.find_tree(2) == 1);
  // Through an export and through a layout file they stay what they are.
  std::string exported;
  export_dump_text(layout, [&](std::string_view part) { exported += part; });
  check_same(layout, read_text(exported));
  const TemporaryDirectory directory;
  save_layout(directory / "l.layout.h5", layout);
  check_same(layout, load_layout(directory / "l.layout.h5"));
}

TEST_CASE("trees that the root tree names and the text lacks are said") {
  const std::string text = small_dump();
  CHECK(read_text(text).left_out.empty());
  const auto begin = text.find("fs tree key");
  const Layout layout = read_text(text.substr(0, begin));
  CHECK_FALSE(layout.forest.find_tree(5));
  CHECK(layout.left_out == std::vector<std::string>{"tree FS_TREE left out: the blocks are not in what was read"});
}

TEST_CASE("only the wanted trees are kept") {
  const Layout layout = read_text(small_dump(), {.trees = {5}});
  CHECK(layout.forest.trees.size() == 1);
  CHECK(layout.forest.blocks() == 6);
  CHECK(contains(error_of([] { read_text(small_dump(), {.trees = {7}}); }), "the tree csum, found "));
}

TEST_CASE("sizes of devices that are not told reach to their last chunk") {
  const std::string text =
      replaced(small_dump(), "\t\tdevid 2 total_bytes 2147483648 bytes_used 16777216\n", "\t\tgeneration 0\n");
  CHECK(read_text(text).volume.devices()[1].bytes == 2097152 + 16777216);
}

TEST_CASE("bad texts are refused with line, expected and found") {
  check_refused("\tkey (300 INODE_ITEM 0) block 1073152 gen 9\n", "", {"line 29", "2 key lines", "1"});
  check_refused("(300 INODE_ITEM 0)", "(200 INODE_ITEM 0)", {"line 31", "above", "(200 INODE_ITEM 0)"});
  check_refused("(300 INODE_ITEM 0)", "(600 INODE_ITEM 0)", {"line 29", "below (512 EXTENT_DATA 4096)"});
  check_refused("(300 INODE_ITEM 0)", "(300 INODE_THING 0)", {"line 31", "a key"});
  check_refused("block 1069056 gen 7", "block 1060864 gen 7", {"line 26", "the node itself"});
  check_refused("block 1073152 gen 9", "block 1069056 gen 9", {"line 29", "level 0", "of level 1"});
  check_refused("block 1069056 gen 7", "block 1085440 gen 7", {"line 26", "1085440", "no such node"});
  check_refused("block 1081344", "block 104857600", {"line 32", "chunk that holds", "104857600"});
  check_refused("block 1081344", "block 1077300", {"1077300", "overlap"});
  check_refused("level 2 items 2 free space 119", "level 2 items 2 free space 491", {"line 26", "4096", "16384"});
  check_refused("level 2 items 2", "level 9 items 2", {"line 26", "level 1 to 7"});
  check_refused("items 2 free space 119 generation 9", "items many", {"line 26"});
  check_refused("num_stripes 2", "num_stripes 4", {"line 9", "2 of 4"});
  check_refused("stripe 0 devid 2", "stripe 0 devid 3", {"chunk 1048576", "devid 3"});
  check_refused("METADATA|RAID1", "METADATA|RAID77", {"line 10", "chunk type"});
  check_refused("stripe_len 65536", "stripe_len 0", {"chunk 1048576", "stripe length"});
  check_refused("\titem 1 key (DEV_ITEMS", "\titem 2 key (DEV_ITEMS", {"line 7", "item 1", "item 2"});
}

TEST_CASE("texts that are none are refused") {
  CHECK(contains(error_of([] { read_text("what is this\n"); }), "dump-tree"));
  CHECK(contains(error_of([] { read_text("fs tree\nnode 4096 level 1 items 1 free space 120 generation 1 owner 5\n"
                                         "\tkey (1 INODE_ITEM 0) block 8192 gen 1\n"); }),
                 "chunk tree"));
}

TEST_CASE("the address mapping agrees with a sample of what the kernel's tools say of the captured RAID10") {
  const Layout layout = load_layout(captures() / "r10x4.layout.h5", {.notes = false});
  std::ifstream sample(samples() / "r10x4.physical.txt");
  std::size_t compared = 0;
  for (std::string line; std::getline(sample, line);) {
    std::istringstream words(line);
    std::uint64_t owner = 0, logical = 0;
    words >> owner >> logical;
    const Mapping mapping = layout.volume.map(logical);
    REQUIRE(mapping.copies == 2);
    for (std::size_t copy = 0; copy < 2; ++copy) {
      std::uint64_t devid = 0, physical = 0;
      char colon = 0;
      words >> devid >> colon >> physical;
      CHECK(layout.volume.devices()[mapping.copy[copy].device].devid == devid);
      CHECK(mapping.copy[copy].physical == physical);
      ++compared;
    }
  }
  CHECK(compared == 750);
}
