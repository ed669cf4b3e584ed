#include "models/layout/layout_file.h"

#include <doctest/doctest.h>
#include <hdf5.h>

#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

Layout small() { return read_text(small_dump()); }

// A layout file with one change made through HDF5 itself; the error on reading it.
std::string error_after(const std::function<void(hid_t)>& change) {
  const TemporaryDirectory scratch;
  save_layout(scratch / "x.layout.h5", small());
  const hid_t file = H5Fopen((scratch / "x.layout.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  change(file);
  H5Fclose(file);
  return error_of([&] { load_layout(scratch / "x.layout.h5"); });
}

void rewrite_u32_column(hid_t file, const char* name, std::vector<std::uint32_t> values) {
  H5Ldelete(file, name, H5P_DEFAULT);
  const hsize_t rows = values.size();
  const hid_t space = H5Screate_simple(1, &rows, nullptr);
  const hid_t data = H5Dcreate2(file, name, H5T_STD_U32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(data, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(data);
  H5Sclose(space);
}

}  // namespace

TEST_CASE("what is saved is what is loaded") {
  const TemporaryDirectory scratch;
  const Layout layout = small();
  save_layout(scratch / "x.layout.h5", layout);
  const Layout again = load_layout(scratch / "x.layout.h5");
  check_same(layout, again);
  check_same_notes(layout, again);
  CHECK(again.source == "dump.txt");
  CHECK(again.forest.stripe_set == layout.forest.stripe_set);
  CHECK(load_layout(scratch / "x.layout.h5", {.notes = false}).notes.empty());
}

TEST_CASE("equal layouts give equal bytes") {
  const TemporaryDirectory scratch;
  save_layout(scratch / "a.layout.h5", small());
  save_layout(scratch / "b.layout.h5", load_layout(scratch / "a.layout.h5"));
  CHECK(bytes_of(scratch / "a.layout.h5") == bytes_of(scratch / "b.layout.h5"));
}

TEST_CASE("the captures load, are small, and save to the same bytes") {
  const TemporaryDirectory scratch;
  std::uintmax_t bytes = 0;
  for (const char* name : {"r10x4", "n4k_r1x2", "umlr1x2", "s1"}) {
    CAPTURE(name);
    const auto path = captures() / (std::string(name) + ".layout.h5");
    save_layout(scratch / "again.layout.h5", load_layout(path));
    CHECK(bytes_of(path) == bytes_of(scratch / "again.layout.h5"));
    bytes += std::filesystem::file_size(path);
  }
  CHECK(bytes < (1 << 20));
}

TEST_CASE("a layout file that cannot be written is said so, in the system's words") {
  const TemporaryDirectory scratch;
  CHECK(contains(error_of([&] { save_layout(scratch / "none" / "x.layout.h5", small()); }),
                 "expected a file that can be written, found No such file or directory"));
}

TEST_CASE("HDF5's oldest format is refused, as nothing guards its structures") {
  const TemporaryDirectory scratch;
  write_bytes(scratch / "old.layout.h5", unpacked(samples() / "dup-4k.oldest-hdf5.layout.h5.zst"));
  CHECK(contains(error_of([&] { load_layout(scratch / "old.layout.h5"); }), "libver=\"latest\""));
}

TEST_CASE("damaged layout files are refused in one sentence") {
  const TemporaryDirectory scratch;
  save_layout(scratch / "x.layout.h5", small());
  const std::string whole = bytes_of(scratch / "x.layout.h5");
  for (std::size_t bytes = 8; bytes < whole.size(); bytes += 97) {
    write_bytes(scratch / "cut.layout.h5", whole.substr(0, bytes));
    CHECK(contains(error_of([&] { load_layout(scratch / "cut.layout.h5"); }), "cut.layout.h5"));
  }
  write_bytes(scratch / "foreign.h5", std::string(5000, '\0'));
  CHECK(contains(error_of([&] { load_layout(scratch / "foreign.h5"); }), "none of them"));
  CHECK(contains(error_of([&] { load_layout(scratch / "missing.h5"); }), "no such file"));
  CHECK(contains(error_of([&] { load_layout(scratch.path()); }), "directory"));
}

TEST_CASE("layout files with wrong contents are refused by column") {
  CHECK(contains(error_after([](hid_t file) { H5Adelete(file, "format"); }), "format"));
  CHECK(contains(error_after([](hid_t file) { H5Ldelete(file, "blocks/level", H5P_DEFAULT); }), "blocks/level"));
  CHECK(contains(error_after([](hid_t file) { rewrite_u32_column(file, "pointers/child", {1, 2}); }),
                 "pointers/child"));
  CHECK(contains(error_after([](hid_t file) { rewrite_u32_column(file, "pointers/child", {99, 2, 3, 4, 5}); }),
                 "block number 99"));
  CHECK(contains(error_after([](hid_t file) { rewrite_u32_column(file, "blocks/level", {}); }), "8 bits"));
  CHECK(contains(error_after([](hid_t file) { rewrite_u32_column(file, "trees/root", {0, 0, 0, 77}); }), "tree 5"));
  CHECK(contains(error_after([](hid_t file) {
                   const hid_t version = H5Aopen(file, "version", H5P_DEFAULT);
                   const std::uint32_t next = 2;
                   H5Awrite(version, H5T_NATIVE_UINT32, &next);
                   H5Aclose(version);
                 }),
                 "version"));
}

TEST_CASE("a chunk that inflates to less than its size is damage, not what lies behind it in memory") {
  const auto with_chunk = [](std::vector<unsigned char> stored, std::uint32_t skipped_filters) {
    return error_after([&](hid_t file) {
      H5Ldelete(file, "blocks/generation", H5P_DEFAULT);
      const hsize_t rows = small().forest.blocks(), begin = 0;
      const hid_t space = H5Screate_simple(1, &rows, nullptr);
      const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
      H5Pset_chunk(creation, 1, &rows);
      H5Pset_shuffle(creation);
      H5Pset_deflate(creation, 1);
      const hid_t data = H5Dcreate2(file, "blocks/generation", H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
      H5Dwrite_chunk(data, H5P_DEFAULT, skipped_filters, &begin, stored.size(), stored.data());
      H5Dclose(data);
      H5Pclose(creation);
      H5Sclose(space);
    });
  };
  const std::vector<unsigned char> nothing_deflated{0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01};
  CHECK(contains(with_chunk(nothing_deflated, 0), "blocks/generation"));
  CHECK(contains(with_chunk(nothing_deflated, 0), "damaged"));
  CHECK(contains(with_chunk(nothing_deflated, 3), "damaged"));
  CHECK(contains(with_chunk({1, 2, 3, 4, 5, 6, 7, 8}, 0), "damaged"));
  const std::vector<unsigned char> plain(8 * small().forest.blocks(), 0);
  CHECK(with_chunk(plain, 3) == "");  // no filter was applied
}

TEST_CASE("a column that claims values it does not hold is refused") {
  const std::string error = error_after([](hid_t file) {
    H5Ldelete(file, "blocks/logical", H5P_DEFAULT);
    const hsize_t rows = std::uint64_t{1} << 60, chunk = 1024;
    const hid_t space = H5Screate_simple(1, &rows, nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 1, &chunk);
    H5Pset_deflate(creation, 1);
    H5Dclose(H5Dcreate2(file, "blocks/logical", H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
  });
  CHECK(contains(error, "blocks/logical"));
  CHECK(contains(error, "stored bytes"));
}
