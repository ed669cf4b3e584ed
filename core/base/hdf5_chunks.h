// Reads what an HDF5 column keeps in chunks. libhdf5 takes it on trust that a chunk inflates to its full size, and
// reads beyond the end of one that does not (1.10.8); so chunks are fetched as they are stored and unpacked here.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <span>
#include <vector>

namespace headway::h5 {

// The chunks of one column.
struct Chunks {
  hid_t data = -1;
  std::size_t value_bytes = 0;
  hsize_t rows = 0;                     // of a chunk
  std::vector<H5Z_filter_t> filters{};  // in the order in which values went through them: shuffle and deflate, each at
                                        // most once
  std::vector<std::byte> fill_value{};  // what stands for a chunk that is not there; empty: that is damage

  // Fills `to` with the rows from `first` on. False when a chunk is missing or damaged.
  bool read(hsize_t first, std::span<std::byte> to) const;
};

}  // namespace headway::h5
