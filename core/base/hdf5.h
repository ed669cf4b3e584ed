// HDF5's C API with handles that close themselves and failures that are exceptions.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway::h5 {

// What HDF5 refused, in its own words, or the operating system's where it was the disk.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Stops HDF5 from printing its error stack: errors are ours to report.
void keep_quiet();

// Throws Error with the innermost reason of HDF5's error stack.
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
  Handle(hid_t id, Close closer, std::string_view doing) : id_(checked(id, doing)), close_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
    return *this;
  }
  ~Handle() { reset(); }

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

// Small values beside the data. Text is UTF-8 of fixed length; reading throws Error when it is not there or of another
// kind.
void set_attribute(hid_t object, const char* name, std::string_view text);
void set_attribute(hid_t object, const char* name, std::uint64_t value);
std::string text_attribute(hid_t object, const char* name);
std::uint64_t number_attribute(hid_t object, const char* name);

// A new file, and creation properties of its groups and datasets, that carry no times: same input, same bytes.
Handle create_file(const std::string& path);
Handle create_group(hid_t parent, const char* name);
Handle timeless(hid_t property_class);

// A whole one-dimensional dataset.
void write_column(hid_t group, const char* name, const std::vector<std::uint64_t>& values);
void write_column(hid_t group, const char* name, const std::vector<double>& values);
void write_column(hid_t group, const char* name, const std::vector<std::string>& values);  // UTF-8 of fixed length
std::vector<std::uint64_t> read_whole_numbers(hid_t group, const char* name);
std::vector<double> read_numbers(hid_t group, const char* name);
std::vector<std::string> read_texts(hid_t group, const char* name);

}  // namespace headway::h5
