// A check as GitHub's workflow commands: a step that prints them gets annotations. GitHub shows ten of each sort a
// step, so that each policy gets one with all that is red, and one with what is better.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
#include <fmt/format.h>

#include "core/base/letters.h"
#include "results/check/formats.h"

namespace headway {

namespace {

std::string replaced(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : printable_lines(text)) {
    if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string command(std::string_view level, const Check& check, std::string_view title, std::string_view message) {
  return fmt::format("::{} file={},title={}::{}\n", level, replaced(check.scenario_file, ":,"), replaced(title, ":,"),
                     replaced(message, ""));
}

}  // namespace

std::string check_as_github(const Check& check) {
  std::map<std::string, std::string> red, better;  // by policy: a line a change
  for (const Change& change : check.changes) {
    std::string& lines = change.red ? red[change.policy] : better[change.policy];
    if (change.red || change.kind == ChangeKind::better) lines += sentence_of(change) + "\n";
  }
  std::string out;
  for (const auto& run : check.failed_runs) out += command("error", check, "headway: a run failed", run);
  for (const auto& policy : check.other_work) out += command("error", check, "headway: other work", policy);
  for (const auto& [policy, lines] : red) {
    if (!lines.empty()) out += command("error", check, fmt::format("headway: {}: {}", check.scenario, policy), lines);
  }
  for (const auto& [policy, lines] : better) {
    if (!lines.empty()) out += command("notice", check, fmt::format("headway: {}: {}", check.scenario, policy), lines);
  }
  for (const auto& note : check.notes) out += command("notice", check, "headway: " + check.scenario, note);
  return out;
}

}  // namespace headway
