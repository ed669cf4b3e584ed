// headway completion SHELL: what a shell completes our command lines by, on stdout.
#include <fmt/format.h>

#include <memory>

#include "sim/cli/verbs.h"
#include "sim/install/completion.h"

namespace headway {

void add_completion_verb(Verb& app) {
  Verb verb = app.verb("completion", "Print a shell's completions, for a program that is not installed");
  auto shell = std::make_shared<std::string>();
  verb.option("SHELL", *shell, "bash, zsh or fish").required().out_of(shell_names(), "a shell");
  verb.footer("In bash and zsh: `source <(headway completion bash)`, or zsh; in fish:\n"
              "`headway completion fish | source`.");
  verb.run([shell, app] {
    for (const Shell& each : shells()) {
      if (each.name == *shell) fmt::print("{}", each.script(app.described()));
    }
  });
}

}  // namespace headway
