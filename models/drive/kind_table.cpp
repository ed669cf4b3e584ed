#include "models/drive/kind_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace headway {

std::vector<std::string> names_of(std::span<const Kind> kinds) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.emplace_back(kind.name);
  return names;
}

std::string with_sentences(std::string_view sentence, std::span<const Kind> kinds) {
  std::string text(sentence);
  for (const Kind& kind : kinds) text += fmt::format(" {}: {}", kind.name, kind.sentence);
  return text;
}

std::size_t place_of(std::string_view name, std::span<const Kind> kinds, std::string_view what) {
  const auto found = std::ranges::find(kinds, name, &Kind::name);
  if (found == kinds.end()) throw InputError("", what, "a known name", unknown_name(name, names_of(kinds)));
  return static_cast<std::size_t>(found - kinds.begin());
}

}  // namespace headway
