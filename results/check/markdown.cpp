// A check as GitHub-flavoured Markdown: a heading, and a table of what changed.
#include <fmt/format.h>

#include "core/base/letters.h"
#include "results/check/formats.h"

namespace headway {

namespace {

// Text that people chose, as text: neither markup nor the end of a table's cell. A line's end becomes a space.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : printable_lines(text)) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|~&:#@").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string row_of(const Change& change) {
  const std::string kind(kind_name(change.kind));
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", change.red ? "❌ **" + kind + "**" : kind,
                     plain(change.policy), plain(metric_text(change)), before_text(change), after_text(change),
                     change_text(change), interval_text(change), tolerance_text(change.tolerance));
}

}  // namespace

std::string check_as_markdown(const Check& check) {
  std::string out = fmt::format("### {} headway: {}\n\n{}\n\n", check.red() ? "❌" : "✅", plain(check.scenario),
                                headline(check));
  const auto reasons = reasons_beside_changes(check);
  for (const auto& reason : reasons) out += fmt::format("- ❌ {}\n", plain(reason));
  for (const auto& note : check.notes) out += fmt::format("- {}\n", plain(note));
  if (!reasons.empty() || !check.notes.empty()) out += "\n";
  std::string rows;
  for (const bool red : {true, false}) {
    for (const Change& change : check.changes) {
      if (change.red == red && change.kind != ChangeKind::same) rows += row_of(change);
    }
  }
  if (rows.empty()) return out;
  return out +
         "| | policy | metric | old | new | change | 95 % interval | tolerance "
         "|\n|---|---|---|---:|---:|---:|---|---|\n" +
         rows;
}

}  // namespace headway
