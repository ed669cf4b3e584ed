// Fish: a line a verb, option and word, each with the verb that it stands behind.
#include <fmt/format.h>

#include "sim/install/completion.h"

namespace headway {

namespace {

constexpr std::string_view start = R"(# Fish's completions for headway, made by `headway completion fish`.
# Whether the command line begins with these verbs; with --last no word may stand behind them but options.
function __headway_at
  set -l words (commandline -opc)[2..]
  test "$words[1]" = help; and set -e words[1]
  set -l last no
  if test "$argv[1]" = --last
    set last yes
    set -e argv[1]
  end
  set -l count (count $argv)
  test $count -eq 0; or test "$words[1..$count]" = "$argv"; or return 1
  test $last = no; and return 0
  not string match -qv -- '-*' $words[(math $count + 1)..]
end
complete -c headway -f
)";

std::string in_quotes(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') out += '\\';
    out += letter;
  }
  return "'" + out + "'";
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The condition: behind the verbs of this path, the first of which is the program.
std::string behind(const Command& command, bool last) {
  const auto verbs = command.path.find(' ');
  return fmt::format("complete -c headway -n '__headway_at{}{}'", last ? " --last" : "",
                     verbs == std::string::npos ? "" : command.path.substr(verbs));
}

std::string taken_by(const CommandOption& option) {
  std::string out = option.takes_file ? " -r" : " -x";
  if (!option.known.empty()) out += " -a " + in_quotes(fmt::format("{}", fmt::join(option.known, " ")));
  return out + (option.takes_file ? " -F" : "");
}

std::string lines_of(const Command& command) {
  std::string out;
  for (const Command& verb : command.verbs)
    out += fmt::format("{} -a {} -d {}\n", behind(command, true), verb.name(), in_quotes(first_line(verb.sentence)));
  for (const CommandOption& word : command.words) out += behind(command, false) + taken_by(word) + "\n";
  for (const CommandOption& option : command.options) {
    // Of a verb that has verbs: only before them.
    out += behind(command, !command.verbs.empty());
    for (const auto& name : option.names)
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty()) out += taken_by(option);
    out += " -d " + in_quotes(first_line(option.sentence)) + "\n";
  }
  return out;
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string out(start);
  for (const Command* command : all_commands(program)) out += lines_of(*command);
  return out;
}

}  // namespace headway
