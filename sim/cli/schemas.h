// The JSON Schemas of the files that people write, each made from the tables that its reader checks by.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace headway {

struct SchemaEntry {
  std::string_view name;
  std::string_view file;  // where it lies in the repository, for editors
  std::string_view sentence;
  std::string (*text)();
};

std::span<const SchemaEntry> schemas();

}  // namespace headway
