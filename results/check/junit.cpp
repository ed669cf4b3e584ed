// A check as JUnit XML, in the form that Jenkins, GitLab and GitHub's reporters read: a test case a policy and metric,
// failed where the check is red.
#include <fmt/format.h>

#include "results/check/formats.h"

namespace headway {

namespace {

// Text and attribute values alike. XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? "\ufffd" : std::string(1, c);
    }
  }
  return out;
}

std::string case_of(const Check& check, const Change& change) {
  std::string out = fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", escaped(check.scenario),
                                escaped(change.policy), escaped(metric_text(change)));
  if (change.kind == ChangeKind::same) return out + "/>\n";
  const std::string sentence = escaped(sentence_of(change));
  out += change.red ? fmt::format(">\n      <failure message=\"{}\" type=\"{}\"/>\n", sentence, kind_name(change.kind))
                    : fmt::format(">\n      <system-out>{}</system-out>\n", sentence);
  return out + "    </testcase>\n";
}

}  // namespace

std::string check_as_junit(const Check& check) {
  std::string cases;
  std::size_t failures = 0;
  for (const Change& change : check.changes) {
    cases += case_of(check, change);
    failures += change.red ? 1 : 0;
  }
  const auto reasons = reasons_beside_changes(check);
  for (const auto& reason : reasons) {
    cases += fmt::format(
        "    <testcase classname=\"{0}\" name=\"{1}\">\n      <error message=\"{1}\" type=\"failed\"/>\n"
        "    </testcase>\n",
        escaped(check.scenario), escaped(reason));
  }
  const std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"",
                                         check.changes.size() + reasons.size(), failures, reasons.size());
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"headway\" {0}>\n"
      "  <testsuite name=\"{1}\" {0}>\n{2}  </testsuite>\n</testsuites>\n",
      counts, escaped(check.scenario), cases);
}

}  // namespace headway
