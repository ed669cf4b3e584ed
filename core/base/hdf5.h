// HDF5's C API with handles that close themselves and failures that are exceptions. Files are written by
// hdf5_writer.h, read by hdf5_reader.h.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace headway::h5 {

// What HDF5 refused, in its own words, or the operating system's where it was the disk.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Stops HDF5 from printing its error stack: errors are ours to report.
void keep_quiet();

// The innermost reason of HDF5's error stack; empty when it has none.
std::string reason();
// Throws Error with that reason.
[[noreturn]] void fail(std::string_view doing);
inline hid_t checked(hid_t id, std::string_view doing) {
  if (id < 0) fail(doing);
  return id;
}
inline void check(herr_t status, std::string_view doing) {
  if (status < 0) fail(doing);
}

class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  Handle(hid_t id, Close closer) : id_(id), close_(closer) {}  // not valid where id is negative
  Handle(hid_t id, Close closer, std::string_view doing) : Handle(checked(id, doing), closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
    return *this;
  }
  ~Handle() { reset(); }

  bool valid() const { return id_ >= 0; }
  operator hid_t() const { return id_; }  // so that a handle goes wherever HDF5 wants an id
  void reset() noexcept {
    if (id_ >= 0) close_(std::exchange(id_, -1));
  }
  // Closes and reports what only closing reveals, such as a full disk.
  void close(std::string_view doing) {
    if (id_ >= 0) check(close_(std::exchange(id_, -1)), doing);
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// How a number lies in a file: little-endian. The id is HDF5's own and needs no closing.
template <typename Value>
hid_t type_of() {
  static_assert(std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>);
  if constexpr (std::is_floating_point_v<Value>) return sizeof(Value) == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
  constexpr std::size_t bytes = sizeof(Value);
  if constexpr (std::is_signed_v<Value>)
    return bytes == 1 ? H5T_STD_I8LE : bytes == 2 ? H5T_STD_I16LE : bytes == 4 ? H5T_STD_I32LE : H5T_STD_I64LE;
  return bytes == 1 ? H5T_STD_U8LE : bytes == 2 ? H5T_STD_U16LE : bytes == 4 ? H5T_STD_U32LE : H5T_STD_U64LE;
}

// Creation properties of files, groups and data sets that carry no times: same input, same bytes.
Handle timeless(hid_t property_class);

// A small value beside the data; text is of fixed length.
void set_attribute(hid_t object, const char* name, std::string_view text, H5T_cset_t letters = H5T_CSET_UTF8);
// The type of text of that many bytes.
Handle text_type(std::size_t bytes, H5T_cset_t letters = H5T_CSET_UTF8);

}  // namespace headway::h5
