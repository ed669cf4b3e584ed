#include "models/layout/btrfs/export.h"

#include <doctest/doctest.h>

#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

std::string dump_of(const Layout& layout) {
  std::string text;
  export_dump_text(layout, [&](std::string_view part) { text += part; });
  return text;
}

void check_identity(const Layout& layout) {
  const Layout again = read_text(dump_of(layout));
  check_same(layout, again);
  check_same_notes(layout, again);
  CHECK(layout.source == again.source);
}

}  // namespace

TEST_CASE("export to dump-tree and import is the identity on the captures, to the byte") {
  for (const char* name : {"r10x4", "n4k_r1x2", "umlr1x2", "s1"}) {
    CAPTURE(name);
    const TemporaryDirectory scratch;
    const auto path = captures() / (std::string(name) + ".layout.h5");
    const Layout layout = load_layout(path);
    check_identity(layout);
    save_layout(scratch / "again.layout.h5", read_text(dump_of(layout)));
    CHECK(bytes_of(scratch / "again.layout.h5") == bytes_of(path));
  }
}

TEST_CASE("layouts without a chunk tree, or with leaves never read, export as well") {
  check_identity(read_text(small_dump()));
  check_identity(read_text(small_dump(), {.trees = {5}}));
  check_identity(load_layout(samples() / "dup-4k.image.c9", {.trees = {2, 5}}));
  CHECK(contains(dump_of(read_text(small_dump(), {.trees = {5}})), "device and chunk items"));
  CHECK_FALSE(contains(dump_of(read_text(small_dump())), "device and chunk items"));
}

TEST_CASE("an exported dump looks like btrfs-progs's own") {
  const std::string text = dump_of(read_text(small_dump()));
  for (const char* line :
       {"\nroot tree\nleaf 1052672 items 2 free space 2900 generation 9 owner ROOT_TREE\n",
        "\tkey (512 EXTENT_DATA 4096) block 1069056 gen 7\n",
        "fs tree key (FS_TREE ROOT_ITEM 0) \nnode 1060864 level 2 items 2 free space 119 generation 9 owner FS_TREE\n",
        "\titem 2 key (FIRST_CHUNK_TREE CHUNK_ITEM 1048576) itemoff 3687 itemsize 112\n",
        "\t\tlength 16777216 owner 2 stripe_len 65536 type SYSTEM|METADATA|RAID1\n",
        "\t\t\tstripe 1 devid 1 offset 4194304\n"})
    CHECK(contains(text, line));
}

TEST_CASE("the table has a row a block, in key order, with every copy") {
  std::string text;
  export_csv(read_text(small_dump(), {.trees = {5}}), [&](std::string_view part) { text += part; });
  CHECK(text ==
        "tree,level,position,logical,generation,parent,key_objectid,key_type,key_offset,items,free_bytes,devid_1,"
        "physical_1,devid_2,physical_2\n"
        "5,2,0,1060864,9,,,,,2,3927,2,2109440,1,4206592\n"
        "5,1,0,1064960,9,1060864,256,1,0,2,3927,2,2113536,1,4210688\n"
        "5,1,1,1069056,7,1060864,512,108,4096,1,3960,2,2117632,1,4214784\n"
        "5,0,0,1077248,6,1064960,256,1,0,10,1000,2,2125824,1,4222976\n"
        "5,0,1,1073152,8,1064960,300,1,0,20,500,2,2121728,1,4218880\n"
        "5,0,2,1081344,7,1069056,512,108,4096,,,2,2129920,1,4227072\n");
}
