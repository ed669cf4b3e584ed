// RAID5 and RAID6 arithmetic, to rebuild a block whose device is missing: P is the XOR of a row's data, Q their sum
// weighted by powers of 2 in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (as in Linux lib/raid6).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace headway {

// One row of a RAID5/6 chunk: `data[i]` and the parities, all of one length; an empty vector stands for what is lost.
struct ParityRow {
  std::vector<std::vector<std::byte>> data;
  std::vector<std::byte> p, q;
};

// data[wanted], whatever is there of it, from the rest of the row. By P, or by Q when asked, where one other block is
// enough; by both where a second one of the data is lost. Empty when the rest is not enough.
std::vector<std::byte> rebuilt(const ParityRow& row, std::size_t wanted, bool by_q);

}  // namespace headway
