#include "sim/scenario/policy_keys.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace headway {

namespace {

// What stands there as the parameter takes it. Throws InputError.
ParameterValue read_parameter(const Parameter& parameter, const JsonNode& node) {
  std::optional<ParameterValue> value;
  if (node.json().is_boolean()) value = node.boolean();
  if (node.json().is_string()) value = node.string();
  if (const auto number = node.whole()) value = *number;
  if (!value || !Parameters::accepts(parameter, *value)) node.fail(accepted_values(parameter));
  return *value;
}

Shape parameter_shape(const Parameter& parameter) {
  Shape shape = Shape::choice(parameter.choices);
  if (std::holds_alternative<bool>(parameter.default_value))
    shape = Shape::either({Shape::flag(), Shape::choice({"on", "off"})}, "");
  if (std::holds_alternative<std::int64_t>(parameter.default_value))
    shape = Shape::integer(parameter.low, parameter.high, parameter.unit);
  return shape.checked_by([parameter](const JsonNode& node) { read_parameter(parameter, node); });
}

KeyShape key_of(const Parameter& parameter) {
  const auto text = [](const auto& value) { return json_text(value); };
  const std::string unit = parameter.unit.empty() ? "" : " In " + parameter.unit + ".";
  return {parameter.name, parameter_shape(parameter), parameter.sentence + unit, false,
          std::visit(text, parameter.default_value)};
}

TaggedShape strategies() {
  TaggedShape all{.tag = "strategy", .sentence = "The policy that this is: it goes by another name here.", .cases = {}};
  for (const Policy* policy : policies()) {
    ObjectShape keys;
    for (const auto& parameter : policy->parameters) keys.keys.push_back(key_of(parameter));
    all.cases.push_back({{policy->name}, policy->sentence, std::move(keys), "policy-" + policy->name});
  }
  return all;
}

PolicySpec read_policy(const std::string& name, const JsonNode& item) {
  PolicySpec spec;
  spec.name = name;
  const auto strategy = item.find("strategy");
  const std::string wanted = strategy ? strategy->string() : name;
  spec.policy = find_policy(wanted);
  if (!spec.policy) {
    const std::string found = unknown_name(wanted, policy_names()) + "; `headway policy list` shows them all";
    if (strategy) strategy->fail("a known strategy", found);
    item.fail("the name of a policy, or a \"strategy\" inside", found);
  }
  spec.parameters = Parameters(spec.policy->parameters);
  std::vector<std::string> keys = names(spec.policy->parameters);
  keys.push_back("strategy");
  item.allow_only(keys);
  for (const auto& [key, value] : item.members()) {
    if (key != "strategy") spec.parameters.set(key, read_parameter(*spec.parameters.find(key), value));
  }
  return spec;
}

}  // namespace

Shape policies_shape() {
  const TaggedShape all = strategies();
  const Shape strategy = Shape::tagged(all).named("strategy");
  ObjectShape object;
  for (const auto& one : all.cases)
    object.keys.push_back({one.names[0], Shape::either({all.shape_of(one), strategy}, ""), one.sentence, false, ""});
  object.others = strategy;
  object.at_least_one = "policy";
  return Shape::object(object).checked_by([](const JsonNode& node) { read_policies(node); });
}

std::vector<PolicySpec> read_policies(const JsonNode& node) {
  std::vector<PolicySpec> all;
  for (const auto& [name, item] : node.members()) {
    if (name.empty()) node.fail("names of policies", "an empty one");
    all.push_back(read_policy(name, item));
  }
  if (all.empty()) node.fail("at least one policy");
  return all;
}

}  // namespace headway
