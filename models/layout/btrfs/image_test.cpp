#include "models/layout/btrfs/image.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <linux/btrfs_tree.h>
#include <zstd.h>

#include <cstdlib>
#include <functional>

#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/btrfs/parity.h"
#include "models/layout/forms.h"
#include "models/layout/test_support.h"
#include "models/layout/testing/images.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

void check_same_but_device_sizes(const Layout& a, const Layout& b) {
  std::vector<Device> devices(b.volume.devices().begin(), b.volume.devices().end());
  for (std::size_t i = 0; i < devices.size() && i < a.volume.devices().size(); ++i)
    devices[i].bytes = a.volume.devices()[i].bytes;
  Layout same_sizes = b;
  same_sizes.volume = Volume("test", devices, {b.volume.chunks().begin(), b.volume.chunks().end()});
  check_same(a, same_sizes);
}

Paths without(Paths paths, std::size_t missing) {
  paths.erase(paths.begin() + static_cast<std::ptrdiff_t>(missing));
  return paths;
}

std::string read_bytes(const std::filesystem::path& path, std::uint64_t at, std::size_t count) {
  std::string bytes(count, '\0');
  std::ifstream(path, std::ios::binary)
      .seekg(static_cast<std::streamoff>(at))
      .read(bytes.data(), static_cast<std::streamsize>(count));
  return bytes;
}

void overwrite(const std::filesystem::path& path, std::uint64_t at, std::string_view bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Of the first superblock; its checksum is made right again.
void change_superblock(const std::filesystem::path& path, const std::function<void(std::string&)>& change) {
  std::string super = read_bytes(path, disk::superblock_at[0], disk::superblock_bytes);
  const auto type = static_cast<ChecksumType>(super[0xc4]);
  change(super);
  set_checksum(type, std::as_writable_bytes(std::span(super)));
  overwrite(path, disk::superblock_at[0], super);
}

std::string uuid_of(const std::filesystem::path& path) {
  const std::string super = read_bytes(path, disk::superblock_at[0], disk::superblock_bytes);
  return disk::uuid_text(disk::parse_superblock(std::as_bytes(std::span(super)), disk::superblock_at[0]).fsid);
}

std::string zstd(const std::string& bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 1));
  return packed;
}

bool run(const std::string& command) {
  return std::system(("PATH=$PATH:/usr/sbin:/sbin; { " + command + "; } > /dev/null 2>&1").c_str()) == 0;
}

bool have_btrfs_progs() { return run("command -v mkfs.btrfs && command -v btrfs"); }

}  // namespace

TEST_CASE("file systems that the kernel wrote import from their images, with a device missing as well") {
  for (const char* name : {"raid10x4", "raid1c3x3", "raid5x3"}) {
    CAPTURE(name);
    const TemporaryDirectory scratch;
    const Paths paths = unpack_images(scratch, name);
    const Layout text = load_layout(samples() / (std::string(name) + ".dump.txt.zst"));
    check_same_but_device_sizes(load_layout(paths), text);
    for (std::size_t missing = 0; missing < paths.size(); ++missing)
      check_same_but_device_sizes(load_layout(without(paths, missing)), text);
  }
}

TEST_CASE("one copy more than the profile bears must not be missing") {
  const TemporaryDirectory scratch;
  const Paths three = unpack_images(scratch, "raid1c3x3");
  CHECK(load_layout(three[1]).forest.blocks() == 115);
  const Paths five = unpack_images(scratch, "raid5x3");
  CHECK(contains(error_of([&] { load_layout(five[1]); }), "no image of it"));
}

TEST_CASE("damage is stepped over where there is another copy, and named where there is none") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch, "raid1c3x3");
  const Layout whole = load_layout(paths);
  const std::uint64_t root = whole.forest.logical[whole.forest.trees[whole.forest.find_tree(256).value()].root];
  const Mapping mapping = whole.volume.map(root);
  for (std::size_t copy = 0; copy < 3; ++copy) {
    const auto& at = mapping.copy[copy];
    overwrite(paths[at.device], at.physical + 200, "damage");
    const std::string error = error_of([&] { check_same(load_layout(paths), whole); });
    CHECK(error.empty() == (copy < 2));
    if (copy < 2) continue;
    CHECK(contains(error, fmt::format("byte {}", mapping.copy[0].physical)));
    CHECK(contains(error, "xxhash64 checksum"));
  }
}

