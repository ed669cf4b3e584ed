// Letters of UTF-8 texts: names come in any script, and are cut, padded and laid out by what they look like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Code points, so that cutting never splits one.
std::vector<std::string> letters_of(std::string_view text);

// How many terminal columns a UTF-8 text takes, near enough for tables: wide East Asian letters two, combining ones
// none.
std::size_t display_width(std::string_view text);

// With blanks on that side, up to `width` columns; a wider text as it is.
std::string pad_right(std::string text, std::size_t width);
std::string pad_left(const std::string& text, std::size_t width);

}  // namespace headway
