// headway report: the results as one page for a browser.
#include <memory>
#include <string>

#include "results/files/results_file.h"
#include "results/report/report.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/layout_of_run.h"

namespace headway {

void add_report_verb(Verb& app) {
  struct Arguments {
    std::string results, out;
  };
  Verb report = app.verb("report", "Write a report for the browser: one page with everything in it");
  const auto arguments = std::make_shared<Arguments>();
  report.option("results", arguments->results, "results.json, or the directory that holds it").required();
  report.option("-o,--output", arguments->out, "The page to write, .html").required();
  report.run([arguments] {
    const Results results = read_results(arguments->results);
    const auto layout = layout_of_run(results.scenario_file, results.scenario_sha256);
    write_report(arguments->results, arguments->out, layout ? &layout->volume : nullptr);
  });
}

}  // namespace headway
