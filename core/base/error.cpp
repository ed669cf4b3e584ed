#include "core/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/letters.h"

namespace headway {

namespace {

std::string sentence(std::string_view file, std::string_view place, std::string_view expected, std::string_view found) {
  std::string text;
  for (const auto part : {file, place}) {
    if (!part.empty()) text += fmt::format("{}: ", printable(part));
  }
  return text + fmt::format("expected {}, found {}", printable(expected), printable(found));
}

// As somebody types it who minds neither case nor which stroke or blank parts the words.
std::string folded(std::string_view name) {
  std::string all;
  for (const char c : name) {
    const bool parts = c == '_' || c == ' ' || c == '.';
    all += parts ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return all;
}

// How many letters to put in, leave out, replace or swap with their neighbour: Damerau's, each place touched once.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), row[j - 1] + 1, last[j] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

InputError::InputError(std::string_view file, std::string_view place, std::string_view expected,
                       std::string_view found)
    : std::runtime_error(sentence(file, place, expected, found)) {}

std::string nearest_name(std::string_view wanted, std::span<const std::string> known) {
  constexpr std::size_t longest = 100;  // what nobody mistypes, and would take time
  constexpr std::size_t shortest_begin = 3;
  if (wanted.size() > longest) return "";
  const std::string mistyped = folded(wanted);
  const std::size_t allowed = mistyped.size() > 2 ? (mistyped.size() + 2) / 3 : 0;
  std::size_t best = allowed + 1;  // one more than what still counts as near
  std::string nearest;
  for (const auto& name : known) {
    const std::size_t distance = edit_distance(mistyped, folded(name));
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  if (!nearest.empty() || mistyped.size() < shortest_begin) return nearest;
  const auto goes_on = [&](const std::string& name) { return folded(name).starts_with(mistyped); };
  const auto begun = std::ranges::find_if(known, goes_on);
  return begun == known.end() ? "" : *begun;
}

std::string unknown_name(std::string_view wanted, std::span<const std::string> known) {
  const std::string nearest = nearest_name(wanted, known);
  if (!nearest.empty()) return fmt::format("\"{}\" (did you mean \"{}\"?)", wanted, nearest);
  if (known.empty()) return fmt::format("\"{}\"; there is none to choose from", wanted);
  return fmt::format("\"{}\"; known are {}", wanted, fmt::join(known, ", "));
}

}  // namespace headway
