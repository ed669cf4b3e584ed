// What has been published beside what came out: on the terminal below a run's table, and as the table that a README has
// of many scenarios.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/files/published.h"

namespace headway {

// A paragraph a figure, of at most 100 columns; empty where nothing was published.
std::string published_lines(const Results& results);

struct PublishedTable {
  std::string markdown;              // the table, and below it how many of them are inside and outside
  std::vector<std::string> missing;  // figures that are outside without a reason, or have no value
};

// Of all that was published of these results' scenarios, in the order of the scenarios' files. A figure that is
// relative to another scenario finds its results among them.
PublishedTable published_table(const std::vector<Results>& all);

// Where the table stands in a text: behind the first mark, before the second, a line each.
inline constexpr std::string_view published_begin = "<!-- headway published table: begin -->";
inline constexpr std::string_view published_end = "<!-- headway published table: end -->";

// The text with the table between its marks. Throws InputError, that names `file`, where it does not have both.
std::string with_table(const std::string& text, const std::string& table, const std::string& file);

}  // namespace headway
