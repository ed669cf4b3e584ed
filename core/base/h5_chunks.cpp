#include "core/base/h5_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace headway {

namespace {

static_assert(std::endian::native == std::endian::little, "columns are little-endian, and read as they are");

using Bytes = std::vector<std::byte>;

bool inflate_exactly(const Bytes& stored, Bytes& inflated) {
  uLongf bytes = inflated.size();
  return uncompress(reinterpret_cast<Bytef*>(inflated.data()), &bytes, reinterpret_cast<const Bytef*>(stored.data()),
                    stored.size()) == Z_OK &&
         bytes == inflated.size();
}

// Shuffled, the lowest bytes of all values come first, then the next ones.
void unshuffle(const Bytes& shuffled, std::size_t value_bytes, Bytes& values) {
  const std::size_t count = values.size() / value_bytes;
  for (std::size_t byte = 0; byte < value_bytes; ++byte) {
    for (std::size_t i = 0; i < count; ++i) values[i * value_bytes + byte] = shuffled[byte * count + i];
  }
}

// Takes back what the filters did, the last one first; `skipped` has a bit for each that left this chunk alone.
bool unpack(std::span<const H5Z_filter_t> filters, std::uint32_t skipped, std::size_t value_bytes, Bytes& chunk,
            Bytes& other) {
  for (std::size_t i = filters.size(); i-- > 0;) {
    if (skipped >> i & 1) continue;
    if (filters[i] == H5Z_FILTER_DEFLATE) {
      if (!inflate_exactly(chunk, other)) return false;
    } else {
      if (chunk.size() != other.size()) return false;
      unshuffle(chunk, value_bytes, other);
    }
    chunk.swap(other);
    other.resize(chunk.size());
  }
  return true;
}

}  // namespace

bool read_chunks(hid_t data, std::span<const H5Z_filter_t> filters, std::size_t value_bytes, hsize_t chunk_rows,
                 std::span<std::byte> column) {
  const std::size_t chunk_bytes = chunk_rows * value_bytes;
  Bytes chunk, other;
  for (hsize_t row = 0; row * value_bytes < column.size(); row += chunk_rows) {
    hsize_t stored = 0;
    if (H5Dget_chunk_storage_size(data, &row, &stored) < 0 || stored == 0 || stored > compressBound(chunk_bytes))
      return false;
    chunk.resize(stored);
    other.resize(chunk_bytes);
    std::uint32_t skipped = 0;
    if (H5Dread_chunk(data, H5P_DEFAULT, &row, &skipped, chunk.data()) < 0 ||
        !unpack(filters, skipped, value_bytes, chunk, other) || chunk.size() != chunk_bytes)
      return false;
    const std::span<std::byte> place = column.subspan(row * value_bytes);
    std::copy_n(chunk.begin(), std::min(chunk_bytes, place.size()), place.begin());
  }
  return true;
}

}  // namespace headway
