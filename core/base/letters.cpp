// See letters.h.
#include "core/base/letters.h"

#include <utf8proc.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace headway {

namespace {

constexpr utf8proc_int32_t no_code_point = -1;

// Calls f(code point, its bytes) for each, and f(no_code_point, byte) for a byte that begins none.
template <typename F>
void for_each_code_point(std::string_view text, const F& f) {
  while (!text.empty()) {
    utf8proc_int32_t code = no_code_point;
    const auto length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), std::ssize(text), &code);
    const std::size_t bytes = length > 0 ? static_cast<std::size_t>(length) : 1;
    f(length > 0 ? code : no_code_point, text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
}

}  // namespace

std::vector<std::string> letters_of(std::string_view text) {
  std::vector<std::string> letters;
  utf8proc_int32_t last = no_code_point, state = 0;
  for_each_code_point(text, [&](utf8proc_int32_t code, std::string_view bytes) {
    if (last == no_code_point || code == no_code_point) {
      state = 0;
      letters.emplace_back(bytes);
    } else if (utf8proc_grapheme_break_stateful(last, code, &state)) {
      letters.emplace_back(bytes);
    } else {
      letters.back() += bytes;
    }
    last = code;
  });
  return letters;
}

std::vector<char32_t> code_points_of(std::string_view text) {
  std::vector<char32_t> codes;
  for_each_code_point(text, [&](utf8proc_int32_t code, std::string_view) {
    if (code != no_code_point) codes.push_back(static_cast<char32_t>(code));
  });
  return codes;
}

std::string utf8_of(char32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes.data());
  return {bytes.begin(), bytes.begin() + length};
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for_each_code_point(text, [&](utf8proc_int32_t code, std::string_view) {
    width += code < 0x80 ? 1 : static_cast<std::size_t>(utf8proc_charwidth(code));
  });
  return width;
}

std::string pad_right(std::string text, std::size_t width) {
  const std::size_t shown = display_width(text);
  if (shown < width) text.append(width - shown, ' ');
  return text;
}

std::string pad_left(const std::string& text, std::size_t width) {
  const std::size_t shown = display_width(text);
  return shown < width ? std::string(width - shown, ' ') + text : text;
}

std::string printable(std::string_view text) {
  std::string out;
  for_each_code_point(text, [&](utf8proc_int32_t code, std::string_view bytes) {
    const auto category = code == no_code_point ? UTF8PROC_CATEGORY_CN : utf8proc_category(code);
    const bool none = code >= 0 && (code & 0xfffe) == 0xfffe;  // for no text ever, and not in XML
    const bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    if (code == '\n' || code == '\t')
      out += code == '\n' ? "\\n" : "\\t";
    else if (code == no_code_point || (category == UTF8PROC_CATEGORY_CC && code < 0x80))
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    else if (none || turns || category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
             category == UTF8PROC_CATEGORY_ZP)
      out += fmt::format("\\u{{{:x}}}", code);
    else
      out += bytes;
  });
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out = printable(text.substr(0, text.find('\n')));
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;) {
    const std::size_t begin = end + 1;
    end = text.find('\n', begin);
    out += '\n' + printable(text.substr(begin, end - begin));
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t begin = text.find_first_not_of(' '); begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t width = display_width(word);
    if (column != indent && column + 1 + width > columns) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column != indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    begin = text.find_first_not_of(' ', end);
  }
  return out;
}

}  // namespace headway
