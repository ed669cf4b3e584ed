// Writes HDF5 files: groups, one-dimensional columns and a few attributes. The same calls give the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hdf5.h"

namespace headway::h5 {

class Writer {
 public:
  enum class Form {
    plain,   // columns in one piece, in the format that every reader of HDF5 knows
    packed,  // columns shuffled and deflated, in the newer format, whose own structures have checksums
  };
  // Throws Error, as all here does, with what HDF5 or the operating system said; who calls knows the file's right name.
  Writer(const std::filesystem::path& path, Form form);

  hid_t id() const { return file_; }  // for what goes beyond this
  // Of the file.
  void attribute(const char* name, std::string_view text);
  template <typename Number>
  requires std::is_arithmetic_v<Number>
  void attribute(const char* name, Number number) { number_attribute(name, type_of<Number>(), &number); }
  void group(const std::string& name);
  // A whole column; the groups before the name's last "/" are there. `unit`: its attribute of that name; empty: none.
  template <typename Value>
  void column(const std::string& name, const std::vector<Value>& values, std::string_view unit = {}) {
    column(name, type_of<Value>(), values.data(), values.size(), sizeof(Value), unit);
  }
  void column(const std::string& name, const std::vector<std::string>& texts);  // UTF-8 of fixed length
  void close();                                                                 // and finds out whether all was written

 private:
  void number_attribute(const char* name, hid_t type, const void* number);
  void column(const std::string& name, hid_t type, const void* values, std::size_t count, std::size_t value_bytes,
              std::string_view unit);

  Form form_;
  Handle file_;
};

}  // namespace headway::h5
