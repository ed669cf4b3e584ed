// headway policy list: the policies with their parameters, from the one table that scenarios are checked against.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "core/base/letters.h"
#include "core/strategy.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

std::string paragraph(const std::string& text, std::size_t indent) {
  return fmt::format("{:{}}{}\n", "", indent, wrapped(text, indent, 100));
}

void print_policy(const Policy& policy) {
  fmt::print("{}\n{}{}", policy.name, paragraph(policy.sentence, 2), paragraph("source: " + policy.source, 2));
  for (const auto& parameter : policy.parameters) {
    fmt::print("  {} = {}{}\n", parameter.name, to_string(parameter.default_value),
               parameter.unit.empty() ? "" : " " + parameter.unit);
    fmt::print("{}{}", paragraph(parameter.sentence, 6), paragraph("takes " + accepted_values(parameter), 6));
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
