#include "core/base/h5_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "core/base/error.h"
#include "core/base/h5_chunks.h"

namespace headway {

namespace {

// HDF5 prints its error stack to stderr unless it is told not to; our messages say it in one sentence.
void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

constexpr std::uint64_t rows_a_chunk = 1 << 16;
constexpr unsigned deflate_level = 9;
constexpr std::uint64_t deflate_ratio_max = 1100;  // deflate cannot do better than 1032

// No time stamps anywhere: equal layouts give equal bytes.
H5Handle untimed(hid_t list_class) {
  H5Handle list(H5Pcreate(list_class), H5Pclose);
  H5Pset_obj_track_times(list.get(), false);
  return list;
}

H5Handle create_file(const std::string& name) {
  silence();
  const H5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // The newer of the file formats: checksums over all of HDF5's own structures.
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  const H5Handle creation = untimed(H5P_FILE_CREATE);
  return H5Handle(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
}

// The version of the superblock, with which the file must begin; -1 when it does not.
int superblock_version(const std::string& name) {
  constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
  std::array<char, signature.size() + 1> begin{};
  std::ifstream(name, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()).starts_with(signature) ? begin.back() : -1;
}

// Before version 2 no checksums guarded a file's own structures, and libhdf5 follows damaged ones to wherever they lead.
constexpr int oldest_superblock = 2;

H5Handle open_file(const std::string& name) {
  silence();
  if (superblock_version(name) < oldest_superblock) return H5Handle(-1, H5Fclose);
  return H5Handle(H5Fopen(name.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
}

}  // namespace

H5Writer::H5Writer(const std::filesystem::path& path) : name_(path.string()), file_(create_file(name_)) {
  if (!file_) throw InputError(name_, "", "a file that can be written", "none: no such directory, or no right to it");
}

void H5Writer::fail(std::string_view what) const {
  throw InputError(name_, what, "room to write it", "an error on writing");
}

void H5Writer::attribute(const char* name, std::string_view text) {
  const H5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), std::max<std::size_t>(1, text.size()));
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  const H5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const H5Handle made(H5Acreate2(file_.get(), name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::string bytes(text.empty() ? std::string(1, '\0') : std::string(text));
  if (!made || H5Awrite(made.get(), type.get(), bytes.data()) < 0) fail(name);
}

void H5Writer::attribute(const char* name, std::uint32_t number) {
  const H5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const H5Handle made(H5Acreate2(file_.get(), name, H5T_STD_U32LE, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  if (!made || H5Awrite(made.get(), H5T_NATIVE_UINT32, &number) < 0) fail(name);
}

void H5Writer::group(const char* name) {
  const H5Handle creation = untimed(H5P_GROUP_CREATE);
  const H5Handle made(H5Gcreate2(file_.get(), name, H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose);
  if (!made) fail(name);
}

void H5Writer::column(const char* name, hid_t type, const void* values, std::size_t count, std::size_t value_bytes) {
  const hsize_t rows = count;
  const H5Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose);
  const H5Handle creation = untimed(H5P_DATASET_CREATE);
  const hsize_t chunk = std::clamp<std::uint64_t>(rows, 1, rows_a_chunk);
  if (count * value_bytes > 64) {  // a filter's own room is more than it saves on less
    H5Pset_chunk(creation.get(), 1, &chunk);
    if (value_bytes > 1) H5Pset_shuffle(creation.get());
    H5Pset_deflate(creation.get(), count > (1 << 20) ? 1 : deflate_level);
  }
  const H5Handle made(H5Dcreate2(file_.get(), name, type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                      H5Dclose);
  const hid_t native = value_bytes == 1   ? H5T_NATIVE_UINT8
                       : value_bytes == 2 ? H5T_NATIVE_UINT16
                       : value_bytes == 4 ? H5T_NATIVE_UINT32
                                          : H5T_NATIVE_UINT64;
  if (!made || (count > 0 && H5Dwrite(made.get(), native, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) fail(name);
}

void H5Writer::close() {
  if (H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) < 0) fail("end");
}

H5Reader::H5Reader(const std::filesystem::path& path) : name_(path.string()), file_(open_file(name_)) {
  const int version = file_ ? oldest_superblock : superblock_version(name_);
  if (version >= 0 && version < oldest_superblock)
    fail("byte 8", "a superblock of version 2 or later (h5py: libver=\"latest\")", fmt::format("version {}", version));
  if (!file_) fail("", "an intact HDF5 file", "one that is truncated, damaged or cannot be read");
}

void H5Reader::fail(std::string_view place, std::string_view expected, std::string_view found) const {
  throw InputError(name_, place, expected, found);
}

bool H5Reader::has(const char* name) const { return H5Lexists(file_.get(), name, H5P_DEFAULT) > 0; }

std::string H5Reader::text_attribute(const char* name) const {
  constexpr std::size_t text_bytes_max = 1 << 20;
  const H5Handle attribute(H5Aopen(file_.get(), name, H5P_DEFAULT), H5Aclose);
  if (!attribute) fail(name, "this attribute, a text", "none");
  const H5Handle type(H5Aget_type(attribute.get()), H5Tclose);
  const H5Handle space(H5Aget_space(attribute.get()), H5Sclose);
  if (!type || !space || H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != 1)
    fail(name, "an attribute that is a text", "something else");
  if (H5Tis_variable_str(type.get()) > 0) {
    char* read = nullptr;
    const H5Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(memory.get(), H5T_VARIABLE);
    H5Tset_cset(memory.get(), H5Tget_cset(type.get()));
    if (H5Aread(attribute.get(), memory.get(), &read) < 0) fail(name, "an attribute that can be read", "damage");
    std::string text(read != nullptr ? read : "");
    H5free_memory(read);
    return text;
  }
  const std::size_t bytes = H5Tget_size(type.get());
  if (bytes == 0 || bytes > text_bytes_max) fail(name, "a text of up to 1 MiB", fmt::format("{} bytes", bytes));
  std::string text(bytes, '\0');
  if (H5Aread(attribute.get(), type.get(), text.data()) < 0) fail(name, "an attribute that can be read", "damage");
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::uint32_t H5Reader::number_attribute(const char* name) const {
  const H5Handle attribute(H5Aopen(file_.get(), name, H5P_DEFAULT), H5Aclose);
  if (!attribute) fail(name, "this attribute, a number", "none");
  const H5Handle type(H5Aget_type(attribute.get()), H5Tclose);
  const H5Handle space(H5Aget_space(attribute.get()), H5Sclose);
  std::uint64_t number = 0;
  if (!type || !space || H5Tget_class(type.get()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.get()) != 1 ||
      H5Aread(attribute.get(), H5T_NATIVE_UINT64, &number) < 0 || number > UINT32_MAX)
    fail(name, "an attribute that is a number below 2^32", "something else");
  return static_cast<std::uint32_t>(number);
}

H5Handle H5Reader::open_column(const char* name, hid_t type) const {
  H5Handle data(H5Dopen2(file_.get(), name, H5P_DEFAULT), H5Dclose);
  if (!data) fail(name, "this column", "none, or a damaged one");
  const H5Handle stored(H5Dget_type(data.get()), H5Tclose);
  if (!stored || H5Tequal(stored.get(), type) <= 0)
    fail(name, fmt::format("unsigned little-endian numbers of {} bits", 8 * H5Tget_size(type)), "another type");
  return data;
}

// Refuses filters that can inflate without bound, and values that are in another file.
H5Reader::Storage H5Reader::storage_of(const H5Handle& data, const char* name) const {
  const H5Handle creation(H5Dget_create_plist(data.get()), H5Pclose);
  const H5D_layout_t kind = creation ? H5Pget_layout(creation.get()) : H5D_LAYOUT_ERROR;
  if ((kind != H5D_COMPACT && kind != H5D_CONTIGUOUS && kind != H5D_CHUNKED) ||
      H5Pget_external_count(creation.get()) != 0)
    fail(name, "values in this file", "a reference to elsewhere");
  Storage storage;
  for (int i = 0; i < H5Pget_nfilters(creation.get()); ++i) {
    unsigned flags = 0;
    std::size_t parameters = 0;
    storage.filters.push_back(
        H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &parameters, nullptr, 0, nullptr, nullptr));
  }
  const auto uses = [&](H5Z_filter_t filter) { return std::ranges::count(storage.filters, filter); };
  if (uses(H5Z_FILTER_DEFLATE) > 1 || uses(H5Z_FILTER_SHUFFLE) > 1 ||
      uses(H5Z_FILTER_DEFLATE) + uses(H5Z_FILTER_SHUFFLE) != std::ssize(storage.filters))
    fail(name, "shuffle and deflate as the filters", "others");
  if (kind == H5D_CHUNKED) {
    if (H5Pget_chunk(creation.get(), 1, &storage.chunk_rows) != 1 || storage.chunk_rows == 0)
      fail(name, "chunks of one dimension", "others");
  } else if (!storage.filters.empty()) {
    fail(name, "filters on chunks only", "filters on a column in one piece");
  }
  return storage;
}

// The number of values, once it is certain that the file holds what they take: they may be a fill value that stands for
// data never written.
std::uint64_t H5Reader::count_of(const H5Handle& data, const char* name, std::size_t value_bytes, std::uint64_t count,
                                 const Storage& storage) const {
  constexpr hsize_t chunk_bytes_max = 64 << 20;
  const H5Handle space(H5Dget_space(data.get()), H5Sclose);
  hsize_t rows = 0;
  if (!space || H5Sget_simple_extent_ndims(space.get()) != 1 ||
      H5Sget_simple_extent_dims(space.get(), &rows, nullptr) != 1)
    fail(name, "a column of one dimension", "another shape");
  if (count != any_count && rows != count) fail(name, fmt::format("{} values", count), fmt::format("{}", rows));
  if (storage.chunk_rows > chunk_bytes_max / value_bytes) fail(name, "chunks of up to 64 MiB", "larger ones");
  hsize_t file_bytes = 0;
  H5Fget_filesize(file_.get(), &file_bytes);
  const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(data.get()), file_bytes);
  const std::uint64_t most = stored * (storage.filters.empty() ? 1 : deflate_ratio_max) / value_bytes;
  if (rows > most) fail(name, fmt::format("{} values", rows), fmt::format("{} stored bytes", stored));
  return rows;
}

void H5Reader::read(const H5Handle& data, const char* name, const Storage& storage, std::size_t value_bytes,
                    std::span<std::byte> column) const {
  if (column.empty()) return;
  const H5Handle type(H5Dget_type(data.get()), H5Tclose);
  const bool is_read = storage.chunk_rows > 0
                           ? read_chunks(data.get(), storage.filters, value_bytes, storage.chunk_rows, column)
                           : H5Dread(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, column.data()) >= 0;
  if (!is_read) fail(name, "values that can be read", "damaged ones");
}

}  // namespace headway
