// A check as GitHub-flavoured Markdown: a heading, and a table of what changed.
#include <fmt/format.h>

#include "core/base/markup.h"
#include "results/check/formats.h"

namespace headway {

namespace {

std::string row_of(const Change& change) {
  const std::string kind(kind_name(change.kind));
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", change.red ? "❌ **" + kind + "**" : kind,
                     markdown_text(change.policy), markdown_text(metric_text(change)), before_text(change),
                     after_text(change), change_text(change), interval_text(change), tolerance_text(change.tolerance));
}

}  // namespace

std::string check_as_markdown(const Check& check) {
  std::string out = fmt::format("### {} headway: {}\n\n{}\n\n", check.red() ? "❌" : "✅", markdown_text(check.scenario),
                                headline(check));
  const auto reasons = reasons_beside_changes(check);
  for (const auto& reason : reasons) out += fmt::format("- ❌ {}\n", markdown_text(reason));
  for (const auto& note : check.notes) out += fmt::format("- {}\n", markdown_text(note));
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
