// headway schema KIND: the JSON Schema of a file that people write, on stdout.
#include <fmt/format.h>

#include "sim/cli/plugin_option.h"
#include "sim/cli/schemas.h"
#include "sim/cli/verbs.h"

namespace headway {

void add_schema_verb(Verb& app) {
  Verb verb = app.verb("schema", "The JSON Schema of a file that you write, for an editor to complete it");
  for (const auto& schema : schemas()) {
    Verb kind = verb.verb(std::string(schema.name), std::string(schema.sentence));
    const PluginOption plugins(kind);
    kind.run([text = schema.text, plugins] {
      plugins.load();
      fmt::print("{}", text());
    });
  }
}

}  // namespace headway
