// The program: one verb after its name, exit codes as verbs.h has them.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "sim/cli/verbs.h"
#include "sim/cli/version.h"

namespace {

// CLI11 would say of a mistyped or missing verb only that one is wanted.
void check_verbs(const CLI::App& app, std::span<char*> words) {
  const auto verbs = app.get_subcommands([](const CLI::App*) { return true; });
  if (verbs.empty() || (!words.empty() && words[0][0] == '-')) return;
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs) {
    if (!words.empty() && verb->get_name() == words[0]) return check_verbs(*verb, words.subspan(1));
    names.push_back(verb->get_name());
  }
  throw headway::InputError("", "", fmt::format("a verb of {}", app.get_name()),
                            words.empty() ? fmt::format("none; known are {} (--help tells of each)", fmt::join(names, ", "))
                                          : headway::unknown_name(words[0], names));
}

}  // namespace

int main(int count, char** arguments) {
  using namespace headway;
  CLI::App app{
      "Simulate how readahead policies read B-trees that lie scattered over many disks.\n"
      "`headway VERB --help` says what a verb takes.",
      "headway"};
  app.set_version_flag("--version", fmt::format("headway {} ({})", version(), commit()));
  app.require_subcommand(1);
  add_run_verb(app);
  add_sweep_verb(app);
  add_check_verb(app);
  add_validate_verb(app);
  add_layout_verb(app);
  add_drive_verb(app);
  add_plot_verb(app);
  add_report_verb(app);
  add_trace_verb(app);
  add_policy_verb(app);
  add_metric_verb(app);
  add_schema_verb(app);
  try {
    check_verbs(app, std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_done : exit_bad_input;
  } catch (const Exit& exit) {
    return exit.code;
  } catch (const InputError& error) {
    fmt::print(stderr, "headway: {}\n", error.what());
    return exit_bad_input;
  } catch (const std::exception& error) {
    fmt::print(stderr, "headway: {}\n", error.what());
    return exit_run_failed;
  }
  return exit_done;
}