TEST_CASE("what a device kept while it was away is not taken for the truth") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch, "raid1c3x3");
  const Layout whole = load_layout(paths);
  const std::uint64_t root = whole.forest.logical[whole.forest.trees[whole.forest.find_tree(256).value()].root];
  const Mapping mapping = whole.volume.map(root);
  for (std::size_t copy = 0; copy < 3; ++copy) {
    // An older block, whole in itself.
    const auto& at = mapping.copy[copy];
    std::string block = read_bytes(paths[at.device], at.physical, whole.forest.node_bytes);
    --block[0x50];
    set_checksum(ChecksumType::xxhash64, std::as_writable_bytes(std::span(block)));
    overwrite(paths[at.device], at.physical, block);
    const std::string error = error_of([&] { check_same(load_layout(paths), whole); });
    CHECK(error.empty() == (copy < 2));
    if (copy == 2) CHECK(contains(error, "expected a block of generation"));
  }
}

TEST_CASE("a tree that is being deleted is left out, and its blocks are not asked for") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch, "raid1c3x3");
  const Layout whole = load_layout(paths);
  const auto root_of = [&](std::uint64_t tree) {
    return whole.volume.map(whole.forest.logical[whole.forest.trees[whole.forest.find_tree(tree).value()].root]);
  };
  const Mapping root_tree = root_of(1), deleted = root_of(256);
  std::string leaf = read_bytes(paths[root_tree.copy[0].device], root_tree.copy[0].physical, whole.forest.node_bytes);
  std::size_t refs_at = 0;
  disk::for_each_item(std::as_bytes(std::span(leaf)), [&](const Key& key, disk::Bytes, std::size_t data_at) {
    if (key.objectid == 256 && key.type == BTRFS_ROOT_ITEM_KEY) refs_at = data_at + offsetof(btrfs_root_item, refs);
  });
  REQUIRE(leaf.substr(refs_at, 4) == std::string("\1\0\0\0", 4));
  leaf[refs_at] = 0;
  set_checksum(ChecksumType::xxhash64, std::as_writable_bytes(std::span(leaf)));
  for (std::size_t copy = 0; copy < 3; ++copy) {
    overwrite(paths[root_tree.copy[copy].device], root_tree.copy[copy].physical, leaf);
    overwrite(paths[deleted.copy[copy].device], deleted.copy[copy].physical + 200, "gone");
  }
  const Layout rest = load_layout(paths);
  CHECK_FALSE(rest.forest.find_tree(256));
  CHECK(rest.forest.trees.size() + 1 == whole.forest.trees.size());
}

TEST_CASE("a damaged superblock is replaced by its mirror") {
  const TemporaryDirectory scratch;
  Paths paths = unpack_images(scratch, "raid10x4");
  const Layout whole = load_layout(paths);
  const std::string super = read_bytes(paths[0], disk::superblock_at[0], disk::superblock_bytes);
  // The mirror says where it stands itself.
  std::string mirror = super;
  for (std::size_t i = 0; i < 8; ++i) mirror[0x30 + i] = static_cast<char>(disk::superblock_at[1] >> 8 * i);
  disk::Superblock parsed = disk::parse_superblock(std::as_bytes(std::span(super)), disk::superblock_at[0]);
  set_checksum(parsed.checksum_type, std::as_writable_bytes(std::span(mirror)));
  overwrite(paths[0], disk::superblock_at[1], mirror);
  for (const char* damage : {"damage", "\0\0\0\0\0\0\0\0"}) {
    overwrite(paths[0], disk::superblock_at[0] + 0x40, std::string_view(damage, 6));
    check_same(load_layout(paths), whole);
  }
  overwrite(paths[0], disk::superblock_at[1] + 0x90, "damage");
  CHECK(contains(error_of([&] { load_layout(paths); }), "expected"));
}

TEST_CASE("images that do not belong together are refused") {
  const TemporaryDirectory scratch;
  const Paths ten = unpack_images(scratch, "raid10x4");
  const Paths five = unpack_images(scratch, "raid5x3");
  CHECK(contains(error_of([&] { load_layout(Paths{ten[0], five[1]}); }), "another file system"));
  CHECK(contains(error_of([&] { load_layout(Paths{ten[0], ten[0]}); }), "devid 1"));
  CHECK(contains(error_of([&] { load_layout(Paths{ten[0], captures() / "s1.layout.h5"}); }), "a layout file"));
}

