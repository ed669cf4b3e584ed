// First in, first out, in one block of memory that grows to the most that ever waited and stays: no allocation after
// warm-up.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

namespace headway {

template <class T>
class Fifo {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(const T& item) {
    if (size_ == ring_.size()) grow();
    ring_[index(size_++)] = item;
  }

  const T& front() const {
    assert(!empty());
    return ring_[first_];
  }

  T pop() {
    assert(!empty());
    T item = ring_[first_];
    first_ = index(1);
    --size_;
    return item;
  }

 private:
  std::size_t index(std::size_t i) const { return (first_ + i) & (ring_.size() - 1); }

  void grow() {
    std::vector<T> larger(ring_.empty() ? 16 : 2 * ring_.size());  // a power of two, for index()
    for (std::size_t i = 0; i < size_; ++i) larger[i] = ring_[index(i)];
    ring_.swap(larger);
    first_ = 0;
  }

  std::vector<T> ring_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace headway
