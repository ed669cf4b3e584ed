#include "sim/install/completion.h"

namespace headway {

std::span<const Shell> shells() {
  static constexpr Shell all[] = {
      {"bash", bash_completion},
      {"zsh", zsh_completion},
      {"fish", fish_completion},
  };
  return all;
}

std::vector<std::string> shell_names() {
  std::vector<std::string> names;
  for (const Shell& shell : shells()) names.emplace_back(shell.name);
  return names;
}

std::vector<const Command*> all_commands(const Command& command) {
  std::vector<const Command*> all{&command};
  for (const Command& verb : command.verbs) {
    const auto inner = all_commands(verb);
    all.insert(all.end(), inner.begin(), inner.end());
  }
  return all;
}

}  // namespace headway
