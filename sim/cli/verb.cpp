#include "sim/cli/verb.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "core/base/error.h"
#include "sim/install/command.h"

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
  else if constexpr (std::is_same_v<Target, std::vector<std::uint64_t>>)
    check_type<std::uint64_t>(option);
  else if constexpr (std::is_floating_point_v<Target>)
    option.check(number_between<Target>(Limits::lowest(), Limits::max(), "a number"));
}

CommandOption described(const CLI::Option& option, const CLI::App& verb, const KnownOptions& known) {
  CommandOption out{.sentence = option.get_description(),
                    .is_required = option.get_required(),
                    .is_repeated = option.get_expected_max() == CLI::detail::expected_max_vector_size};
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  if (option.get_positional()) out.names = {option.get_name(true)};
  // In the order in which they were declared; CLI11's own is that of their addresses.
  const auto excluded = option.get_excludes();
  for (const CLI::Option* other : verb.get_options()) {
    if (excluded.contains(const_cast<CLI::Option*>(other))) out.excludes.push_back(other->get_name());
  }
  if (option.get_type_size() == 0) return out;      // a flag
  const std::string type = option.get_type_name();  // "UINT:2 to 10000"
  const auto colon = std::min(type.find(':'), type.size());
  out.value = type.substr(0, colon);
  if (colon < type.size()) out.range = type.substr(colon + 1);
  out.default_value = option.get_default_str();
  const auto values = known.find(&option);
  if (values != known.end()) out.known = values->second.names;
  out.takes_file = values == known.end() ? out.value == "TEXT" : values->second.or_file;
  return out;
}

// `path`: of the verbs above it, "headway layout ".
Command described(const CLI::App& verb, const KnownOptions& known, const std::string& path) {
  Command out{.path = path + verb.get_name(), .sentence = verb.get_description(), .footer = verb.get_footer()};
  for (const CLI::Option* option : verb.get_options())
    (option->get_positional() ? out.words : out.options).push_back(described(*option, verb, known));
  for (const CLI::App* inner : verb.get_subcommands([](const CLI::App*) { return true; }))
    out.verbs.push_back(described(*inner, known, out.path + " "));
  return out;
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
  suggests(names);
  return option_->check(check, ""), *this;
}
Option& Option::suggests(const std::vector<std::string>& names, bool or_file) {
  return (*known_)[option_] = {names, or_file}, *this;
}
Option& Option::excludes(const Option& other) { return option_->excludes(other.option_), *this; }
Option& Option::one_word() { return option_->allow_extra_args(false), *this; }

Verb Verb::verb(const std::string& name, const std::string& sentence) {
  app_->require_subcommand(1);
  return Verb(app_->add_subcommand(name, sentence), known_);
}

template <class Target>
Option Verb::option(const std::string& names, Target& target, const std::string& sentence) {
  CLI::Option* const option = app_->add_option(names, target, sentence);
  check_type<Target>(*option);
  return Option(option, known_);
}

Option Verb::flag(const std::string& names, bool& target, const std::string& sentence) {
  return Option(app_->add_flag(names, target, sentence), known_);
}

Option Verb::answer(const std::string& names, const std::string& sentence, std::function<std::string()> text) {
  const auto print = [text = std::move(text)] { throw CLI::CallForVersion(text(), 0); };
  return Option(app_->add_flag_callback(names, print, sentence)->trigger_on_parse(), known_);
}

void Verb::footer(const std::string& text) { app_->footer(text); }
void Verb::run(std::function<void()> action) { app_->callback(std::move(action)); }
Command Verb::described() const { return headway::described(*app_, *known_, ""); }

template Option Verb::option(const std::string&, std::string&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Verb::option(const std::string&, std::filesystem::path&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::uint64_t>&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::filesystem::path>&, const std::string&);
template Option Verb::option(const std::string&, std::uint32_t&, const std::string&);
template Option Verb::option(const std::string&, std::uint64_t&, const std::string&);
template Option Verb::option(const std::string&, std::optional<std::uint64_t>&, const std::string&);
template Option Verb::option(const std::string&, double&, const std::string&);

}  // namespace headway
