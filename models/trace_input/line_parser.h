// What a format's file provides: one line in, one request out.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace headway::trace_input {

// What does not fit; becomes an InputError with file and line.
struct BadLine {
  std::string expected;
  std::string found;
};

// A request as its line has it.
struct LineRequest {
  double time_s = 0;
  std::string_view device;  // its name in the trace; points into the line
  std::uint64_t offset_bytes = 0;
  std::uint64_t bytes = 0;
  bool write = false;
};

enum class Line : std::uint8_t { request, nothing, end };  // nothing: a comment, a header; end: no requests follow

class LineParser {
 public:
  virtual ~LineParser() = default;
  // Throws BadLine. Numbers come unchecked for overflow of offset + bytes.
  virtual Line parse(std::string_view line, LineRequest& request) = 0;
};

template <class Parser>
std::unique_ptr<LineParser> make_parser() {
  return std::make_unique<Parser>();
}

inline constexpr std::uint64_t sector_bytes = 512;

// A line's fields: between commas, or between runs of blanks.
class Fields {
 public:
  static Fields by_comma(std::string_view line) { return Fields(line, true); }
  static Fields by_blank(std::string_view line) { return Fields(line, false); }

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t i) const { return fields_[i]; }
  void need(std::size_t least, std::string_view form) const {
    if (fields_.size() < least) throw BadLine{std::string(form), std::to_string(fields_.size()) + " fields"};
  }

  std::uint64_t whole(std::size_t i, std::string_view what, int base = 10) const {
    return number<std::uint64_t>(i, std::string(what) + ", a whole number", base);
  }
  double real(std::size_t i, std::string_view what) const {
    const double value = number<double>(i, std::string(what) + ", a number that is not negative", std::chars_format::general);
    if (!(value >= 0 && value <= 1e300)) fail(i, std::string(what) + ", a number that is not negative");
    return value;
  }
  // A number of sectors, as bytes.
  std::uint64_t sectors(std::size_t i, std::string_view what) const {
    const std::uint64_t count = whole(i, what);
    if (count > UINT64_MAX / sector_bytes) fail(i, std::string(what) + " within 2^64 bytes");
    return count * sector_bytes;
  }
  [[noreturn]] void fail(std::size_t i, std::string expected) const {
    throw BadLine{std::move(expected), '"' + std::string(fields_[i].substr(0, 40)) + '"'};
  }

 private:
  Fields(std::string_view line, bool comma) {
    constexpr std::string_view blanks = " \t\r";
    const std::string_view separators = comma ? "," : blanks;
    std::size_t at = 0;
    while (at <= line.size() && fields_.size() < 32) {  // no format looks at more
      if (!comma) at = std::min(line.find_first_not_of(blanks, at), line.size());
      if (!comma && at == line.size()) break;
      const std::size_t end = std::min(line.find_first_of(separators, at), line.size());
      fields_.push_back(trimmed(line.substr(at, end - at)));
      at = end + 1;
    }
  }

  static std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }

  template <class T, class Form>
  T number(std::size_t i, std::string expected, Form form) const {
    T value{};
    const std::string_view text = fields_[i];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, form);
    if (error != std::errc{} || end != text.data() + text.size()) fail(i, std::move(expected));
    return value;
  }

  std::vector<std::string_view> fields_;
};

}  // namespace headway::trace_input
