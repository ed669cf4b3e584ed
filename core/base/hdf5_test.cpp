// Columns survive the way through a file, in both forms and in pieces, and a file is believed nothing.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <numeric>

#include "core/base/hdf5_reader.h"
#include "core/base/hdf5_writer.h"
#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;
using h5::Reader;
using h5::Writer;
using Missing = h5::Reader::Missing;

namespace {

constexpr std::uint64_t many = 150'000;  // more than two chunks of a packed column

std::vector<std::uint64_t> counted(std::uint64_t count) {
  std::vector<std::uint64_t> values(count);
  std::iota(values.begin(), values.end(), std::uint64_t{1} << 40);
  return values;
}

void write_sample(const std::filesystem::path& path, Writer::Form form) {
  Writer file(path, form);
  file.attribute("format", "sample");
  file.attribute("version", std::uint32_t{3});
  file.attribute("seed", UINT64_MAX);
  file.attribute("nothing", "");
  file.group("g");
  file.column("g/many", counted(many));
  file.column("g/bytes", std::vector<std::uint8_t>{1, 2, 255});
  file.column("g/signed", std::vector<std::int32_t>{-1, 0, 5});
  file.column("g/real", std::vector<double>{0.1, -1e300});
  file.column("g/none", std::vector<std::uint64_t>{});
  file.column("texts", {"a", "", "先読み"});
  file.close();
}

// The error on reading a column of u64 whose chunks, of four rows, the test makes itself; `column` is of eight rows.
std::string error_with(const std::function<void(hid_t column)>& fill, Missing missing,
                       std::vector<std::uint64_t>& values) {
  const TemporaryDirectory scratch;
  const auto path = scratch / "x.h5";
  {
    Writer file(path, Writer::Form::plain);
    const hsize_t rows = 8, chunk = 4;
    const std::uint64_t empty = 77;
    const h5::Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose, "");
    const h5::Handle creation = h5::timeless(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 1, &chunk);
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, 1);
    H5Pset_fill_value(creation, H5T_STD_U64LE, &empty);
    const h5::Handle column(H5Dcreate2(file.id(), "c", H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                            H5Dclose, "");
    fill(column);
    file.close();
  }
  return error_of([&] {
    const Reader file(path, "a sample");
    const h5::Column column = file.open("c", H5T_STD_U64LE, missing);
    values.assign(column.rows(), 0);
    column.read(0, std::span(values));
  });
}

void write_chunk(hid_t column, hsize_t first, const std::vector<unsigned char>& stored, std::uint32_t skipped_filters) {
  H5Dwrite_chunk(column, H5P_DEFAULT, skipped_filters, &first, stored.size(), stored.data());
}

}  // namespace

TEST_CASE("hdf5: what is written in either form is what is read") {
  const TemporaryDirectory scratch;
  for (const auto form : {Writer::Form::plain, Writer::Form::packed}) {
    write_sample(scratch / "x.h5", form);
    const Reader file(scratch / "x.h5", "a sample");
    CHECK_NOTHROW(file.expect("sample", "version", 3));
    CHECK(file.number_attribute("seed") == UINT64_MAX);
    CHECK(file.text_attribute("nothing") == "");
    CHECK(file.column<std::uint64_t>("g/many") == counted(many));
    CHECK(file.column<std::uint8_t>("g/bytes", 3) == std::vector<std::uint8_t>{1, 2, 255});
    CHECK(file.column<std::int32_t>("g/signed") == std::vector<std::int32_t>{-1, 0, 5});
    CHECK(file.column<double>("g/real") == std::vector<double>{0.1, -1e300});
    CHECK(file.column<std::uint64_t>("g/none").empty());
    CHECK(file.texts("texts") == std::vector<std::string>{"a", "", "先読み"});
    CHECK(file.has("g/many"));
    CHECK_FALSE(file.has("g/few"));
  }
  CHECK(Reader(scratch / "x.h5", "a sample", 2).has("g/many"));
}

