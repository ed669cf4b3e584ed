#include "models/layout/key_text.h"

#include <doctest/doctest.h>

using namespace headway;

TEST_CASE("keys are read as btrfs-progs print them") {
  CHECK(parse_key("FIRST_CHUNK_TREE CHUNK_ITEM 38797312") == Key{256, 228, 38797312});
  CHECK(parse_key("ORPHAN ORPHAN_ITEM 7") == Key{static_cast<std::uint64_t>(-5), 48, 7});
  CHECK(parse_key("FREE_SPACE UNTYPED 7546601472") == Key{static_cast<std::uint64_t>(-11), 0, 7546601472});
  CHECK(parse_key("DEV_STATS PERSISTENT_ITEM 1") == Key{0, 249, 1});
  CHECK(parse_key("0 DEV_STATS 1") == Key{0, 249, 1});
  CHECK(parse_key("0/5 QGROUP_RELATION 1/256") == Key{5, 246, (std::uint64_t{1} << 48) + 256});
  CHECK(parse_key("0x00000000000000ff UUID_KEY_SUBVOL 0x10") == Key{255, 251, 16});
  CHECK(parse_key("-9 UNKNOWN.77 -1") == Key{static_cast<std::uint64_t>(-9), 77, UINT64_MAX});
  for (const char* bad : {"", "1", "1 INODE_ITEM", "1 INODE_ITEM x", "NONE INODE_ITEM 0", "1 UNKNOWN.256 0",
                          "1 UNKNOWN. 0", "99999999999999999999 INODE_ITEM 0", "1/ INODE_ITEM 0", "- INODE_ITEM 0"})
    CHECK_FALSE(parse_key(bad));
}

TEST_CASE("every key reads back as it was written") {
  for (unsigned type = 0; type < 256; ++type) {
    for (std::uint64_t objectid : {0ull, 1ull, 2ull, 12ull, 256ull, 1ull << 48, 0ull - 9, 0ull - 11, 0ull - 13, 0ull - 14,
                                   0ull - 255, 0ull - 1}) {
      for (std::uint64_t offset : {0ull, 77ull, 0ull - 1}) {
        const Key key{objectid, static_cast<std::uint8_t>(type), offset};
        CAPTURE(key_text(key));
        CHECK(parse_key(key_text(key)) == key);
      }
    }
  }
}
