// What a shell needs to complete the command line: verbs, options, the names that options take, files. One shell a
// file. All three go by the same rules: verbs stand before options; a number is not completed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/install/command.h"

namespace headway {

struct Shell {
  std::string_view name;
  std::string (*script)(const Command& program);
};

std::span<const Shell> shells();
std::vector<std::string> shell_names();

// Of `command` and all verbs under it, each before its own.
std::vector<const Command*> all_commands(const Command& command);

std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

}  // namespace headway
