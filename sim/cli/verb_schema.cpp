// headway schema KIND: the JSON Schema of a file that people write, on stdout.
#include <fmt/format.h>

#include "sim/cli/schemas.h"
#include "sim/cli/verbs.h"

namespace headway {

void add_schema_verb(CLI::App& app) {
  auto* verb = app.add_subcommand("schema", "The JSON Schema of a file that you write, for an editor to complete it");
  verb->require_subcommand(1);
  for (const auto& schema : schemas()) {
    verb->add_subcommand(std::string(schema.name), std::string(schema.sentence))->callback([text = schema.text] {
      fmt::print("{}", text());
    });
  }
}

}  // namespace headway
