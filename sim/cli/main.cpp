// The program: one verb after its name, exit codes as verbs.h has them.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/freed_memory.h"
#include "core/base/letters.h"
#include "sim/cli/verbs.h"
#include "sim/cli/versions.h"

namespace {

// As it is called: "headway layout import".
std::string path_of(const CLI::App& verb) {
  const CLI::App* parent = verb.get_parent();
  return parent == nullptr ? verb.get_name() : path_of(*parent) + " " + verb.get_name();
}

// What an option is, without the list of what it takes.
std::string heading(const std::string& text) { return text.substr(0, text.find_first_of(":\n")); }

std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

// CLI11 would say of a mistyped or missing verb only that one is wanted, and of an option before it nothing at all.
void check_verbs(const CLI::App& app, std::span<const std::string> words) {
  const auto verbs = app.get_subcommands([](const CLI::App*) { return true; });
  if (verbs.empty() || (!words.empty() && app.get_option_no_throw(words[0]) != nullptr)) return;
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs) {
    if (!words.empty() && verb->get_name() == words[0]) return check_verbs(*verb, words.subspan(1));
    names.push_back(verb->get_name());
  }
  const std::string verb = fmt::format("a verb of {}", path_of(app));
  if (words.empty())
    throw headway::InputError("", "", verb,
                              fmt::format("none; known are {} (--help tells of each)", fmt::join(names, ", ")));
  if (words[0].starts_with('-'))
    throw headway::InputError("", "", verb + " before its options", headway::unknown_name(words[0], option_names(app)));
  throw headway::InputError("", "", verb, headway::unknown_name(words[0], names));
}

// The verb that the command line ended in.
const CLI::App& verb_used(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return used.empty() ? app : verb_used(*used.front());
}

// The first word that looks like an option of the verb and is none; empty when there is no such.
std::string mistyped_option(const std::vector<std::string>& words, const std::vector<std::string>& known) {
  for (const auto& word : words) {
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-' || std::isdigit(static_cast<unsigned char>(word[1])) != 0) continue;
    const std::string name = word[1] == '-' ? word.substr(0, word.find('=')) : word.substr(0, 2);
    if (std::ranges::find(known, name) == known.end()) return word[1] == '-' ? name : word;
  }
  return "";
}

// What CLI11 throws, in our words: what was expected and what stands there.
std::string complaint(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  const CLI::App& verb = verb_used(app);
  const std::vector<std::string> names = option_names(verb);
  if (const auto word = mistyped_option(words, names); !word.empty())
    return fmt::format("expected an option of {}, found {}", path_of(verb), headway::unknown_name(word, names));
  // "layout import: ", behind the program's name, which stands before every complaint.
  const std::string path = &verb == &app ? "" : path_of(verb).substr(app.get_name().size() + 1) + ": ";
  const std::string_view what = error.what();
  const std::string name(what.substr(0, what.find_first_of(": ")));  // of the option, in most of them
  const std::string rest(what.substr(std::min(what.size(), what.find(": ") + 2)));
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    return fmt::format("{}expected nothing more, found \"{}\"", path, rest);
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    const CLI::Option* option = verb.get_option_no_throw(name);
    return fmt::format("{}expected {}{}, found none", path, name,
                       option == nullptr ? "" : fmt::format(" ({})", heading(option->get_description())));
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return fmt::format("{}expected one of {} and {}, found both", path, name, what.substr(what.rfind(' ') + 1));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return fmt::format("{}{}: expected one value, found {}", path, name,
                       rest.ends_with("missing") ? "none" : "several");
  return fmt::format("{}{}", path, what);
}

// The standard error may be closed as well, and then there is nobody to tell.
void complain(std::string_view text) {
  std::fputs(fmt::format("headway: {}\n", headway::printable_lines(text)).c_str(), stderr);
}

// Why the standard output has not taken all. stdio forgets it where a later write succeeds, so it is asked once more.
std::string why_lost(bool failed_now) {
  if (!failed_now && ::write(STDOUT_FILENO, "\n", 1) > 0) return "not all of it was taken, the rest is lost";
  return std::strerror(errno);
}

// A result that did not arrive is not done, whatever the verb thinks.
int with_output_written(int code) {
  std::cout.flush();
  const bool failed = std::fflush(stdout) != 0;
  if ((!failed && std::ferror(stdout) == 0 && std::cout.good()) || code != headway::exit_done) return code;
  complain(fmt::format("cannot write the standard output: {}", why_lost(failed)));
  return headway::exit_run_failed;
}

// A file that is opened while a standard stream is closed would take its number, and get what is meant for the stream.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // so that its use fails, as of a closed one
  }
}

int run(CLI::App& app, std::vector<std::string> words) {
  using namespace headway;
  try {
    if (!words.empty() && words[0] == "help") {
      words.erase(words.begin());
      words.emplace_back("--help");
    }
    check_verbs(app, words);
    app.parse(std::vector(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    complain(complaint(app, error, words));
    return exit_bad_input;
  } catch (const Exit& exit) {
    return exit.code;
  } catch (const InputError& error) {
    complain(error.what());
    return exit_bad_input;
  } catch (const std::filesystem::filesystem_error& error) {  // a path that may not even be looked at
    const InputError told(error.path1().string(), "", "a file that can be read", error.code().message());
    complain(told.what());
    return exit_bad_input;
  } catch (const std::bad_alloc&) {
    complain("out of memory");
    return exit_run_failed;
  } catch (const std::exception& error) {
    complain(error.what());
    return exit_run_failed;
  }
  return exit_done;
}

}  // namespace

int main(int count, char** arguments) {
  using namespace headway;
  keep_freed_memory();
  hold_standard_streams();
  CLI::App app{
      "Simulate how readahead policies read B-trees that lie scattered over many disks.\n"
      "`headway VERB --help` says what a verb takes.",
      "headway"};
  app.set_version_flag("-V,--version", versions, "Print the versions of program, engine and file formats, and exit");
  Verb root(&app);
  add_run_verb(root);
  add_live_verb(root);
  add_compare_verb(root);
  add_table_verb(root);
  add_sweep_verb(root);
  add_check_verb(root);
  add_bundle_verb(root);
  add_verify_verb(root);
  add_validate_verb(root);
  add_layout_verb(root);
  add_drive_verb(root);
  add_emulate_verb(root);
  add_plot_verb(root);
  add_report_verb(root);
  add_trace_verb(root);
  add_policy_verb(root);
  add_metric_verb(root);
  add_published_verb(root);
  add_schema_verb(root);
  add_completion_verb(root);
  add_man_verb(root);
  const int code = with_output_written(run(app, std::vector<std::string>(arguments + 1, arguments + count)));
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what plug-ins still say when they go is no result
  return code;
}