// A seed, what grew from it, and what grew from both, made by Linux 6.18: devices 1, 2 and 3, three ids.
TEST_CASE("a file system that grew from a seed is read with it, in any order of devices") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch.path(), "sprouts");
  const Layout two = load_layout(samples() / "sprouts-2.dump.txt.zst"),
               three = load_layout(samples() / "sprouts-3.dump.txt.zst");
  CHECK(two.volume.devices().size() == 2);
  CHECK(three.volume.devices().size() == 3);
  check_same(load_layout(Paths{paths[0], paths[1]}), two);
  check_same(load_layout(Paths{paths[1], paths[0]}), two);
  check_same(load_layout(paths), three);
  check_same(load_layout(Paths{paths[2], paths[0], paths[1]}), three);
  CHECK(load_layout(paths[0]).volume.devices().size() == 1);  // a seed alone is a file system
  const std::string seed = uuid_of(paths[0]);
  for (const Paths& one_missing : {Paths{paths[1]}, Paths{paths[2], paths[1]}})
    CHECK(contains(error_of([&] { load_layout(one_missing); }),
                   "expected device 1 of the file system, of its seed " + seed + ", found no image of it"));
}

TEST_CASE("a seed of another file system is refused") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch.path(), "sprouts");
  const Paths ten = unpack_images(scratch.path(), "raid10x4");
  CHECK(contains(error_of([&] { load_layout(Paths{ten[0], paths[0]}); }), "another file system's"));
  CHECK(contains(error_of([&] {
                   load_layout(Paths{ten[0], ten[2], ten[3], paths[1]});
                 }),
                 "device 2 of the file system"));
  change_superblock(paths[1], [](std::string& super) { super[0xc9] = 9; });  // a devid that nobody has
  CHECK(contains(error_of([&] {
                   load_layout(Paths{ten[0], ten[1], ten[2], ten[3], paths[1]});
                 }),
                 uuid_of(paths[1]) + ", which is none"));
}

TEST_CASE("a change of a file system's id that was cut off is said") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch.path(), "raid1c3x3");
  const Layout whole = load_layout(paths);
  const auto with_flag = [](int bit) {
    return
        [bit](std::string& super) { super[0x38 + bit / 8] = static_cast<char>(super[0x38 + bit / 8] ^ 1 << bit % 8); };
  };
  // btrfstune -m: a device that has another id already carries the same blocks as those that were to follow.
  change_superblock(paths[0], with_flag(36));
  change_superblock(paths[1], with_flag(36));
  change_superblock(paths[2], [](std::string& super) {
    super.replace(0x23b, 16, super.substr(0x20, 16));
    super.replace(0x20, 16, "another file id.");
    super[0xbd] = static_cast<char>(super[0xbd] | 1 << 2);
  });
  const Layout changing = load_layout(paths);
  check_same(changing, whole);
  REQUIRE(changing.left_out.size() == 1);
  CHECK(contains(changing.left_out[0], "by btrfstune -m was cut off midway on device 1, 2;"));
  change_superblock(paths[0], with_flag(36));
  change_superblock(paths[1], with_flag(36));
  CHECK(contains(error_of([&] { load_layout(paths); }), "another file system's"));
  // btrfstune -u, --csum: blocks of both kinds.
  for (const auto& [bit, by] :
       {std::pair{35, "id (fsid), found a change of it by btrfstune -u that was cut off midway"},
        std::pair{40, "checksums, found a change of it by btrfstune --csum that was cut off midway"}}) {
    change_superblock(paths[0], with_flag(bit));
    const std::string error = error_of([&] { load_layout(paths[0]); });
    CHECK(contains(error, "byte 65592: expected a file system with one kind of "));
    CHECK(contains(error, by));
    change_superblock(paths[0], with_flag(bit));
  }
}

TEST_CASE("a log tree is left out, and said") {
  const TemporaryDirectory scratch;
  const Paths paths = unpack_images(scratch.path(), "raid1c3x3");
  const Layout whole = load_layout(paths);
  for (const auto& path : paths) change_superblock(path, [](std::string& super) { super[0x60 + 2] = 1; });
  const Layout logged = load_layout(paths);
  check_same(logged, whole);
  REQUIRE(logged.left_out.size() == whole.left_out.size() + 1);
  CHECK(contains(logged.left_out.back(), "TREE_LOG left out: what was written since the last commit is no tree yet"));
}

