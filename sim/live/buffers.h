// Memory for reads that go past the page cache: aligned as every device wants it, and used again.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace headway {

class Buffers {
 public:
  static constexpr std::size_t aligned_bytes = 4096;

  std::span<std::byte> take(std::size_t bytes) {
    auto& free = free_[size_class(bytes)];
    if (free.empty()) free.push_back(make(std::size_t{1} << size_class(bytes)));
    std::byte* const place = free.back();
    free.pop_back();
    return {place, bytes};
  }
  void give_back(std::span<std::byte> buffer) { free_[size_class(buffer.size())].push_back(buffer.data()); }
  // The kernel may still write into what was taken: none of it is ever freed.
  void abandon() {
    for (auto& each : all_) static_cast<void>(each.release());
  }

 private:
  struct Free {
    void operator()(std::byte* place) const { std::free(place); }
  };

  // Of powers of two.
  static std::size_t size_class(std::size_t bytes) {
    return static_cast<std::size_t>(std::bit_width(std::max(bytes, aligned_bytes) - 1));
  }
  std::byte* make(std::size_t bytes) {
    auto* const place = static_cast<std::byte*>(std::aligned_alloc(aligned_bytes, bytes));
    if (place == nullptr) throw std::bad_alloc();
    all_.emplace_back(place);
    return place;
  }

  std::array<std::vector<std::byte*>, 64> free_;
  std::vector<std::unique_ptr<std::byte, Free>> all_;
};

}  // namespace headway
