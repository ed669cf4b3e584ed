// Zsh: a function a verb, each of which leaves it to _arguments.
#include <fmt/format.h>

#include <algorithm>

#include "sim/install/completion.h"

namespace headway {

namespace {

// Within single quotes; `special` are those that _arguments or _describe would take for their own.
std::string in_quotes(std::string_view text, std::string_view special) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\'') {
      out += "'\\''";
      continue;
    }
    if (special.find(letter) != special.npos) out += '\\';
    out += letter;
  }
  return out;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string function_of(const Command& command) {
  std::string name = "_" + command.path;
  std::ranges::replace(name, ' ', '_');
  return name;
}

// What _arguments is told of a value: a message and an action.
std::string value_of(const CommandOption& option, std::string_view message) {
  const std::string head = ":" + in_quotes(message, ":\\") + ":";
  if (option.known.empty()) return head + (option.takes_file ? "_files" : " ");
  const std::string names = in_quotes(fmt::format("{}", fmt::join(option.known, " ")), ":\\");
  if (!option.takes_file) return head + "(" + names + ")";
  return head + "_alternative \"names:name:(" + names + ")\" \"files:file:_files\"";
}

std::string argument_of(const CommandOption& option) {
  const std::string value = option.value.empty() ? "" : value_of(option, option.value);
  const std::string tail = "'[" + in_quotes(first_line(option.sentence), "[]\\") + "]" + value + "'";
  std::string names = fmt::format("{}", fmt::join(option.names, ","));
  if (option.names.size() > 1) names = "{" + names + "}";
  if (option.is_repeated) return fmt::format(" \\\n    '*'{}{}", names, tail);
  return fmt::format(" \\\n    '({})'{}{}", fmt::join(option.names, " "), names, tail);
}

std::string functions_of(const Command& command) {
  std::string out, arguments;
  for (const Command& verb : command.verbs) out += functions_of(verb);
  for (const CommandOption& option : command.options) arguments += argument_of(option);
  for (const CommandOption& word : command.words)
    arguments += fmt::format(" \\\n    '{}{}'", word.is_repeated ? "*" : "", value_of(word, word.names[0]));
  out += function_of(command) + "() {\n";
  if (command.verbs.empty()) return out + "  _arguments -s" + arguments + "\n}\n";
  std::string verbs, cases;
  for (const Command& verb : command.verbs) {
    verbs += fmt::format("\n    '{}:{}'", verb.name(), in_quotes(first_line(verb.sentence), ":\\"));
    cases += fmt::format("\n    {}) {} ;;", verb.name(), function_of(verb));
  }
  return out + fmt::format("  local state line\n  local -a verbs=({})\n"
                           "  _arguments -C{} \\\n    '1:verb:->verb' '*::word:->rest'\n"
                           "  case $state in\n  verb) _describe verb verbs ;;\n  rest)\n    case $line[1] in{}\n"
                           "    esac\n    ;;\n  esac\n}}\n",
                           verbs, arguments, cases);
}

}  // namespace

std::string zsh_completion(const Command& program) {
  return "#compdef headway\n# Zsh's completions for headway, made by `headway completion zsh`.\n" +
         functions_of(program) +
         "if [ \"$funcstack[1]\" = _headway ]; then\n  _headway \"$@\"\nelse\n  compdef _headway headway\nfi\n";
}

}  // namespace headway
