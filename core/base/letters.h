// Letters of UTF-8 texts: names come in any script, and are cut, padded and laid out by what they look like. utf8proc
// knows Unicode; a byte that is no UTF-8 is a letter of its own, as wide as any, and comes out as it went in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What a reader takes for one letter (Unicode's grapheme clusters: a base with its marks, joined emoji), so that cutting
// never splits one.
std::vector<std::string> letters_of(std::string_view text);

// Its code points, without the bytes that are none, and one of them as text.
std::vector<char32_t> code_points_of(std::string_view text);
std::string utf8_of(char32_t code_point);

// How many terminal columns a text takes, near enough for tables: wide East Asian letters two, combining ones none.
std::size_t display_width(std::string_view text);

// With blanks on that side, up to `width` columns; a wider text as it is.
std::string pad_right(std::string text, std::size_t width);
std::string pad_left(const std::string& text, std::size_t width);

// As it may be shown anywhere: what steers a terminal, ends a line, turns the direction of writing or is no UTF-8 comes
// out as \n, \t, \x1b, \u{202e}. Names, paths and values from people's files go through this before they are printed.
std::string printable(std::string_view text);
// The same of a text of ours with such parts in it, whose own line ends stay.
std::string printable_lines(std::string_view text);

// The words of `text` in lines of at most `columns`, but for a word that is wider by itself. The text begins in column
// `indent`, and so does each further line. No end of line after the last.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns);

}  // namespace headway
