#include "core/parameter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <optional>

namespace headway {

namespace {

// `value` as the parameter's own type, or nothing.
std::optional<ParameterValue> converted(const Parameter& parameter, const ParameterValue& value) {
  if (std::holds_alternative<bool>(parameter.default_value)) {
    if (std::holds_alternative<bool>(value)) return value;
    const auto* word = std::get_if<std::string>(&value);
    if (word && (*word == "on" || *word == "off")) return *word == "on";
    return std::nullopt;
  }
  if (std::holds_alternative<std::int64_t>(parameter.default_value)) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number && *number >= parameter.low && *number <= parameter.high) return value;
    return std::nullopt;
  }
  const auto* word = std::get_if<std::string>(&value);
  if (word && std::find(parameter.choices.begin(), parameter.choices.end(), *word) != parameter.choices.end())
    return value;
  return std::nullopt;
}

}  // namespace

std::string to_string(const ParameterValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<std::string>(value);
}

std::string accepted_values(const Parameter& parameter) {
  if (std::holds_alternative<bool>(parameter.default_value)) return "true or false";
  if (std::holds_alternative<std::string>(parameter.default_value))
    return fmt::format("one of {}", fmt::join(parameter.choices, ", "));
  const std::string range = parameter.high == INT64_MAX ? fmt::format("{} or more", parameter.low)
                                                        : fmt::format("{} to {}", parameter.low, parameter.high);
  return fmt::format("a whole number{}{}, {}", parameter.unit.empty() ? "" : " of ", parameter.unit, range);
}

std::vector<std::string> names(std::span<const Parameter> parameters) {
  std::vector<std::string> all;
  for (const auto& parameter : parameters) all.push_back(parameter.name);
  return all;
}

Parameters::Parameters(std::vector<Parameter> declared) : declared_(std::move(declared)) {
  for (const auto& parameter : declared_) {
    assert(converted(parameter, parameter.default_value));
    values_.push_back(parameter.default_value);
  }
}

const Parameter* Parameters::find(std::string_view name) const {
  const auto at = std::find_if(declared_.begin(), declared_.end(), [&](const auto& p) { return p.name == name; });
  return at == declared_.end() ? nullptr : &*at;
}

std::size_t Parameters::place(std::string_view name) const {
  const Parameter* parameter = find(name);
  assert(parameter);
  return static_cast<std::size_t>(parameter - declared_.data());
}

bool Parameters::accepts(const Parameter& parameter, const ParameterValue& value) {
  return converted(parameter, value).has_value();
}

void Parameters::set(std::string_view name, const ParameterValue& value) {
  const std::size_t at = place(name);
  const auto own = converted(declared_[at], value);
  assert(own);
  values_[at] = *own;
}

bool Parameters::flag(std::string_view name) const { return std::get<bool>(values_[place(name)]); }
std::int64_t Parameters::integer(std::string_view name) const { return std::get<std::int64_t>(values_[place(name)]); }
const std::string& Parameters::choice(std::string_view name) const {
  return std::get<std::string>(values_[place(name)]);
}
const ParameterValue& Parameters::value(std::string_view name) const { return values_[place(name)]; }

}  // namespace headway
