// See document_kind.h.
#include "core/base/document_kind.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace headway {

namespace {

struct DocumentKind {
  std::string_view name;
  std::array<std::string_view, 4> keys;  // at the top, and of no kind above that it could be taken for
};

constexpr std::array<DocumentKind, 6> kinds{{
    {document::results, {"headway", "summary"}},
    {document::scenario, {"layout", "workload", "policies"}},
    {document::sweep, {"grid", "list", "random"}},
    {document::drive, {"drive", "rpm", "surfaces", "channels"}},
    {document::grow, {"trees", "rounds", "placement", "node_bytes"}},
    {"the timing of runs", {"runs"}},
}};

bool is_of(const DocumentKind& kind, const JsonNode& root) {
  return std::ranges::any_of(kind.keys, [&](std::string_view key) { return !key.empty() && root.has(key); });
}

}  // namespace

void expect_document(const JsonNode& root, std::string_view kind) {
  if (!root.path().empty() || is_of(*std::ranges::find(kinds, kind, &DocumentKind::name), root)) return;
  for (const DocumentKind& other : kinds) {
    if (is_of(other, root)) throw InputError(root.file(), "", kind, other.name);
  }
}

}  // namespace headway
