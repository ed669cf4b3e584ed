// Reads what an HDF5 column keeps in chunks. libhdf5 takes it on trust that a chunk inflates to its full size, and
// reads beyond the end of one that does not (1.10.8); so chunks are fetched as they are stored and unpacked here.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <span>

namespace headway {

// Fills `column` from the data set's chunks of `chunk_rows` values, which went through `filters` in this order: shuffle
// and deflate, each at most once, or none. False when a chunk is missing or damaged.
bool read_chunks(hid_t data, std::span<const H5Z_filter_t> filters, std::size_t value_bytes, hsize_t chunk_rows,
                 std::span<std::byte> column);

}  // namespace headway