TEST_CASE("hdf5: a column is read from any row on, over the borders of chunks") {
  const TemporaryDirectory scratch;
  const auto whole = counted(many);
  for (const auto form : {Writer::Form::plain, Writer::Form::packed}) {
    write_sample(scratch / "x.h5", form);
    const Reader file(scratch / "x.h5", "a sample");
    const h5::Column column = file.open("g/many", H5T_STD_U64LE);
    REQUIRE(column.rows() == many);
    for (const std::uint64_t first : {0ull, 1ull, 65535ull, 65536ull, 131071ull, 149'999ull}) {
      std::vector<std::uint64_t> part(std::min<std::uint64_t>(70'000, many - first));
      column.read(first, std::span(part));
      CHECK(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)));
    }
  }
}

TEST_CASE("hdf5: what a file is not is said with file, place, expected and found") {
  const TemporaryDirectory scratch;
  const auto path = scratch / "x.h5";
  const auto of = [&](auto&& act) {
    return error_of([&] { act(Reader(path, "a sample")); }).substr(path.string().size());
  };
  CHECK(of([](const Reader&) {}) == ": expected a sample, found no such file");
  write_bytes(path, "no");
  CHECK(of([](const Reader&) {}) == ": expected a sample that can be opened, found a file that is not HDF5");
  write_sample(path, Writer::Form::plain);
  CHECK(contains(error_of([&] { Reader(path, "a sample", 2); }), "byte 8: expected a superblock of version 2"));
  CHECK(of([](const Reader& file) { file.expect("other", "version", 3); }) == ": format: expected other, found sample");
  CHECK(of([](const Reader& file) { file.expect("sample", "version", 4); }) ==
        ": version: expected 4, the version that this headway reads, found 3");
  CHECK(of([](const Reader& file) { file.number_attribute("seed", 9); }) ==
        ": seed: expected a number up to 9, found 18446744073709551615");
  CHECK(of([](const Reader& file) { file.number_attribute("format"); }) ==
        ": format: expected an attribute that is a whole number, found something else");
  CHECK(of([](const Reader& file) { file.text_attribute("seed"); }) ==
        ": seed: expected an attribute that is a text, found something else");
  CHECK(of([](const Reader& file) { file.column<double>("g/few"); }) ==
        ": g/few: expected this column, found none, or a damaged one");
  CHECK(of([](const Reader& file) { file.column<double>("g/many"); }) ==
        ": g/many: expected little-endian floating-point numbers of 64 bits, found another type");
  CHECK(of([](const Reader& file) { file.column<std::uint32_t>("g/signed"); }) ==
        ": g/signed: expected unsigned little-endian numbers of 32 bits, found another type");
  CHECK(of([](const Reader& file) { file.column<double>("g/real", 3); }) == ": g/real: expected 3 values, found 2");
  CHECK(of([](const Reader& file) { file.texts("g/real"); }) ==
        ": g/real: expected texts of one fixed length, found another type");
}

TEST_CASE("hdf5: a chunk that is not there is damage, or the fill value where that is how the file is made") {
  std::vector<std::uint64_t> values;
  const auto second_only = [](hid_t column) {
    write_chunk(column, 4, std::vector<unsigned char>(32, 1), 3);  // no filter was applied
  };
  CHECK(
      contains(error_with(second_only, Missing::damage, values), "c: expected values that can be read, found damaged"));
  CHECK(error_with(second_only, Missing::fill_value, values) == "");
  constexpr std::uint64_t ones = 0x0101010101010101;
  CHECK(values == std::vector<std::uint64_t>{77, 77, 77, 77, ones, ones, ones, ones});
  CHECK(error_with([](hid_t) {}, Missing::fill_value, values) == "");
  CHECK(values == std::vector<std::uint64_t>(8, 77));
  CHECK(contains(error_with([](hid_t) {}, Missing::damage, values), "c: expected 8 values, found 0 stored bytes"));
}

TEST_CASE("hdf5: a chunk that inflates to less than its size is damage, not what lies behind it in memory") {
  std::vector<std::uint64_t> values;
  const std::vector<unsigned char> nothing_deflated{0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01};
  const auto with_chunk = [&](const std::vector<unsigned char>& stored, std::uint32_t skipped_filters) {
    return error_with([&](hid_t column) { write_chunk(column, 0, stored, skipped_filters); }, Missing::fill_value,
                      values);
  };
  CHECK(contains(with_chunk(nothing_deflated, 0), "damaged"));
  CHECK(contains(with_chunk(nothing_deflated, 2), "damaged"));  // shuffled only
  CHECK(contains(with_chunk(nothing_deflated, 3), "damaged"));
  CHECK(contains(with_chunk({1, 2, 3}, 0), "damaged"));
  CHECK(with_chunk(std::vector<unsigned char>(32, 5), 3) == "");
  CHECK(values == std::vector<std::uint64_t>{0x0505050505050505, 0x0505050505050505, 0x0505050505050505,
                                             0x0505050505050505, 77, 77, 77, 77});
}

TEST_CASE("hdf5: an enumeration of fewer names is read, one that means something else is not") {
  const auto enumeration = [](const std::vector<std::pair<const char*, std::uint8_t>>& names) {
    h5::Handle type(H5Tenum_create(H5T_STD_U8LE), H5Tclose, "");
    for (const auto& [name, value] : names) H5Tenum_insert(type, name, &value);
    return type;
  };
  const TemporaryDirectory scratch;
  const auto error_as = [&](const std::vector<std::pair<const char*, std::uint8_t>>& stored) {
    {
      Writer file(scratch / "x.h5", Writer::Form::plain);
      const hsize_t rows = 2;
      const std::uint8_t values[] = {0, 1};
      const h5::Handle type = enumeration(stored), space(H5Screate_simple(1, &rows, nullptr), H5Sclose, "");
      const h5::Handle set(H5Dcreate2(file.id(), "e", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
                           "");
      H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
      file.close();
    }
    return error_of([&] {
      const Reader file(scratch / "x.h5", "a sample");
      const h5::Column column = file.open("e", enumeration({{"add", 0}, {"issue", 1}, {"hit", 2}}));
      std::vector<std::uint8_t> values(2);
      column.read(0, std::span(values));
      CHECK(values == std::vector<std::uint8_t>{0, 1});
    });
  };
  CHECK(error_as({{"add", 0}, {"issue", 1}, {"hit", 2}}) == "");
  CHECK(error_as({{"add", 0}, {"issue", 1}}) == "");
  CHECK(contains(error_as({{"add", 1}, {"issue", 0}}), "e: expected an enumeration of 8 bits with headway's names"));
  CHECK(contains(error_as({{"add", 0}, {"issues", 1}}), "headway's names"));
}

TEST_CASE("hdf5: the same calls give the same bytes, and what cannot be written is said in the system's words") {
  const TemporaryDirectory scratch;
  write_sample(scratch / "a.h5", Writer::Form::packed);
  write_sample(scratch / "b.h5", Writer::Form::packed);
  CHECK(bytes_of(scratch / "a.h5") == bytes_of(scratch / "b.h5"));
  std::string words;
  try {
    Writer(scratch / "none" / "x.h5", Writer::Form::plain);
  } catch (const h5::Error& error) {
    words = error.what();
  }
  CHECK(words == "No such file or directory");
}
