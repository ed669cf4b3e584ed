#include "models/layout/file_extents.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "core/base/hdf5_writer.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/info.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

using Extents = LoadOptions::Extents;

BlockId block_at(const Layout& layout, std::uint64_t logical) {
  const auto at = std::ranges::find(layout.forest.logical, logical);
  REQUIRE(at != layout.forest.logical.end());
  return static_cast<BlockId>(at - layout.forest.logical.begin());
}

std::vector<FileExtent> behind(const Layout& layout, std::uint64_t leaf) {
  const BlockId block = block_at(layout, leaf);
  REQUIRE(layout.extents.knows(block));
  std::vector<FileExtent> all;
  for (std::uint32_t i = layout.extents.first[block]; i < layout.extents.first[block + 1]; ++i)
    all.push_back({layout.extents.logical[i], layout.extents.bytes[i]});
  return all;
}

bool knows(const std::string& text, std::uint64_t leaf) {
  const Layout layout = read_text(text);
  return layout.extents.knows(block_at(layout, leaf));
}

std::string exported(const Layout& layout) {
  std::string text;
  export_dump_text(layout, [&](std::string_view part) { text += part; });
  return text;
}

// A layout file of the dump with one column written anew; the error on reading it.
template <typename Number>
std::string error_with(const char* name, const std::vector<Number>& values) {
  const TemporaryDirectory scratch;
  const auto path = scratch / "x.layout.h5";
  save_layout(path, read_text(files_dump()));
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, name, H5P_DEFAULT);
  const hsize_t rows = values.size();
  const hid_t space = H5Screate_simple(1, &rows, nullptr);
  const hid_t data = H5Dcreate2(file, name, h5::type_of<Number>(), space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(data, h5::type_of<Number>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(data);
  H5Sclose(space);
  H5Fclose(file);
  CHECK(error_of([&] { load_layout(path, {.extents = Extents::none}); }) == "");
  return error_of([&] { load_layout(path); });
}

bool run(const std::string& command) {
  return std::system(("PATH=$PATH:/usr/sbin:/sbin; { " + command + "; } > /dev/null 2>&1").c_str()) == 0;
}

// The 4 KiB blocks of regular extents that a dump of the tree of files prints, in its order: without a layout's reader.
std::vector<std::uint64_t> sectors_in(const std::string& dump) {
  std::vector<std::uint64_t> sectors;
  std::istringstream lines(dump);
  unsigned long long at = 0, whole = 0, offset = 0, bytes = 0;
  for (std::string line; std::getline(lines, line);) {
    std::sscanf(line.c_str(), " extent data disk byte %llu nr %llu", &at, &whole);
    if (std::sscanf(line.c_str(), " extent data offset %llu nr %llu", &offset, &bytes) != 2 || at == 0) continue;
    for (std::uint64_t done = 0; done < bytes; done += 4096) sectors.push_back(at + offset + done);
  }
  return sectors;
}

std::vector<std::uint64_t> sectors_in(const Layout& layout) {
  std::vector<std::uint64_t> sectors;
  const auto below = [&](const auto& self, BlockId block) -> void {
    if (layout.forest.level[block] == 0) {
      for (const FileExtent& extent : behind(layout, layout.forest.logical[block]))
        for (std::uint64_t done = 0; done < extent.bytes; done += 4096) sectors.push_back(extent.logical + done);
    }
    for (PointerId p = layout.forest.first_pointer[block]; p < layout.forest.first_pointer[block + 1]; ++p)
      self(self, layout.forest.child[p]);
  };
  below(below, layout.forest.trees[layout.forest.find_tree(5).value()].root);
  return sectors;
}

}  // namespace

