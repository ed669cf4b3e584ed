// Which of a few slots was used longest ago: a ring of slots in the order of their last use.
#pragma once

#include <cstdint>
#include <vector>

namespace headway {

class Recency {
 public:
  // At first in the order of their numbers.
  explicit Recency(std::uint32_t slots) : links_(slots + 1) {
    for (std::uint32_t i = 0; i <= slots; ++i) links_[i] = {i == 0 ? slots : i - 1, i == slots ? 0 : i + 1};
  }

  std::uint32_t oldest() const { return links_[end()].after; }
  void use(std::uint32_t slot) { move(slot, links_[end()].before); }
  void forget(std::uint32_t slot) { move(slot, end()); }  // it becomes the oldest

 private:
  struct Link {
    std::uint32_t before, after;
  };

  std::uint32_t end() const { return static_cast<std::uint32_t>(links_.size() - 1); }  // between newest and oldest

  void move(std::uint32_t slot, std::uint32_t to_behind) {
    if (slot == to_behind) return;
    const Link link = links_[slot];
    links_[link.before].after = link.after;
    links_[link.after].before = link.before;
    links_[slot] = {to_behind, links_[to_behind].after};
    links_[links_[slot].after].before = slot;
    links_[to_behind].after = slot;
  }

  std::vector<Link> links_;
};

}  // namespace headway
