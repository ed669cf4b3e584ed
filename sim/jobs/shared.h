// Memory that this process shares with those that it forks.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <system_error>

namespace headway {

// `count` values, zero at first. Throws std::system_error where there is no memory.
template <class Value>
class Shared {
 public:
  explicit Shared(std::size_t count = 1) : bytes_(std::max<std::size_t>(count, 1) * sizeof(Value)) {
    void* const place = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "memory shared with runs");
    values_ = static_cast<Value*>(place);
    std::uninitialized_value_construct_n(values_, count);
  }
  ~Shared() { ::munmap(values_, bytes_); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  Value& operator[](std::size_t i) const { return values_[i]; }

 private:
  std::size_t bytes_;
  Value* values_ = nullptr;
};

}  // namespace headway
