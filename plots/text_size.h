// How wide texts are when they are drawn, so that a page can be laid out before gnuplot sees it.
//
// Figures are set in DejaVu Sans; its widths of ASCII letters stand here as a table, so that the same labels make the
// same page on every machine. Other letters count as wide as the widest usual ones of their kind: a page may get more
// room than it needs, never less. A browser without that font takes Verdana, which is as wide, or a narrower one; TeX
// sets texts in the document's font, which is narrower unless it is a typewriter's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// In ems, that is, in sizes of the font. Of several lines, the widest.
double text_ems(std::string_view text);

std::vector<std::string> lines_of(std::string_view text);  // at its line ends; at least one

// `text` in at most `lines` lines of at most `ems`, broken after '-', '_', '/' or ' ' where possible. What is too long
// loses its middle to an ellipsis, for names of one family differ at their ends.
std::string wrapped_label(std::string_view text, double ems, std::size_t lines);

// The same for names that stand together: two that differ stay different, by a number if need be.
std::vector<std::string> wrapped_labels(const std::vector<std::string>& texts, double ems, std::size_t lines);

}  // namespace headway
