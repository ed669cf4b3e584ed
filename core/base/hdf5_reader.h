// Reads HDF5 files: one-dimensional columns and a few attributes. It believes nothing: a file can claim any length at
// no cost, and libhdf5 trusts what stands in a chunk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hdf5.h"
#include "core/base/hdf5_chunks.h"

namespace headway::h5 {

class Column;

class Reader {
 public:
  // `what` the file should be, as messages say: "a trace". Before version 2 of the superblock no checksums guarded a
  // file's own structures, and libhdf5 follows damaged ones to wherever they lead: who writes newer files refuses
  // those.
  Reader(const std::filesystem::path& path, std::string_view what, int oldest_superblock = 0);

  // Throws InputError, as all here does, with the file and the attribute or column at fault.
  void expect(std::string_view format, const char* version_name, std::uint64_t version) const;
  std::string text_attribute(const char* name) const;
  std::uint64_t number_attribute(const char* name, std::uint64_t most = UINT64_MAX) const;
  bool has(const char* name) const;

  // What chunks stand for that were never written.
  enum class Missing { damage, fill_value };
  // Its values are of this type, or of an enumeration that knows some of its names. The reader outlives the column.
  Column open(const std::string& name, hid_t type, Missing missing = Missing::damage) const;
  // A whole column. Fails unless it has exactly `count` values; any number when `count` is any_count.
  static constexpr std::uint64_t any_count = UINT64_MAX;
  template <typename Value>
  std::vector<Value> column(const std::string& name, std::uint64_t count = any_count) const;
  std::vector<std::string> texts(const std::string& name) const;

  [[noreturn]] void fail(std::string_view place, std::string_view expected, std::string_view found) const;

 private:
  friend class Column;

  std::string name_;
  Handle file_;
};

// A column that is open: rows can be read from anywhere.
class Column {
 public:
  std::uint64_t rows() const { return rows_; }
  std::uint64_t stored_bytes() const { return stored_bytes_; }  // in the file, which holds no more
  // Fills `to` with the rows from `first` on. Precondition: the column has them, and values of this size.
  template <typename Value>
  void read(std::uint64_t first, std::span<Value> to) const {
    read_bytes(first, std::as_writable_bytes(to));
  }

 private:
  friend class Reader;
  Column(const Reader& reader, std::string name);
  void look_at_storage(Reader::Missing missing);
  void count_rows();
  void read_bytes(std::uint64_t first, std::span<std::byte> to) const;
  bool read_one_piece(std::uint64_t first, std::span<std::byte> to) const;

  const Reader* reader_;
  std::string name_;
  Handle data_, type_;
  std::size_t value_bytes_ = 0;
  std::uint64_t rows_ = 0, stored_bytes_ = 0;
  std::optional<Chunks> chunks_;  // none: in one piece
};

template <typename Value>
std::vector<Value> Reader::column(const std::string& name, std::uint64_t count) const {
  const Column found = open(name, type_of<Value>());
  if (count != any_count && found.rows() != count)
    fail(name, std::to_string(count) + " values", std::to_string(found.rows()));
  std::vector<Value> all(found.rows());
  found.read(0, std::span(all));
  return all;
}

}  // namespace headway::h5
