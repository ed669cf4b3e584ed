#include "core/base/pattern.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <functional>

namespace headway {

namespace {

using Next = std::function<bool(std::string_view text)>;  // whether what stands behind fits as well

// Where the first `end` outside of parentheses is, or the pattern's end.
std::size_t end_of(std::string_view pattern, char end) {
  int depth = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (depth == 0 && pattern[at] == end) return at;
    depth += pattern[at] == '(' ? 1 : pattern[at] == ')' ? -1 : 0;
  }
  return pattern.size();
}

bool in_class(std::string_view letters, char letter) {
  for (std::size_t at = 0; at < letters.size(); ++at) {
    const bool range = at + 2 < letters.size() && letters[at + 1] == '-';
    if (letter >= letters[at] && letter <= letters[range ? at + 2 : at]) return true;
    if (range) at += 2;
  }
  return false;
}

struct Times {
  std::size_t least = 1, most = 1;
};

// "{1,19}", cut off the pattern; once without.
Times take_times(std::string_view& pattern) {
  Times times;
  if (!pattern.starts_with('{')) return times;
  const char* const end = pattern.data() + pattern.find('}');
  const auto [comma, error] = std::from_chars(pattern.data() + 1, end, times.least);
  std::from_chars(comma + 1, end, times.most);
  pattern.remove_prefix(pattern.find('}') + 1);
  return times;
}

bool one_of(std::string_view alternatives, std::string_view text, const Next& next);

bool fits(std::string_view pattern, std::string_view text, const Next& next) {
  if (pattern.empty()) return next(text);
  const char first = pattern.front();
  if (first == '$') return text.empty() && fits(pattern.substr(1), text, next);
  if (first == '(') {
    pattern.remove_prefix(1);
    const std::size_t end = end_of(pattern, ')');
    const std::string_view behind = pattern.substr(end + 1);
    return one_of(pattern.substr(0, end), text, [&](std::string_view rest) { return fits(behind, rest, next); });
  }
  if (first != '[') return text.starts_with(first) && fits(pattern.substr(1), text.substr(1), next);
  const std::string_view letters = pattern.substr(1, pattern.find(']') - 1);
  pattern.remove_prefix(letters.size() + 2);
  const Times times = take_times(pattern);
  std::size_t count = 0;
  while (count < std::min(times.most, text.size()) && in_class(letters, text[count])) ++count;
  for (; count + 1 > times.least; --count) {
    if (fits(pattern, text.substr(count), next)) return true;
    if (count == 0) break;
  }
  return false;
}

bool one_of(std::string_view alternatives, std::string_view text, const Next& next) {
  for (;;) {
    const std::size_t end = end_of(alternatives, '|');
    if (fits(alternatives.substr(0, end), text, next)) return true;
    if (end == alternatives.size()) return false;
    alternatives.remove_prefix(end + 1);
  }
}

}  // namespace

bool fits_pattern(std::string_view pattern, std::string_view text) {
  assert(pattern.starts_with('^') && pattern.find_first_of("\\.*+?") == pattern.npos);
  return one_of(pattern.substr(1), text, [](std::string_view) { return true; });
}

}  // namespace headway