TEST_CASE("device images that are compressed as a whole") {
  const TemporaryDirectory scratch;
  Paths paths = unpack_images(scratch.path(), "sprouts");
  const Layout whole = load_layout(paths);
  const auto pack = [&](std::size_t image) {
    std::filesystem::resize_file(paths[image], 82 << 20);  // all blocks lie before
    const auto packed = scratch / fmt::format("{}.zst", image);
    write_bytes(packed, zstd(bytes_of(paths[image])));
    return packed;
  };
  const std::filesystem::path second = pack(1);
  CHECK(layout_form_of(second).name == "a btrfs device image");
  check_same(load_layout(Paths{pack(0), second, paths[2]}), whole);
  // The first superblock gone: the second, at 64 MiB, shows what it is.
  overwrite(paths[1], disk::superblock_at[0], std::string(4096, '\0'));
  check_same(load_layout(Paths{paths[0], pack(1), paths[2]}), whole);
  const std::string packed = bytes_of(second);
  write_bytes(second, packed.substr(0, packed.size() - 9));
  CHECK(contains(error_of([&] { load_layout(Paths{paths[0], second, paths[2]}); }), "the compressed data's end"));
  write_bytes(second, zstd(std::string(70 << 20, '\0')));
  CHECK(contains(error_of([&] { load_layout(second); }), "found none of them"));
}

TEST_CASE("parity rebuilds one lost block, and Q a second") {
  ParityRow row;
  for (unsigned i = 0; i < 5; ++i) row.data.push_back({std::byte(7 * i + 1), std::byte(200 - i), std::byte(i)});
  // P and Q as the kernel makes them: Q by Horner's rule, doubling in GF(2^8).
  for (std::size_t at = 0; at < 3; ++at) {
    unsigned p = 0, q = 0;
    for (std::size_t i = row.data.size(); i-- > 0;) {
      p ^= std::to_integer<unsigned>(row.data[i][at]);
      q = (q << 1) ^ (q & 0x80 ? 0x11du : 0u) ^ std::to_integer<unsigned>(row.data[i][at]);
    }
    row.p.push_back(std::byte(p));
    row.q.push_back(std::byte(q));
  }
  for (std::size_t lost = 0; lost < 5; ++lost) {
    ParityRow one = row;
    one.data[lost].clear();
    CHECK(rebuilt(one, lost, false) == row.data[lost]);
    CHECK(rebuilt(one, lost, true) == row.data[lost]);
    for (std::size_t other = 0; other < 5; ++other) {
      if (other == lost) continue;
      ParityRow two = one;
      two.data[other].clear();
      CHECK(rebuilt(two, lost, false) == row.data[lost]);
      two.q.clear();
      CHECK(rebuilt(two, lost, false).empty());
    }
  }
}

TEST_CASE("file systems of every profile and checksum that mkfs makes agree with btrfs's own dump") {
  if (!have_btrfs_progs()) {
    MESSAGE("skipped: no btrfs-progs");
    return;
  }
  struct Kind {
    const char* profile;
    const char* checksum;
    std::size_t devices, may_miss;
  };
  for (const Kind& kind :
       {Kind{"single", "crc32c", 1, 0}, {"dup", "xxhash", 1, 0}, {"raid0", "sha256", 3, 0}, {"raid1", "blake2", 2, 1},
        {"raid1c3", "sha256", 3, 2}, {"raid1c4", "xxhash", 4, 3}, {"raid10", "blake2", 4, 1}, {"raid5", "sha256", 4, 1},
        {"raid6", "crc32c", 5, 2}}) {
    CAPTURE(kind.profile);
    const std::size_t devices = kind.devices, may_miss = kind.may_miss;
    const TemporaryDirectory scratch;
    Paths paths;
    std::string names;
    for (std::size_t i = 0; i < devices; ++i) {
      paths.push_back(scratch / fmt::format("d{}.img", i));
      write_bytes(paths.back(), "");
      std::filesystem::resize_file(paths.back(), 256 << 20);
      names += fmt::format(" {}", paths.back().string());
    }
    REQUIRE(run("mkfs.btrfs -q -f -m " + std::string(kind.profile) + " --csum " + kind.checksum + names));
    const auto dump = scratch / "dump.txt";
    REQUIRE(run("btrfs inspect-internal dump-tree" + names + " > " + dump.string()));
    const Layout text = load_layout(dump);
    CHECK(text.forest.blocks() >= 7);
    check_same(load_layout(paths), text);
    for (std::size_t first = 0; may_miss > 0 && first < devices; ++first) {
      Paths rest = without(paths, first);
      check_same(load_layout(rest), text);
      for (std::size_t missing = 1; missing < may_miss; ++missing) rest = without(rest, 0);
      check_same(load_layout(rest), text);
    }
  }
}

