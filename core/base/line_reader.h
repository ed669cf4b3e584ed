// Lines of a text that may be of any size and need not be a text at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/byte_source.h"

namespace headway {

class LineReader {
 public:
  explicit LineReader(ByteSource& source) : source_(source), buffer_(buffer_bytes) {}

  // The next line without its end; a line is cut to what the buffer holds (1 MiB), which no line that matters fills.
  // The view holds until the next call. Nothing at the end.
  std::optional<std::string_view> next();
  std::uint64_t number() const { return number_; }  // of the line last read, from 1
  bool ended() const { return ended_; }             // whether the line last read had an end of its own

 private:
  static constexpr std::size_t buffer_bytes = 1 << 20;
  void fill();
  std::size_t find_end() const;

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  bool drained_ = false;
  bool ended_ = true;
  bool skipping_ = false;  // the rest of a line that was cut
};

}  // namespace headway
