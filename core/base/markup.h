// Text that people chose, inside what other programs read as more than text.
#pragma once

#include <string>
#include <string_view>

namespace headway {

// As a cell of CSV (RFC 4180): in quotes where it needs them.
std::string csv_text(std::string_view text);
// As Markdown: neither markup nor the end of a table's cell. A line's end becomes a space.
std::string markdown_text(std::string_view text);
// As LaTeX in text mode: no commands, no maths. A line's end becomes a space; other letters stay UTF-8.
std::string latex_text(std::string_view text);

}  // namespace headway
