// The program: one verb after its name, exit codes as verbs.h has them.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "sim/cli/verbs.h"
#include "sim/cli/version.h"

namespace {

// CLI11 would say of a mistyped or missing verb only that one is wanted.
void check_verbs(const CLI::App& app, std::span<const std::string> words) {
  const auto verbs = app.get_subcommands([](const CLI::App*) { return true; });
  if (verbs.empty() || (!words.empty() && words[0][0] == '-')) return;
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs) {
    if (!words.empty() && verb->get_name() == words[0]) return check_verbs(*verb, words.subspan(1));
    names.push_back(verb->get_name());
  }
  throw headway::InputError("", "", fmt::format("a verb of {}", app.get_name()),
                            words.empty()
                                ? fmt::format("none; known are {} (--help tells of each)", fmt::join(names, ", "))
                                : headway::unknown_name(words[0], names));
}

// The verb that the command line ended in.
const CLI::App& verb_used(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return used.empty() ? app : verb_used(*used.front());
}

// What CLI11 says, and for a mistyped option what was meant.
std::string complaint(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb_used(app).get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const auto& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("--") && std::ranges::find(names, name) == names.end())
      return fmt::format("expected an option of {}, found {}", verb_used(app).get_name(),
                         headway::unknown_name(name, names));
  }
  return error.what();
}

// The standard error may be closed as well, and then there is nobody to tell.
void complain(std::string_view text) { std::fputs(fmt::format("headway: {}\n", text).c_str(), stderr); }

// A result that did not arrive is not done, whatever the verb thinks.
int with_output_written(int code) {
  std::cout.flush();
  const bool failed = std::fflush(stdout) != 0;
  if ((!failed && std::ferror(stdout) == 0 && std::cout.good()) || code != headway::exit_done) return code;
  complain(fmt::format("cannot write the standard output: {}", failed ? std::strerror(errno) : "not all of it was taken, the rest is lost"));
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
  } catch (const std::exception& error) {
    complain(error.what());
    return exit_run_failed;
  }
  return exit_done;
}

}  // namespace

int main(int count, char** arguments) {
  using namespace headway;
  hold_standard_streams();
  CLI::App app{
      "Simulate how readahead policies read B-trees that lie scattered over many disks.\n"
      "`headway VERB --help` says what a verb takes.",
      "headway"};
  app.set_version_flag("-V,--version", fmt::format("headway {} ({})", version(), commit()));
  Verb root(&app);
  add_run_verb(root);
  add_sweep_verb(root);
  add_check_verb(root);
  add_validate_verb(root);
  add_layout_verb(root);
  add_drive_verb(root);
  add_plot_verb(root);
  add_report_verb(root);
  add_trace_verb(root);
  add_policy_verb(root);
  add_metric_verb(root);
  add_schema_verb(root);
  return with_output_written(run(app, std::vector<std::string>(arguments + 1, arguments + count)));
}
