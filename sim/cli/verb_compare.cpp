// headway compare: two results side by side, as of a live run and its prediction.
#include <fmt/format.h>

#include "core/base/letters.h"
#include "results/files/work.h"
#include "results/tables/side_by_side.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct CompareWords {
  std::string first, second;
};

// What a reader looks for: which is measured; where that tells nothing, the name that was given.
std::string name_of(const Results& results, const Results& other, const std::string& given) {
  if (results.measured == other.measured) return printable(given);
  return results.measured ? "measured" : "simulated";
}

void compare(const CompareWords& words) {
  const Results first = read_results(words.first), second = read_results(words.second);
  for (const auto& [results, given] : {std::pair(&first, &words.first), std::pair(&second, &words.second)}) {
    for (const auto& sentence : changed_files(*results, run_directory(*given))) say_note(sentence);
    for (const auto& sentence : results->notes) say_note(fmt::format("{}: {}", *given, sentence));
  }
  fmt::print(
      "{}\n{}", printable(title_of(first)),
      side_by_side_table({first, name_of(first, second, words.first)}, {second, name_of(second, first, words.second)}));
}

}  // namespace

void add_compare_verb(Verb& app) {
  Verb verb = app.verb("compare", "Show two results side by side, with the ratio of the second to the first");
  auto words = std::make_shared<CompareWords>();
  verb.option("FIRST", words->first, "a results.json, or the directory of a run: what was measured").required();
  verb.option("SECOND", words->second, "another of the same policies: what was simulated").required();
  verb.run([words] { compare(*words); });
}

}  // namespace headway