TEST_CASE("of a text, what files read of their extents is known, joined where it is adjacent in a chunk") {
  const Layout layout = read_text(files_dump());
  const std::vector<FileExtent> first{{33558528, 8192}, {33570816, 4096}, {34598912, 4096}, {34603008, 8192}};
  CHECK(behind(layout, 1077248) == first);
  CHECK(behind(layout, 1073152).empty());
  CHECK(behind(layout, 1081344) == std::vector<FileExtent>{{33619968, 4096}});
  CHECK(layout.extents.bytes_behind(block_at(layout, 1077248)) == 24576);
  CHECK_FALSE(layout.extents.knows(block_at(layout, 1060864)));
  CHECK_FALSE(layout.extents.knows(block_at(layout, 1052672)));  // a leaf of the root tree
  CHECK(contains(layout_info(layout, {}), "\nfile data behind 3 leaves: 5 extents, 28672 bytes (28.0 KiB)\n"));
  CHECK(read_text(files_dump(), {.extents = Extents::none}).extents.empty());
  CHECK(read_text(small_dump()).extents.empty());
  CHECK_FALSE(contains(layout_info(read_text(small_dump()), {}), "file data"));
}

TEST_CASE("a leaf whose items are not all there is one of which nothing is known") {
  const std::string text = files_dump();
  const std::string last = file_extent(8, "264 EXTENT_DATA 0", "34603008 nr 8192", "0 nr 8192 ram 8192");
  CHECK_FALSE(knows(replaced(text, last, ""), 1077248));
  CHECK_FALSE(knows(replaced(text, last, replaced(last, "\t\textent compression 0 (none)\n", "")), 1077248));
  CHECK_FALSE(knows(replaced(text, "\t\textent data offset 4096 nr 4096 ram 8192\n", ""), 1077248));
  CHECK(knows(replaced(text, last, ""), 1073152));
  // The end of a text that was cut off.
  const std::string cut = text.substr(0, text.find(last));
  CHECK_FALSE(knows(cut + "\titem 8 key (264 EXT", 1077248));
  CHECK_FALSE(knows(cut + last.substr(0, last.find("nr 8192")), 1077248));
  CHECK_FALSE(knows(cut + last.substr(0, last.find(" (none)")), 1077248));
  // As the kernel's log prints keys.
  CHECK_FALSE(knows(replaced(text, last, replaced(last, "EXTENT_DATA", "108")), 1077248));
}

TEST_CASE("extents outlive the layout file, and an export and import, to the byte") {
  const TemporaryDirectory scratch;
  const Layout layout = read_text(files_dump());
  save_layout(scratch / "a.layout.h5", layout);
  const Layout again = load_layout(scratch / "a.layout.h5");
  check_same(layout, again);
  check_same_extents(layout, again);
  CHECK(load_layout(scratch / "a.layout.h5", {.extents = Extents::none}).extents.empty());
  const Layout imported = read_text(exported(layout));
  check_same_notes(layout, imported);
  check_same_extents(layout, imported);
  save_layout(scratch / "b.layout.h5", imported);
  CHECK(bytes_of(scratch / "a.layout.h5") == bytes_of(scratch / "b.layout.h5"));
  // Without extents a file is what it was before there were any.
  save_layout(scratch / "c.layout.h5", read_text(files_dump(), {.extents = Extents::none}));
  CHECK(std::filesystem::file_size(scratch / "c.layout.h5") < std::filesystem::file_size(scratch / "a.layout.h5"));
  const std::string mistaken = replaced(exported(layout), "file data extents 4", "file data extents 3");
  CHECK(contains(error_of([&] { read_text(mistaken); }), "expected 3 extents behind this leaf, found one more"));
  const std::string short_of_one = replaced(exported(layout), "file data extents 4", "file data extents 5");
  CHECK(contains(error_of([&] { read_text(short_of_one); }), "expected 5 extents behind this leaf, found 4"));
  const std::string nowhere = replaced(exported(layout), "file data at 33570816 bytes", "file data at x");
  CHECK(contains(error_of([&] { read_text(nowhere); }), "expected \"file data at ADDRESS bytes N\""));
}

