#include "core/base/hdf5_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>

#include "core/base/hdf5.h"

namespace headway::h5 {

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

// One chunk's way from the file.
struct Unpacker {
  const Chunks& column;
  std::size_t chunk_bytes = column.rows * column.value_bytes;
  Bytes chunk{}, other{};

  // `chunk` becomes the one that begins at `row`; false when it is missing or damaged.
  bool fetch(hsize_t row) {
    hsize_t stored = 0;
    if (H5Dget_chunk_storage_size(column.data, &row, &stored) < 0 && !is_missing()) return false;
    if (stored == 0) return fill();
    if (stored > 2 * chunk_bytes + 1024) return false;  // nothing that was deflated grows so
    chunk.resize(stored);
    other.resize(chunk_bytes);
    std::uint32_t skipped = 0;
    return H5Dread_chunk(column.data, H5P_DEFAULT, &row, &skipped, chunk.data()) >= 0 && unpack(skipped) &&
           chunk.size() == chunk_bytes;
  }

  // HDF5 1.10 tells a chunk that was never written from a damaged index by its words alone;
  // H5Dget_chunk_info_by_coord() would tell, but looks through all chunks for it.
  static bool is_missing() { return reason() == "chunk storage is not allocated"; }

  bool fill() {
    if (column.fill_value.empty()) return false;
    chunk.resize(chunk_bytes);
    std::ranges::copy(column.fill_value, chunk.begin());
    for (std::size_t filled = column.value_bytes; filled < chunk_bytes; filled *= 2) {
      std::copy_n(chunk.begin(), std::min(filled, chunk_bytes - filled),
                  chunk.begin() + static_cast<std::ptrdiff_t>(filled));
    }
    return true;
  }

  // Takes back what the filters did, the last one first; `skipped` has a bit for each that left this chunk alone.
  bool unpack(std::uint32_t skipped) {
    for (std::size_t i = column.filters.size(); i-- > 0;) {
      if (skipped >> i & 1) continue;
      if (column.filters[i] == H5Z_FILTER_DEFLATE) {
        if (!inflate_exactly(chunk, other)) return false;
      } else {
        if (chunk.size() != other.size()) return false;
        unshuffle(chunk, column.value_bytes, other);
      }
      chunk.swap(other);
      other.resize(chunk.size());
    }
    return true;
  }
};

}  // namespace

bool Chunks::read(hsize_t first, std::span<std::byte> to) const {
  Unpacker unpacker{*this};
  std::size_t within = first % rows * value_bytes;
  for (hsize_t row = first / rows * rows; !to.empty(); row += rows) {
    if (!unpacker.fetch(row)) return false;
    const std::size_t bytes = std::min(unpacker.chunk_bytes - within, to.size());
    std::copy_n(unpacker.chunk.begin() + static_cast<std::ptrdiff_t>(within), bytes, to.begin());
    to = to.subspan(bytes);
    within = 0;
  }
  return true;
}

}  // namespace headway::h5
