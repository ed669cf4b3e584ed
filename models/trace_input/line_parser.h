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

// Where a second trace begins in a file: its times start anew, and its devices may be others.
inline BadLine another_trace() { return {"one trace a file", "the beginning of another"}; }

// A request as its line has it.
struct LineRequest {
  double time_s = 0;
  std::string_view device;  // its name in the trace; points into the line
  std::uint64_t offset_bytes = 0;
  std::uint64_t bytes = 0;
  bool write = false;
};

enum class Line : std::uint8_t { request, nothing };  // nothing: a comment, a header

class LineParser {
 public:
  virtual ~LineParser() = default;
  // Throws BadLine. Numbers come unchecked for overflow of offset + bytes.
  virtual Line parse(std::string_view line, LineRequest& request) = 0;
  // What a trace without a request lacks, and what stands there instead.
  virtual BadLine nothing_found() const { return {"a trace with a request", "none"}; }
};

template <class Parser>
std::unique_ptr<LineParser> make_parser(std::string_view) {
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
  // Whether the field is that word of small letters, in letters of any size: tools that convert traces change them.
  bool is(std::size_t i, std::string_view word) const {
    return std::ranges::equal(fields_[i], word, {}, [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
  }
  void need(std::size_t least, std::string_view form) const {
    if (fields_.size() < least) throw BadLine{std::string(form), std::to_string(fields_.size()) + " fields"};
  }

  std::string_view name(std::size_t i, std::string_view what) const {
    if (fields_[i].empty()) fail(i, std::string(what));
    return fields_[i];
  }
  std::uint64_t whole(std::size_t i, std::string_view what) const {
    return number<std::uint64_t>(i, fields_[i], std::string(what) + ", a whole number", 10);
  }
  // With or without 0x, as C's %x takes it.
  std::uint64_t hexadecimal(std::size_t i, std::string_view what) const {
    const std::string_view text = fields_[i];
    const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
    return number<std::uint64_t>(i, text.substr(prefixed ? 2 : 0), std::string(what) + ", a whole number", 16);
  }
  double real(std::size_t i, std::string_view what) const {
    const std::string expected = std::string(what) + ", a number that is not negative";
    const double value = number<double>(i, fields_[i], expected, std::chars_format::general);
    if (!(value >= 0 && value <= 1e300)) fail(i, expected);
    return value;
  }
  // From one field to a later one, and what is between them.
  static std::string_view through(std::string_view first, std::string_view last) {
    return {first.data(), static_cast<std::size_t>(last.data() - first.data()) + last.size()};
  }
  // A read, a write, by two words of small letters.
  bool is_write(std::size_t i, std::string_view read, std::string_view write, std::string_view expected) const {
    if (!is(i, read) && !is(i, write)) fail(i, std::string(expected));
    return is(i, write);
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
    if (first == std::string_view::npos) return text.substr(0, 0);  // of the line still: devices are cut out of it
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }

  template <class T, class Form>
  T number(std::size_t i, std::string_view text, std::string expected, Form form) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, form);
    if (error != std::errc{} || end != text.data() + text.size()) fail(i, std::move(expected));
    return value;
  }

  std::vector<std::string_view> fields_;
};

}  // namespace headway::trace_input
