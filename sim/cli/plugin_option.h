// --plugin, as every verb has it that names policies.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "sim/cli/verb.h"

namespace headway {

class PluginOption {
 public:
  explicit PluginOption(Verb& verb);
  // Before the verb reads anything. Throws InputError as load_plugin() does.
  void load() const;

 private:
  std::shared_ptr<std::vector<std::filesystem::path>> files_;
};

}  // namespace headway
