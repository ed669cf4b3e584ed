// headway policy list: the policies with their parameters, from the one table that scenarios are checked against.
#include <fmt/format.h>

#include <sstream>
#include <utility>

#include "core/strategy.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

// Breaks text into lines of at most `columns` at spaces; `indent` begins each line.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns) {
  std::istringstream words(text);
  std::string line(indent, ' ');
  std::string all;
  for (std::string word; words >> word;) {
    if (line.size() > indent && line.size() + 1 + word.size() > columns) {
      all += line + "\n";
      line.assign(indent, ' ');
    }
    line += (line.size() > indent ? " " : "") + word;
  }
  return all + line + "\n";
}

void print_policy(const Policy& policy) {
  fmt::print("{}\n{}{}", policy.name, wrapped(policy.sentence, 2, 100), wrapped("source: " + policy.source, 2, 100));
  for (const auto& parameter : policy.parameters) {
    fmt::print("  {} = {}{}\n", parameter.name, to_string(parameter.default_value),
               parameter.unit.empty() ? "" : " " + parameter.unit);
    fmt::print("{}{}", wrapped(parameter.sentence, 6, 100), wrapped("takes " + accepted_values(parameter), 6, 100));
  }
}

}  // namespace

void add_policy_verb(Verb& app) {
  Verb verb = app.verb("policy", "The readahead policies");
  verb.verb("list", "Every policy with its parameters, their defaults, units and meanings").run([] {
    bool first = true;
    for (const Policy* policy : policies()) {
      if (!std::exchange(first, false)) fmt::print("\n");
      print_policy(*policy);
    }
  });
}

}  // namespace headway