TEST_CASE("file systems of every feature that mkfs and btrfstune make agree with btrfs's own dump") {
  if (!have_btrfs_progs()) {
    MESSAGE("skipped: no btrfs-progs");
    return;
  }
  const TemporaryDirectory scratch;
  std::filesystem::create_directories(scratch / "root/d");
  for (std::size_t f = 0; f < 300; ++f)
    write_bytes(scratch / fmt::format("root/d/{}-{}", f, std::string(f % 200, 'n')), std::string(f % 300, 'x'));
  write_bytes(scratch / "root/two\nleaf 30408704 items 1 free space 9 generation 5 owner FS_TREE", "x");
  struct Kind {
    const char *mkfs, *tune;
  };
  for (const Kind& kind : {Kind{"-n 4096", ""},
                           {"-n 16384", ""},
                           {"-n 65536", ""},
                           {"--mixed -n 4096", ""},
                           {"-R quota", ""},
                           {"-R ^free-space-tree", ""},
                           {"-O raid56,raid1c34", ""},
                           {"--shrink", ""},
                           {"-O ^no-holes,^extref,^skinny-metadata", ""},
                           {"-O ^no-holes,^extref,^skinny-metadata", "-r -x -n"},
                           {"-m single", "-S 1"},
                           {"", "-u"},
                           {"--csum xxhash", "-u"},
                           {"", "-m"},
                           {"--csum sha256", "-M 01234567-89ab-cdef-0123-456789abcdef"},
                           {"-R quota", "-U 01234567-89ab-cdef-0123-456789abcdef"}}) {
    CAPTURE(kind.mkfs);
    CAPTURE(kind.tune);
    const std::string image = scratch.write("a.img", "").string(), dump = (scratch / "dump.txt").string();
    std::filesystem::resize_file(image, 256 << 20);
    REQUIRE(run(fmt::format("mkfs.btrfs -q -f {} --rootdir {} {}", kind.mkfs, (scratch / "root").string(), image)));
    if (*kind.tune != '\0') REQUIRE(run(fmt::format("btrfstune -f {} {}", kind.tune, image)));
    REQUIRE(run(fmt::format("btrfs inspect-internal dump-tree {} > {}", image, dump)));
    const Layout read = load_layout(Paths{image});
    CHECK(read.forest.pointers() > 2);
    CHECK(read.left_out.empty());
    CHECK(read.forest.find_tree(btrfs::quota_tree).has_value() == (std::string_view(kind.mkfs) == "-R quota"));
    check_same(read, load_layout(dump));
  }
}

TEST_CASE("a file system of 20,000 files that mkfs makes agrees with btrfs's own dump, node by node") {
  if (!have_btrfs_progs()) {
    MESSAGE("skipped: no btrfs-progs");
    return;
  }
  const TemporaryDirectory scratch;
  for (int d = 0; d < 20; ++d) {
    const auto directory = scratch / fmt::format("root/d{}", d);
    std::filesystem::create_directories(directory);
    for (int f = 0; f < 1000; ++f)
      write_bytes(directory / fmt::format("file-{}", f), std::string(static_cast<std::size_t>(f) % 300, 'x'));
  }
  const std::string image = (scratch / "a.img").string();
  REQUIRE(run("mkfs.btrfs -q -f --rootdir " + (scratch / "root").string() + " " + image));
  const auto dump = scratch / "dump.txt";
  REQUIRE(run("btrfs inspect-internal dump-tree " + image + " > " + dump.string()));
  const Layout read = load_layout(Paths{image});
  CHECK(read.forest.pointers() > 300);
  check_same(read, load_layout(dump));
}
