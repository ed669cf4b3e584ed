#include "core/policies/sorted_scan_queue.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace headway::sorted_scan {

namespace {

bool by_address(const Entry& a, const Entry& b) { return a.physical < b.physical; }
bool lowest_on_top(const Entry& a, const Entry& b) { return b.physical < a.physical; }

}  // namespace

void Elevator::add(const Entry& entry, std::uint64_t position) {
  auto& sweep = entry.physical >= position ? ahead_ : behind_;
  sweep.push_back(entry);
  std::push_heap(sweep.begin(), sweep.end(), lowest_on_top);
}

const Entry* Elevator::next() {
  if (ahead_.empty()) ahead_.swap(behind_);
  return ahead_.empty() ? nullptr : &ahead_.front();
}

void Elevator::take() {
  std::pop_heap(ahead_.begin(), ahead_.end(), lowest_on_top);
  ahead_.pop_back();
}

void Queue::arrange(const ExtentRule& rule, bool by_score, std::uint64_t position) {
  const auto added = entries_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  std::sort(added, entries_.end(), by_address);
  std::inplace_merge(entries_.begin(), added, entries_.end(), by_address);
  std::erase_if(entries_, [](const Entry& entry) { return entry.gathered; });
  sorted_ = entries_.size();
  const auto count = static_cast<Place>(sorted_);
  extents_.clear();
  for (Place begin = 0, end = 0; begin < count; begin = end) {
    for (end = begin + 1;
         end < count && entries_[end].physical <= entries_[end - 1].physical + rule.block_bytes + rule.gap_bytes;)
      ++end;
    extents_.push_back({begin, end, bucket(begin, end, rule)});
  }
  if (by_score)
    std::stable_sort(extents_.begin(), extents_.end(),
                     [](const Extent& a, const Extent& b) { return a.bucket > b.bucket; });
  extent_ = 0;
  gathered_in_extent_ = 0;
  window_ = IdSet(count);
  const auto after = std::partition_point(entries_.begin(), entries_.end(),
                                          [&](const Entry& entry) { return entry.physical < position; });
  after_last_ = static_cast<Place>(after - entries_.begin());
}

// ext_size_score: fill + fill% x weight x fill, with the source's integer arithmetic.
std::uint32_t Queue::bucket(Place begin, Place end, const ExtentRule& rule) const {
  const std::uint64_t fill = std::uint64_t{end - begin} * rule.block_bytes;
  // Blocks that straddle a stripe's end may seem to overlap the next one: never less than what is there.
  const std::uint64_t size = std::max(fill, entries_[end - 1].physical + rule.block_bytes - entries_[begin].physical);
  const std::uint64_t score = fill + fill * 100 / size * rule.fill_weight * fill / 100;
  return static_cast<std::uint32_t>(std::bit_width(score));
}

bool Queue::gather() {
  if (extent_ == extents_.size()) return false;
  const Extent& extent = extents_[extent_];
  const Place place = extent.begin + gathered_in_extent_++;
  if (place + 1 == extent.end) {
    ++extent_;
    gathered_in_extent_ = 0;
  }
  assert(!entries_[place].gathered);
  entries_[place].gathered = true;
  window_.insert(place);
  return true;
}

std::optional<Place> Queue::next() const {
  Place place = window_.first_in(after_last_, window_.size());
  if (place == window_.size()) place = window_.first_in(0, window_.size());
  if (place == window_.size()) return std::nullopt;
  return place;
}

void Queue::take(Place place) {
  window_.erase(place);
  after_last_ = place + 1;
}

}  // namespace headway::sorted_scan
