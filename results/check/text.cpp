// A check for a terminal: what changed, a line each, red ones first.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/letters.h"
#include "results/check/formats.h"

namespace headway {

namespace {

using Line = std::array<std::string, 6>;

Line line_of(const Change& change) {
  return {change.red ? "RED " + std::string(kind_name(change.kind)) : std::string(kind_name(change.kind)),
          change.policy,
          metric_text(change),
          fmt::format("{} -> {}", before_text(change), after_text(change)),
          change_text(change),
          fmt::format("({}; tolerance {})", interval_text(change), tolerance_text(change.tolerance))};
}

}  // namespace

std::string check_as_text(const Check& check) {
  std::vector<Line> lines;
  for (const bool red : {true, false}) {
    for (const Change& change : check.changes) {
      if (change.red == red && change.kind != ChangeKind::same) lines.push_back(line_of(change));
    }
  }
  std::array<std::size_t, 6> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  }
  std::string out = fmt::format("{} against {}\n", check.scenario, check.baseline_file);
  for (const auto& note : check.notes) out += fmt::format("note: {}\n", note);
  for (const auto& reason : reasons_beside_changes(check)) out += fmt::format("RED {}\n", reason);
  for (const Line& line : lines) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      out += pad_right(line[i], widths[i] + 2);
    out += line.back() + "\n";
  }
  return printable_lines(out + fmt::format("{}: {}\n", check.red() ? "RED" : "green", headline(check)));
}

}  // namespace headway
