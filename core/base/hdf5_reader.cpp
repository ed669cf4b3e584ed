#include "core/base/hdf5_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "core/base/error.h"
#include "core/base/input_file.h"

namespace headway::h5 {

namespace {

constexpr std::uint64_t deflate_ratio_max = 1100;  // deflate cannot do better than 1032
constexpr std::size_t text_bytes_max = 1 << 20;

// The version of the superblock, with which the file must begin; -1 when it does not.
int superblock_version(const std::string& name) {
  constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
  std::array<char, signature.size() + 1> begin{};
  std::ifstream(name, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()).starts_with(signature) ? begin.back() : -1;
}

std::string values_of(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return fmt::format("little-endian floating-point numbers of {} bits", bits);
    case H5T_ENUM:
      return fmt::format("an enumeration of {} bits with headway's names", bits);
    default:
      return fmt::format("{} little-endian numbers of {} bits",
                         H5Tget_sign(type) == H5T_SGN_NONE ? "unsigned" : "signed", bits);
  }
}

// Whether each name of the one enumeration means the same in the other.
bool is_part(hid_t stored, hid_t wanted) {
  const Handle stored_base(H5Tget_super(stored), H5Tclose), wanted_base(H5Tget_super(wanted), H5Tclose);
  if (!stored_base.valid() || !wanted_base.valid() || H5Tequal(stored_base, wanted_base) <= 0) return false;
  for (int i = 0; i < H5Tget_nmembers(stored); ++i) {
    std::uint64_t value = 0, meant = 0;
    char* const name = H5Tget_member_name(stored, static_cast<unsigned>(i));
    const bool same = name != nullptr && H5Tget_member_value(stored, static_cast<unsigned>(i), &value) >= 0 &&
                      H5Tenum_valueof(wanted, name, &meant) >= 0 && value == meant;
    H5free_memory(name);
    if (!same) return false;
  }
  return true;
}

bool holds(hid_t stored, hid_t wanted) {
  if (H5Tequal(stored, wanted) > 0) return true;
  return H5Tget_class(stored) == H5T_ENUM && H5Tget_class(wanted) == H5T_ENUM && is_part(stored, wanted);
}

}  // namespace

Reader::Reader(const std::filesystem::path& path, std::string_view what, int oldest_superblock) : name_(path.string()) {
  keep_quiet();
  if (const auto why = why_unreadable(path); !why.empty()) fail("", what, why);
  const std::string openable = fmt::format("{} that can be opened", what);
  const int version = superblock_version(name_);
  if (version < 0) fail("", openable, "a file that is not HDF5");
  if (version < oldest_superblock)
    fail("byte 8", "a superblock of version 2 or later (h5py: libver=\"latest\")", fmt::format("version {}", version));
  file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file_.valid()) fail("", openable, reason());
}

void Reader::fail(std::string_view place, std::string_view expected, std::string_view found) const {
  throw InputError(name_, place, expected, found);
}

void Reader::expect(std::string_view format, const char* version_name, std::uint64_t version) const {
  const std::string found = text_attribute("format");
  if (found != format) fail("format", format, found);
  const std::uint64_t found_version = number_attribute(version_name);
  if (found_version != version)
    fail(version_name, fmt::format("{}, the version that this headway reads", version),
         fmt::format("{}", found_version));
}

bool Reader::has(const char* name) const { return H5Lexists(file_, name, H5P_DEFAULT) > 0; }

std::string Reader::text_attribute(const char* name) const {
  const Handle attribute(H5Aopen(file_, name, H5P_DEFAULT), H5Aclose);
  if (!attribute.valid()) fail(name, "this attribute, a text", "none");
  const Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  if (!type.valid() || !space.valid() || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
    fail(name, "an attribute that is a text", "something else");
  if (H5Tis_variable_str(type) > 0) {
    char* read = nullptr;
    const Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    if (H5Aread(attribute, memory, &read) < 0) fail(name, "an attribute that can be read", "damage");
    std::string text(read != nullptr ? read : "");
    H5free_memory(read);
    return text;
  }
  const std::size_t bytes = H5Tget_size(type);
  if (bytes == 0 || bytes > text_bytes_max) fail(name, "a text of up to 1 MiB", fmt::format("{} bytes", bytes));
  std::string text(bytes, '\0');
  if (H5Aread(attribute, type, text.data()) < 0) fail(name, "an attribute that can be read", "damage");
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::uint64_t Reader::number_attribute(const char* name, std::uint64_t most) const {
  const Handle attribute(H5Aopen(file_, name, H5P_DEFAULT), H5Aclose);
  if (!attribute.valid()) fail(name, "this attribute, a number", "none");
  const Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  std::uint64_t number = 0;
  if (!type.valid() || !space.valid() || H5Tget_class(type) != H5T_INTEGER ||
      H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, H5T_NATIVE_UINT64, &number) < 0)
    fail(name, "an attribute that is a whole number", "something else");
  if (number > most) fail(name, fmt::format("a number up to {}", most), fmt::format("{}", number));
  return number;
}

Column Reader::open(const std::string& name, hid_t type, Missing missing) const {
  Column column(*this, name);
  if (!holds(column.type_, type)) fail(name, values_of(type), "another type");
  column.look_at_storage(missing);
  column.count_rows();
  return column;
}

std::vector<std::string> Reader::texts(const std::string& name) const {
  Column column(*this, name);
  const std::size_t width = column.value_bytes_;
  if (H5Tget_class(column.type_) != H5T_STRING || H5Tis_variable_str(column.type_) != 0 || width > text_bytes_max)
    fail(name, "texts of one fixed length", "another type");
  column.look_at_storage(Missing::damage);
  column.count_rows();
  std::string rows(column.rows() * width, '\0');
  column.read(0, std::span(rows));
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < rows.size(); at += width) {
    texts.push_back(rows.substr(at, width));
    texts.back().resize(std::min(texts.back().find('\0'), width));
  }
  return texts;
}

