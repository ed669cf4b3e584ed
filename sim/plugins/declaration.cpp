// See declaration.h.
#include "sim/plugins/declaration.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/letters.h"
#include "sim/plugins/plugin.h"

namespace headway {

namespace {

// What file names, schema and command line take without a thought.
bool is_plain_name(std::string_view name, std::string_view others) {
  const auto is_plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  };
  return !name.empty() && std::ranges::all_of(name, is_plain);
}

std::string wrong_parameter(const Parameter& parameter) {
  if (!is_plain_name(parameter.name, "_"))
    return fmt::format("parameter \"{}\": a name of other letters than a-z, 0-9 and _", printable(parameter.name));
  if (parameter.name == "strategy") return "a parameter \"strategy\", which in scenarios says which policy it is";
  if (parameter.sentence.empty()) return fmt::format("parameter {} without a sentence", parameter.name);
  if (!Parameters::accepts(parameter, parameter.default_value))
    return fmt::format("parameter {}: a default, {}, that it does not take itself: it takes {}", parameter.name,
                       printable(to_string(parameter.default_value)), printable(accepted_values(parameter)));
  return "";
}

std::string wrong_policy(const Policy& policy) {
  if (policy.sentence.empty()) return "no sentence that says what it does";
  if (policy.make == nullptr) return "no `make`";
  std::set<std::string> names;
  for (const Parameter& parameter : policy.parameters) {
    if (auto why = wrong_parameter(parameter); !why.empty()) return why;
    if (!names.insert(parameter.name).second) return fmt::format("two parameters {}", parameter.name);
  }
  return "";
}

}  // namespace

std::string wrong_declaration(const PluginContents& contents) {
  if (contents.policies.empty()) return "one without a policy";
  std::set<std::string> names;
  for (const Policy* policy : contents.policies) {
    if (policy == nullptr) return "one with no policy where one should be";
    if (!is_plain_name(policy->name, "-_."))
      return fmt::format("a policy \"{}\", a name of other letters than a-z, 0-9, -, _ and .", printable(policy->name));
    if (const Policy* other = find_policy(policy->name)) {
      const auto file = plugin_of(*other).string();
      return fmt::format("a policy {}, a name that {} has", policy->name,
                         file.empty() ? "a policy of headway" : fmt::format("one of {}", file));
    }
    if (!names.insert(policy->name).second) return fmt::format("two policies {}", policy->name);
    if (auto why = wrong_policy(*policy); !why.empty()) return fmt::format("policy {}: {}", policy->name, why);
  }
  return "";
}

}  // namespace headway
