// headway policy list: the policies with their parameters, from the one table that scenarios are checked against.
// headway policy check: policies held against what every policy must keep.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/strategy.h"
#include "sim/cli/plugin_option.h"
#include "sim/cli/verbs.h"
#include "sim/plugins/plugin.h"
#include "sim/plugins/policy_check.h"

namespace headway {

namespace {

std::string paragraph(const std::string& text, std::size_t indent) {
  return fmt::format("{:{}}{}\n", "", indent, wrapped(text, indent, 100));
}

void print_policy(const Policy& policy) {
  fmt::print("{}\n{}", policy.name, paragraph(printable(policy.sentence), 2));
  if (!policy.source.empty()) fmt::print("{}", paragraph("source: " + printable(policy.source), 2));
  if (const auto plugin = plugin_of(policy); !plugin.empty())
    fmt::print("{}", paragraph("plug-in: " + printable(plugin.string()), 2));
  for (const auto& parameter : policy.parameters) {
    fmt::print("  {} = {}{}\n", parameter.name, printable(to_string(parameter.default_value)),
               parameter.unit.empty() ? "" : " " + printable(parameter.unit));
    fmt::print("{}{}", paragraph(printable(parameter.sentence), 6),
               paragraph("takes " + printable(accepted_values(parameter)), 6));
  }
}

// A word is a plug-in, with all that it has, or a policy's name.
std::vector<const Policy*> policies_of(const std::string& word) {
  if (const Policy* policy = find_policy(word)) return {policy};
  if (!word.ends_with(".so") && !word.ends_with(".py") && word.find('/') == word.npos)
    throw InputError("", "", "a policy, or a plug-in's file (*.so, *.py)", unknown_name(word, policy_names()));
  load_plugin(word);
  std::vector<const Policy*> all;
  for (const Policy* policy : policies()) {
    if (comes_from(*policy, word)) all.push_back(policy);
  }
  return all;
}

struct CheckWords {
  std::vector<std::string> policies;
  std::uint64_t cases = PolicyCases{}.cases;
  std::uint64_t seed = PolicyCases{}.seed;
};

void check(const CheckWords& words) {
  std::vector<const Policy*> all;
  for (const auto& word : words.policies) {
    for (const Policy* policy : policies_of(word)) all.push_back(policy);
  }
  const PolicyCases options{words.cases, static_cast<std::uint32_t>(words.seed)};
  bool hold = true;
  for (const Policy* policy : all) {
    const PolicyCheck result = check_policy(*policy, options);
    fmt::print("{}", check_report(*policy, options, result));
    std::fflush(stdout);
    hold = hold && result.holds();
  }
  if (!hold) throw Exit{exit_check_failed};
}

void add_check(Verb& verb) {
  Verb check_verb = verb.verb("check",
                              "Hold policies against what every policy must keep, on random small layouts; exit 1, "
                              "and the least case that shows it, where one does not");
  auto words = std::make_shared<CheckWords>();
  check_verb.option("POLICY", words->policies, "a policy's name, or a plug-in (*.so, *.py): all that it has")
      .required();
  check_verb.option("--cases", words->cases, "random cases for each policy")
      .within(std::uint64_t{1}, 100'000'000)
      .shows_default();
  check_verb.option("--seed", words->seed, "of the first case; the others follow")
      .within(std::uint64_t{0}, std::uint64_t{1} << 31)
      .shows_default();
  const PluginOption plugins(check_verb);
  check_verb.run([words, plugins] {
    plugins.load();
    check(*words);
  });
}

}  // namespace

void add_policy_verb(Verb& app) {
  Verb verb = app.verb("policy", "The readahead policies");
  Verb list = verb.verb("list", "Every policy with its parameters, their defaults, units and meanings");
  const PluginOption plugins(list);
  list.run([plugins] {
    plugins.load();
    bool first = true;
    for (const Policy* policy : policies()) {
      if (!std::exchange(first, false)) fmt::print("\n");
      print_policy(*policy);
    }
  });
  add_check(verb);
}

}  // namespace headway
