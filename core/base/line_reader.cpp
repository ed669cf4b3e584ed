#include "core/base/line_reader.h"

#include <cstring>

namespace headway {

std::size_t LineReader::find_end() const {
  const void* const at = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
  return at == nullptr ? end_ : static_cast<std::size_t>(static_cast<const char*>(at) - buffer_.data());
}

void LineReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::size_t got = source_.read(std::as_writable_bytes(std::span(buffer_).subspan(end_)));
  drained_ = got < buffer_.size() - end_;
  end_ += got;
}

std::optional<std::string_view> LineReader::next() {
  for (;;) {
    std::size_t line_end = find_end();
    if (line_end == end_ && !drained_ && end_ - begin_ < buffer_.size()) {
      fill();
      line_end = find_end();
    }
    if (begin_ == end_) return std::nullopt;
    const std::string_view line(buffer_.data() + begin_, line_end - begin_);
    const bool has_end = line_end < end_;
    const bool rest_of_cut_line = skipping_;
    skipping_ = !has_end && !drained_;
    begin_ = has_end ? line_end + 1 : end_;
    ended_ = has_end || skipping_;
    if (rest_of_cut_line) continue;
    ++number_;
    return line;
  }
}

}  // namespace headway
