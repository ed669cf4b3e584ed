#include "sim/cli/verb.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>

namespace headway {

Option& Option::required() { return option_->required(), *this; }
Option& Option::shows_default() { return option_->capture_default_str(), *this; }
Option& Option::within(std::uint64_t low, std::uint64_t high) { return option_->check(CLI::Range(low, high)), *this; }
Option& Option::within(double low, double high) { return option_->check(CLI::Range(low, high)), *this; }
Option& Option::positive() { return option_->check(CLI::PositiveNumber), *this; }
Option& Option::out_of(const std::vector<std::string>& names) { return option_->check(CLI::IsMember(names)), *this; }
Option& Option::excludes(const Option& other) { return option_->excludes(other.option_), *this; }

Verb Verb::verb(const std::string& name, const std::string& sentence) {
  app_->require_subcommand(1);
  return Verb(app_->add_subcommand(name, sentence));
}

template <class Target>
Option Verb::option(const std::string& names, Target& target, const std::string& sentence) {
  return Option(app_->add_option(names, target, sentence));
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
