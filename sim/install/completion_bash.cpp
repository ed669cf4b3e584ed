// Bash: one function that finds the verb, then, by a table of verbs, what may stand at the cursor.
#include <fmt/format.h>

#include "sim/install/completion.h"

namespace headway {

namespace {

// What the function ends with. `taken` tells what the option before the cursor takes: names, files or nothing.
constexpr std::string_view end_of_function = R"(  esac
  if [[ $taken == none ]]; then
    words='' files=
  elif [[ $taken == option ]]; then
    words=$known files=$known_files
  elif [[ $current == -* ]]; then
    words=$options files=
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ $files ]]; then
    compopt -o filenames 2>/dev/null
    local file
    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")
  fi
}
complete -F _headway headway
)";

constexpr std::string_view start_of_function = R"(# Bash's completions for headway, made by `headway completion bash`.
_headway() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local verb=headway i words='' files='' options='' taken='' known='' known_files=''
  # --kind=off is three words here: the option, =, what stands behind it.
  [[ $current == '=' ]] && current=''
  [[ $before == '=' ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$verb ${COMP_WORDS[i]}" in
    'headway help') ;;
    )";

// The option before the cursor, as a case of its names.
std::string taken_by(const CommandOption& option) {
  const std::string pattern = fmt::format("{}", fmt::join(option.names, "|"));
  if (option.known.empty() && !option.takes_file) return fmt::format("    {}) taken=none ;;\n", pattern);
  return fmt::format("    {}) taken=option known='{}' known_files={} ;;\n", pattern, fmt::join(option.known, " "),
                     option.takes_file ? "yes" : "");
}

std::string case_of(const Command& command) {
  std::vector<std::string> words, options;
  bool files = false;
  for (const Command& verb : command.verbs) words.push_back(verb.name());
  for (const CommandOption& word : command.words) {
    words.insert(words.end(), word.known.begin(), word.known.end());
    files |= word.takes_file;
  }
  std::string taken;
  for (const CommandOption& option : command.options) {
    options.insert(options.end(), option.names.begin(), option.names.end());
    if (!option.value.empty()) taken += taken_by(option);
  }
  std::string out = fmt::format("  '{}')\n    words='{}' files={} options='{}'\n", command.path, fmt::join(words, " "),
                                files ? "yes" : "", fmt::join(options, " "));
  if (!taken.empty()) out += "    case $before in\n" + taken + "    esac\n";
  return out + "    ;;\n";
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::vector<std::string> verbs;
  std::string cases;
  for (const Command* command : all_commands(program)) {
    if (command != &program) verbs.push_back("'" + command->path + "'");
    cases += case_of(*command);
  }
  return fmt::format("{}{}) verb+=\" ${{COMP_WORDS[i]}}\" ;;\n    *) break ;;\n    esac\n  done\n  case $verb in\n{}{}",
                     start_of_function, fmt::join(verbs, "|"), cases, end_of_function);
}

}  // namespace headway
