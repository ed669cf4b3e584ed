// See hdf5.h.
#include "core/base/hdf5.h"

#include <fmt/format.h>

#include <algorithm>

namespace headway::h5 {

namespace {

herr_t innermost(unsigned /*depth*/, const H5E_error2_t* error, void* reason) {
  *static_cast<std::string*>(reason) = error->desc == nullptr ? "" : error->desc;
  return 0;
}

// HDF5 wraps the system's words in a line of numbers ("file write failed: ..., error message = 'No space left on
// device', buf = 0x7f...").
std::string system_words(const std::string& reason) {
  constexpr std::string_view mark = "error message = '";
  const std::size_t start = reason.find(mark);
  if (start == std::string::npos) return reason;
  const std::size_t from = start + mark.size();
  return reason.substr(from, reason.find('\'', from) - from);
}

Handle text_type(std::size_t bytes) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "describe text");
  check(H5Tset_size(type, std::max<std::size_t>(bytes, 1)), "size text");
  check(H5Tset_strpad(type, H5T_STR_NULLPAD), "pad text");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "encode text");
  return type;
}

void write_rows(hid_t group, const char* name, hid_t type, hsize_t count, const void* rows) {
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "describe a column");
  const Handle properties = timeless(H5P_DATASET_CREATE);
  const Handle set(H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
                   "create a column");
  if (count > 0) check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows), "write a column");
}

template <typename T>
std::vector<T> read_any(hid_t group, const char* name, hid_t type) {
  const Handle set(H5Dopen2(group, name, H5P_DEFAULT), H5Dclose, fmt::format("open column {}", name));
  const Handle space(H5Dget_space(set), H5Sclose, "describe a column");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count < 0) fail("measure a column");
  std::vector<T> values(static_cast<std::size_t>(count));
  if (count > 0) check(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read a column");
  return values;
}

}  // namespace

void keep_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

void fail(std::string_view doing) {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, &reason);
  throw Error(reason.empty() ? fmt::format("cannot {}", doing) : system_words(reason));
}

void set_attribute(hid_t object, const char* name, std::string_view text) {
  const Handle type = text_type(text.size());
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "create an attribute");
  check(H5Awrite(attribute, type, text.empty() ? "" : std::string(text).c_str()), "write an attribute");
}

void set_attribute(hid_t object, const char* name, std::uint64_t value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Handle attribute(H5Acreate2(object, name, H5T_STD_U64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "create an attribute");
  check(H5Awrite(attribute, H5T_NATIVE_UINT64, &value), "write an attribute");
}

std::string text_attribute(hid_t object, const char* name) {
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, fmt::format("open attribute {}", name));
  const Handle type(H5Aget_type(attribute), H5Tclose, "describe an attribute");
  const Handle space(H5Aget_space(attribute), H5Sclose, "describe an attribute");
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || H5Sget_simple_extent_npoints(space) != 1) {
    throw Error(fmt::format("attribute {} is no text", name));
  }
  std::string text(H5Tget_size(type), '\0');
  check(H5Aread(attribute, type, text.data()), "read an attribute");
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::uint64_t number_attribute(hid_t object, const char* name) {
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, fmt::format("open attribute {}", name));
  const Handle type(H5Aget_type(attribute), H5Tclose, "describe an attribute");
  const Handle space(H5Aget_space(attribute), H5Sclose, "describe an attribute");
  if (H5Tget_class(type) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1) {
    throw Error(fmt::format("attribute {} is no whole number", name));
  }
  std::uint64_t value = 0;
  check(H5Aread(attribute, H5T_NATIVE_UINT64, &value), "read an attribute");
  return value;
}

Handle timeless(hid_t property_class) {
  Handle properties(H5Pcreate(property_class), H5Pclose, "create properties");
  check(H5Pset_obj_track_times(properties, false), "leave times out");
  return properties;
}

Handle create_file(const std::string& path) {
  keep_quiet();
  const Handle properties = timeless(H5P_FILE_CREATE);
  return Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT), H5Fclose, "create the file");
}

Handle create_group(hid_t parent, const char* name) {
  const Handle properties = timeless(H5P_GROUP_CREATE);
  return Handle(H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT), H5Gclose, "create a group");
}

void write_column(hid_t group, const char* name, const std::vector<std::uint64_t>& values) {
  write_rows(group, name, H5T_NATIVE_UINT64, values.size(), values.data());
}
void write_column(hid_t group, const char* name, const std::vector<double>& values) {
  write_rows(group, name, H5T_NATIVE_DOUBLE, values.size(), values.data());
}
void write_column(hid_t group, const char* name, const std::vector<std::string>& values) {
  std::size_t width = 1;
  for (const auto& value : values) width = std::max(width, value.size());
  std::string rows;
  for (const auto& value : values) rows.append(value).append(width - value.size(), '\0');
  write_rows(group, name, text_type(width), values.size(), rows.data());
}
std::vector<std::uint64_t> read_whole_numbers(hid_t group, const char* name) {
  return read_any<std::uint64_t>(group, name, H5T_NATIVE_UINT64);
}
std::vector<double> read_numbers(hid_t group, const char* name) {
  return read_any<double>(group, name, H5T_NATIVE_DOUBLE);
}
std::vector<std::string> read_texts(hid_t group, const char* name) {
  const Handle set(H5Dopen2(group, name, H5P_DEFAULT), H5Dclose, fmt::format("open column {}", name));
  const Handle type(H5Dget_type(set), H5Tclose, "describe a column");
  const Handle space(H5Dget_space(set), H5Sclose, "describe a column");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count < 0) fail("measure a column");
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0) throw Error(fmt::format("{} is no text", name));
  const std::size_t width = H5Tget_size(type);
  std::string rows(static_cast<std::size_t>(count) * width, '\0');
  if (count > 0) check(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), "read a column");
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < rows.size(); at += width) {
    texts.push_back(rows.substr(at, width));
    texts.back().resize(std::min(texts.back().find('\0'), width));
  }
  return texts;
}

}  // namespace headway::h5
