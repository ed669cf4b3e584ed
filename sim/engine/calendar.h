// The dates at which drives want to be looked at, and the earliest of them.
//
// A tournament over all drives: a change costs O(log drives) comparisons in one array, the earliest costs nothing.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace headway {

// The engine adds up steps, a drive knows its date exactly; rounding may leave the engine a few units in the last place
// short of it. What is due at `now_s` is due until here; no drive has events that lie this close to each other.
inline double just_after(double now_s) { return now_s + 1e-12 + now_s * 1e-15; }

class Calendar {
 public:
  static constexpr double never = std::numeric_limits<double>::infinity();

  explicit Calendar(std::uint32_t entries)
      : leaves_(std::bit_ceil(entries == 0 ? 1u : entries)), dates_(leaves_, never), winner_(2 * leaves_) {
    for (std::uint32_t i = 0; i < leaves_; ++i) winner_[leaves_ + i] = i;
    for (std::uint32_t node = leaves_ - 1; node > 0; --node) winner_[node] = winner_[2 * node];
  }

  double date(std::uint32_t entry) const { return dates_[entry]; }
  // Of equal dates the lower entry's comes first, so that order does not depend on history.
  std::uint32_t earliest() const { return winner_[1]; }
  double earliest_date() const { return dates_[winner_[1]]; }

  void set(std::uint32_t entry, double date) {
    if (dates_[entry] == date) return;
    dates_[entry] = date;
    for (std::uint32_t node = (leaves_ + entry) / 2; node > 0; node /= 2) {
      const std::uint32_t left = winner_[2 * node];
      const std::uint32_t right = winner_[2 * node + 1];
      winner_[node] = dates_[right] < dates_[left] ? right : left;
    }
  }

 private:
  std::uint32_t leaves_;
  std::vector<double> dates_;
  std::vector<std::uint32_t> winner_;  // a heap-shaped tree; its leaves are the entries
};

}  // namespace headway
