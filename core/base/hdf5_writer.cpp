#include "core/base/hdf5_writer.h"

#include <algorithm>

namespace headway::h5 {

namespace {

constexpr std::uint64_t rows_a_chunk = 1 << 16;
constexpr unsigned deflate_level = 9;
constexpr unsigned deflate_level_large = 1;  // of columns of more than a million rows

Handle create_file(const std::filesystem::path& path, Writer::Form form) {
  keep_quiet();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "create properties");
  if (form == Writer::Form::packed)
    check(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110), "choose the format");
  const Handle creation = timeless(H5P_FILE_CREATE);
  return Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "create the file");
}

}  // namespace

Writer::Writer(const std::filesystem::path& path, Form form) : form_(form), file_(create_file(path, form)) {}

// The first layout files said ASCII of their texts, and equal layouts give equal bytes ever since.
void Writer::attribute(const char* name, std::string_view text) {
  set_attribute(file_, name, text, form_ == Form::packed ? H5T_CSET_ASCII : H5T_CSET_UTF8);
}

void Writer::number_attribute(const char* name, hid_t type, const void* number) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Handle attribute(H5Acreate2(file_, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "create an attribute");
  check(H5Awrite(attribute, type, number), "write an attribute");
}

void Writer::group(const std::string& name) {
  const Handle creation = timeless(H5P_GROUP_CREATE);
  Handle(H5Gcreate2(file_, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, "create a group");
}

void Writer::column(const std::string& name, hid_t type, const void* values, std::size_t count, std::size_t value_bytes,
                    std::string_view unit) {
  const hsize_t rows = count;
  const Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose, "describe a column");
  const Handle creation = timeless(H5P_DATASET_CREATE);
  if (form_ == Form::packed && count * value_bytes > 64) {  // a filter's own room is more than it saves on less
    const hsize_t chunk = std::min<hsize_t>(rows, rows_a_chunk);
    check(H5Pset_chunk(creation, 1, &chunk), "set chunks");
    if (value_bytes > 1) check(H5Pset_shuffle(creation), "set shuffling");
    check(H5Pset_deflate(creation, count > (1 << 20) ? deflate_level_large : deflate_level), "set compression");
  }
  const Handle set(H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose,
                   "create a column");
  if (count > 0) check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "write a column");
  if (!unit.empty()) set_attribute(set, "unit", unit);
}

void Writer::column(const std::string& name, const std::vector<std::string>& texts) {
  std::size_t width = 1;
  for (const auto& text : texts) width = std::max(width, text.size());
  std::string rows;
  for (const auto& text : texts) rows.append(text).append(width - text.size(), '\0');
  column(name, text_type(width), rows.data(), texts.size(), width, {});
}

void Writer::close() {
  check(H5Fflush(file_, H5F_SCOPE_GLOBAL), "write the file");
  file_.close("close the file");
}

}  // namespace headway::h5
