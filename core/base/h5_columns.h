// HDF5 reduced to what a layout file is made of: groups of one-dimensional columns of unsigned integers, and a few
// attributes. The reader believes nothing: an HDF5 file can claim any length at no cost.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// An HDF5 identifier that closes itself.
class H5Handle {
 public:
  using Close = herr_t (*)(hid_t);
  H5Handle(hid_t id, Close close) : id_(id), close_(close) {}
  H5Handle(H5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  H5Handle& operator=(H5Handle&&) = delete;
  ~H5Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_;
  Close close_;
};

template <typename Value>
hid_t h5_type() {
  static_assert(std::is_unsigned_v<Value>);
  return sizeof(Value) == 1   ? H5T_STD_U8LE
         : sizeof(Value) == 2 ? H5T_STD_U16LE
         : sizeof(Value) == 4 ? H5T_STD_U32LE
                              : H5T_STD_U64LE;
}

class H5Writer {
 public:
  explicit H5Writer(const std::filesystem::path& path);

  void attribute(const char* name, std::string_view text);
  void attribute(const char* name, std::uint32_t number);
  void group(const char* name);
  template <typename Value>
  void column(const char* name, const std::vector<Value>& values) {
    column(name, h5_type<Value>(), values.data(), values.size(), sizeof(Value));
  }
  void close();  // and finds out whether all was written

 private:
  void column(const char* name, hid_t type, const void* values, std::size_t count, std::size_t value_bytes);
  [[noreturn]] void fail(std::string_view what) const;

  std::string name_;
  H5Handle file_;
};

class H5Reader {
 public:
  explicit H5Reader(const std::filesystem::path& path);

  std::string text_attribute(const char* name) const;
  std::uint32_t number_attribute(const char* name) const;
  bool has(const char* name) const;
  // Fails unless the column has exactly `count` values; any number when `count` is any_count.
  static constexpr std::uint64_t any_count = UINT64_MAX;
  template <typename Value>
  std::vector<Value> column(const char* name, std::uint64_t count = any_count) const {
    const H5Handle data = open_column(name, h5_type<Value>());
    const Storage storage = storage_of(data, name);
    std::vector<Value> all(count_of(data, name, sizeof(Value), count, storage));
    read(data, name, storage, sizeof(Value), std::as_writable_bytes(std::span(all)));
    return all;
  }
  [[noreturn]] void fail(std::string_view place, std::string_view expected, std::string_view found) const;

 private:
  // How a column is stored in the file: in one piece, or in chunks that went through filters.
  struct Storage {
    hsize_t chunk_rows = 0;  // 0: one piece
    std::vector<H5Z_filter_t> filters;
  };

  H5Handle open_column(const char* name, hid_t type) const;
  Storage storage_of(const H5Handle& data, const char* name) const;
  std::uint64_t count_of(const H5Handle& data, const char* name, std::size_t value_bytes, std::uint64_t count,
                         const Storage& storage) const;
  void read(const H5Handle& data, const char* name, const Storage& storage, std::size_t value_bytes,
            std::span<std::byte> column) const;

  std::string name_;
  H5Handle file_;
};

}  // namespace headway
