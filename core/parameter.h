// A policy's parameters: each declared once, with everything that parsing, checking and help need.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headway {

using ParameterValue = std::variant<bool, std::int64_t, std::string>;

// The default's type is the parameter's: bool for switches, integers within [low, high], strings out of `choices`.
struct Parameter {
  std::string name;
  ParameterValue default_value;
  std::string unit;  // empty where it has none
  std::string sentence;
  std::int64_t low = 0;
  std::int64_t high = INT64_MAX;
  std::vector<std::string> choices;
};

std::string to_string(const ParameterValue& value);
// What the parameter accepts: "true or false", "a whole number from 1 to 1024", "one of a, b, c".
std::string accepted_values(const Parameter& parameter);
std::vector<std::string> names(std::span<const Parameter> parameters);

// The values of one policy's parameters, defaults filled in.
class Parameters {
 public:
  explicit Parameters(std::vector<Parameter> declared);

  std::span<const Parameter> declared() const { return declared_; }
  const Parameter* find(std::string_view name) const;
  // Whether `value` is of the parameter's type and range. A switch also takes "on" and "off".
  static bool accepts(const Parameter& parameter, const ParameterValue& value);
  // Precondition: find(name) and accepts().
  void set(std::string_view name, const ParameterValue& value);

  // Precondition of all: declared with this type.
  bool flag(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  const std::string& choice(std::string_view name) const;
  const ParameterValue& value(std::string_view name) const;

 private:
  std::size_t place(std::string_view name) const;

  std::vector<Parameter> declared_;
  std::vector<ParameterValue> values_;
};

}  // namespace headway
