// The list of the rules. A new one is a file here that defines its RuleEntry, and its line below.
#include <algorithm>
#include <array>
#include <cassert>

#include "core/copy/rule.h"

namespace headway::copy {

extern const RuleEntry rule_first, rule_pid, rule_round_robin, rule_devid, rule_latency, rule_md_raid1, rule_md_raid10,
    rule_zfs_mirror;

namespace {

constexpr std::array<const RuleEntry*, 8> rules{&rule_first,   &rule_pid,      &rule_round_robin, &rule_devid,
                                                &rule_latency, &rule_md_raid1, &rule_md_raid10,   &rule_zfs_mirror};

}  // namespace

std::vector<Parameter> declare(std::string_view default_rule) {
  std::vector<Parameter> all{{.name = "copy",
                              .default_value = std::string(default_rule),
                              .sentence = "Which copy of a block is read, where there are several."}};
  for (const RuleEntry* rule : rules) {
    all.front().choices.emplace_back(rule->name);
    if (rule->parameters == nullptr) continue;
    for (auto& parameter : rule->parameters()) all.push_back(std::move(parameter));
  }
  return all;
}

std::vector<Parameter> declare_with(std::vector<Parameter> own, std::string_view default_rule) {
  for (auto& parameter : declare(default_rule)) own.push_back(std::move(parameter));
  return own;
}

std::unique_ptr<Rule> make_rule(const Parameters& values) {
  const auto at = std::find_if(rules.begin(), rules.end(),
                               [&](const RuleEntry* rule) { return rule->name == values.choice("copy"); });
  assert(at != rules.end());
  return (*at)->make(values);
}

}  // namespace headway::copy