Column::Column(const Reader& reader, std::string name)
    : reader_(&reader), name_(std::move(name)), data_(H5Dopen2(reader.file_, name_.c_str(), H5P_DEFAULT), H5Dclose) {
  if (!data_.valid()) reader.fail(name_, "this column", "none, or a damaged one");
  type_ = Handle(H5Dget_type(data_), H5Tclose);
  value_bytes_ = type_.valid() ? H5Tget_size(type_) : 0;
  if (value_bytes_ == 0) reader.fail(name_, "a column with a type", "a damaged one");
}

// Refuses filters that can inflate without bound, and values that are in another file.
void Column::look_at_storage(Reader::Missing missing) {
  const Handle creation(H5Dget_create_plist(data_), H5Pclose);
  const H5D_layout_t kind = creation.valid() ? H5Pget_layout(creation) : H5D_LAYOUT_ERROR;
  if ((kind != H5D_COMPACT && kind != H5D_CONTIGUOUS && kind != H5D_CHUNKED) || H5Pget_external_count(creation) != 0)
    reader_->fail(name_, "values in this file", "a reference to elsewhere");
  Chunks chunks{.data = data_, .value_bytes = value_bytes_};
  for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
    unsigned flags = 0;
    std::size_t parameters = 0;
    chunks.filters.push_back(
        H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &parameters, nullptr, 0, nullptr, nullptr));
  }
  const auto uses = [&](H5Z_filter_t filter) { return std::ranges::count(chunks.filters, filter); };
  if (uses(H5Z_FILTER_DEFLATE) > 1 || uses(H5Z_FILTER_SHUFFLE) > 1 ||
      uses(H5Z_FILTER_DEFLATE) + uses(H5Z_FILTER_SHUFFLE) != std::ssize(chunks.filters))
    reader_->fail(name_, "shuffle and deflate as the filters", "others");
  if (kind != H5D_CHUNKED) {
    if (!chunks.filters.empty()) reader_->fail(name_, "filters on chunks only", "filters on a column in one piece");
    return;
  }
  constexpr hsize_t chunk_bytes_max = 64 << 20;
  if (H5Pget_chunk(creation, 1, &chunks.rows) != 1 || chunks.rows == 0)
    reader_->fail(name_, "chunks of one dimension", "others");
  if (chunks.rows > chunk_bytes_max / value_bytes_) reader_->fail(name_, "chunks of up to 64 MiB", "larger ones");
  if (missing == Reader::Missing::fill_value) {
    chunks.fill_value.resize(value_bytes_);
    if (H5Pget_fill_value(creation, type_, chunks.fill_value.data()) < 0)
      reader_->fail(name_, "a fill value", "none that can be read");
  }
  chunks_ = std::move(chunks);
}

// The number of values, once it is certain that the file holds what they take: they may be a fill value that stands for
// data never written. Where that is how the file is made, who reads must weigh rows against stored bytes.
void Column::count_rows() {
  const Handle space(H5Dget_space(data_), H5Sclose);
  hsize_t rows = 0;
  if (!space.valid() || H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &rows, nullptr) != 1)
    reader_->fail(name_, "a column of one dimension", "another shape");
  hsize_t file_bytes = 0;
  H5Fget_filesize(reader_->file_, &file_bytes);
  rows_ = rows;
  stored_bytes_ = std::min<std::uint64_t>(H5Dget_storage_size(data_), file_bytes);
  if (chunks_ && !chunks_->fill_value.empty()) return;
  const bool deflated = chunks_ && !chunks_->filters.empty();
  if (rows_ > stored_bytes_ * (deflated ? deflate_ratio_max : 1) / value_bytes_)
    reader_->fail(name_, fmt::format("{} values", rows_), fmt::format("{} stored bytes", stored_bytes_));
}

void Column::read_bytes(std::uint64_t first, std::span<std::byte> to) const {
  if (to.empty()) return;
  const bool is_read = chunks_ ? chunks_->read(first, to) : read_one_piece(first, to);
  if (!is_read) reader_->fail(name_, "values that can be read", "damaged ones");
}

bool Column::read_one_piece(std::uint64_t first, std::span<std::byte> to) const {
  const hsize_t start = first, count = to.size() / value_bytes_;
  const Handle here(H5Screate_simple(1, &count, nullptr), H5Sclose), there(H5Dget_space(data_), H5Sclose);
  return here.valid() && there.valid() &&
         H5Sselect_hyperslab(there, H5S_SELECT_SET, &start, nullptr, &count, nullptr) >= 0 &&
         H5Dread(data_, type_, here, there, H5P_DEFAULT, to.data()) >= 0;
}

}  // namespace headway::h5
