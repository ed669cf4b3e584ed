#include "core/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace headway {

namespace {

std::string sentence(std::string_view file, std::string_view place, std::string_view expected, std::string_view found) {
  std::string text;
  for (const auto part : {file, place}) {
    if (!part.empty()) text += fmt::format("{}: ", part);
  }
  return text + fmt::format("expected {}, found {}", expected, found);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

InputError::InputError(std::string_view file, std::string_view place, std::string_view expected,
                       std::string_view found)
    : std::runtime_error(sentence(file, place, expected, found)) {}

std::string nearest_name(std::string_view wanted, std::span<const std::string> known) {
  std::size_t best = (wanted.size() + 2) / 3 + 1;  // one more than what still counts as near
  std::string nearest;
  for (const auto& name : known) {
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string unknown_name(std::string_view wanted, std::span<const std::string> known) {
  const std::string nearest = nearest_name(wanted, known);
  if (!nearest.empty()) return fmt::format("\"{}\" (did you mean \"{}\"?)", wanted, nearest);
  return fmt::format("\"{}\"; known are {}", wanted, fmt::join(known, ", "));
}

}  // namespace headway
