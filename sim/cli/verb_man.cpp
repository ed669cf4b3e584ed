// headway man -o DIR: the manual, of what the verbs say of themselves.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "sim/cli/output.h"
#include "sim/cli/scenario_run.h"
#include "sim/cli/verbs.h"
#include "sim/cli/version.h"
#include "sim/install/man_pages.h"

namespace headway {

void add_man_verb(Verb& app) {
  Verb verb = app.verb("man", "Write the manual: headway.1 and a page a verb");
  auto directory = std::make_shared<std::filesystem::path>();
  verb.option("-o,--output", *directory, "The directory for the pages, made if need be").required();
  verb.footer("`man -l DIRECTORY/headway.1` shows one.");
  verb.run([directory, app] {
    make_output_directory(*directory);
    for (const ManPage& page : man_pages(app.described(), version()))
      write_output_text(*directory / page.file, page.text);
  });
}

}  // namespace headway
