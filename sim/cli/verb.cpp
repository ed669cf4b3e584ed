#include "sim/cli/verb.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "core/base/error.h"

namespace headway {

namespace {

// CLI11 puts the option's name before what a check says.
std::string complaint(std::string_view expected, std::string_view found) {
  return fmt::format("expected {}, found {}", expected, found);
}

// The whole text as a number in decimal; `noun` is what it should be. transform() puts it before what is there already,
// check() behind.
template <class Number>
CLI::Validator number_between(Number low, Number high, std::string_view noun) {
  const bool bounded = high != std::numeric_limits<Number>::max();
  const std::string expected =
      fmt::format("{}{}", noun, bounded ? fmt::format(" from {} to {}", low, high) : std::string());
  return {[=](const std::string& text) -> std::string {
            Number value{};
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool whole = error == std::errc{} && end == text.data() + text.size();
            return whole && value >= low && value <= high ? "" : complaint(expected, fmt::format("\"{}\"", text));
          },
          bounded ? fmt::format("{} to {}", low, high) : ""};
}

// Of an option that fills a `Target`.
template <class Target>
void check_type(CLI::Option& option) {
  using Limits = std::numeric_limits<Target>;
  if constexpr (std::is_same_v<Target, std::optional<std::uint64_t>>)
    check_type<std::uint64_t>(option);
  else if constexpr (std::is_integral_v<Target>)
    option.check(number_between<Target>(0, Limits::max(), "a whole number"));
  else if constexpr (std::is_floating_point_v<Target>)
    option.check(number_between<Target>(Limits::lowest(), Limits::max(), "a number"));
}

}  // namespace

Option& Option::required() { return option_->required(), *this; }
Option& Option::shows_default() { return option_->capture_default_str(), *this; }
Option& Option::within(std::uint64_t low, std::uint64_t high) {
  return option_->transform(number_between(low, high, "a whole number")), *this;
}
Option& Option::within(double low, double high) {
  return option_->transform(number_between(low, high, "a number")), *this;
}
Option& Option::positive() {
  constexpr double least = std::numeric_limits<double>::denorm_min();
  return option_->transform(number_between(least, std::numeric_limits<double>::max(), "a number above 0")), *this;
}
Option& Option::out_of(const std::vector<std::string>& names, const std::string& noun) {
  const auto check = [names, noun](const std::string& name) -> std::string {
    return std::ranges::find(names, name) != names.end() ? "" : complaint(noun, unknown_name(name, names));
  };
  return option_->check(check, ""), *this;
}
Option& Option::excludes(const Option& other) { return option_->excludes(other.option_), *this; }

Verb Verb::verb(const std::string& name, const std::string& sentence) {
  app_->require_subcommand(1);
  return Verb(app_->add_subcommand(name, sentence));
}

template <class Target>
Option Verb::option(const std::string& names, Target& target, const std::string& sentence) {
  CLI::Option* const option = app_->add_option(names, target, sentence);
  check_type<Target>(*option);
  return Option(option);
}

Option Verb::flag(const std::string& names, bool& target, const std::string& sentence) {
  return Option(app_->add_flag(names, target, sentence));
}

void Verb::footer(const std::string& text) { app_->footer(text); }
void Verb::run(std::function<void()> action) { app_->callback(std::move(action)); }

template Option Verb::option(const std::string&, std::string&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Verb::option(const std::string&, std::filesystem::path&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::filesystem::path>&, const std::string&);
template Option Verb::option(const std::string&, std::uint32_t&, const std::string&);
template Option Verb::option(const std::string&, std::uint64_t&, const std::string&);
template Option Verb::option(const std::string&, std::optional<std::uint64_t>&, const std::string&);
template Option Verb::option(const std::string&, double&, const std::string&);

}  // namespace headway