TEST_CASE("extents that cannot be make a leaf of which nothing is known, and the layout says which and why") {
  const auto note = [](std::string_view part, std::string_view by) {
    const Layout layout = read_text(replaced(files_dump(), part, by));
    CHECK_FALSE(layout.extents.knows(block_at(layout, 1077248)));
    REQUIRE(layout.left_out.size() == 1);
    return layout.left_out[0];
  };
  CHECK(note("33562624 nr 4096", "99553280 nr 4096") ==
        "file data behind a leaf left out; behind the one at 1077248: expected a chunk that holds them, found 4096 "
        "bytes at 99553280");
  CHECK(contains(note("33562624 nr 4096", "1052672 nr 4096"), "a chunk of data, found 4096 bytes at 1052672"));
  CHECK(contains(note("8192\n\t\textent data offset 0 nr 8192", "2097152\n\t\textent data offset 0 nr 2097152"),
                 "expected a chunk that holds all of them, found 2097152 bytes at 34603008"));
  CHECK(contains(note("33570816 nr 4096", "33570816 nr 4000"), "expected whole sectors"));
  CHECK(contains(note("33562624 nr 4096", "18446744073709547520 nr 8192"), "within the extent that holds it"));
  CHECK(contains(note("offset 4096 nr 4096", "offset 4096 nr 8192"),
                 "expected a part of a file within the extent that holds it, found 8192 bytes from 4096 on of 8192"));
}

TEST_CASE("columns of extents that do not fit are refused") {
  using Small = std::vector<std::uint32_t>;
  using Large = std::vector<std::uint64_t>;
  const Layout layout = read_text(files_dump());
  const std::size_t blocks = layout.forest.blocks();
  Small first = layout.extents.first;
  CHECK(contains(error_with("blocks/first_extent", Small(blocks, 0)), "blocks/first_extent: expected 10 values"));
  CHECK(contains(error_with("blocks/first_extent", Small(blocks + 1, 0)), "expected first_extent rising from 0"));
  first.back() = 4;
  CHECK(contains(error_with("blocks/first_extent", first), "expected first_extent rising from 0"));
  CHECK(contains(error_with("extents/bytes", Large(4, 4096)), "extents/bytes: expected 5 values"));
  CHECK(contains(error_with("extents/bytes", Large(5, 0)), "expected whole sectors"));
  CHECK(contains(error_with("extents/bytes", Large(5, UINT64_MAX & ~std::uint64_t{511})), "that holds all of them"));
  CHECK(contains(error_with("extents/logical", Large(5, 33558529)), "expected whole sectors"));
  using Tiny = std::vector<std::uint8_t>;
  CHECK(contains(error_with("blocks/extents_known", Tiny(blocks, 1)), "expected none behind a node"));
  CHECK(contains(error_with("blocks/extents_known", Tiny(blocks, 0)), "where it is not known"));
  CHECK(contains(error_with("blocks/extents_known", Tiny(blocks, 2)), "expected 0 or 1"));
}

TEST_CASE("images, streams and texts of one file system know the extents that btrfs's own dump prints") {
  if (!run("command -v mkfs.btrfs && command -v btrfs && command -v btrfs-image")) {
    MESSAGE("skipped: no btrfs-progs");
    return;
  }
  const TemporaryDirectory scratch;
  std::filesystem::create_directories(scratch / "root");
  for (std::size_t f = 0; f < 400; ++f)
    write_bytes(scratch / fmt::format("root/file-{}", f), std::string(f * f % 30000, 'x'));
  const std::string image = (scratch / "a.img").string(), dump = (scratch / "dump.txt").string(),
                    stream = (scratch / "s.image").string();
  REQUIRE(run(fmt::format("mkfs.btrfs -q -f -n 4096 --rootdir {} {}", (scratch / "root").string(), image)));
  REQUIRE(run(fmt::format("btrfs inspect-internal dump-tree {} > {}", image, dump)));
  REQUIRE(run(fmt::format("btrfs-image -c1 {} {}", image, stream)));
  const Layout text = load_layout(dump), whole = load_layout(image, {.extents = Extents::all});
  CHECK(sectors_in(bytes_of(dump)).size() > 1000);
  CHECK(sectors_in(whole) == sectors_in(bytes_of(dump)));
  CHECK(whole.extents.size() < sectors_in(whole).size() / 2);
  check_same_extents(whole, text);
  check_same_extents(whole, load_layout(stream));
  check_same(whole, load_layout(image));
  CHECK(load_layout(image).extents.empty());  // without a look at leaves
  check_same(whole, load_layout(scratch / "dump.txt", {.extents = Extents::none}));
}
