// headway report: the results as one page for a browser.
#include <memory>
#include <string>

#include "results/files/results_file.h"
#include "results/report/report.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/layout_of_run.h"

namespace headway {

namespace {

void write(const std::string& path, const std::string& out) {
  const Results results = read_results(path);
  for (const auto& sentence : changed_files(results, run_directory(path))) say_note(sentence);
  LayoutsOfRuns layouts;
  write_report(path, out, [&](const RunResult& run) {
    LayoutPlace place{{}, results.scenario_file, results.scenario_sha256};
    if (results.experiment.scenario)
      place.kept = kept_layout(results_file(path).parent_path(), results.experiment, run.seed);
    std::string why;
    const auto layout = layouts.of(place, run, why);
    if (!why.empty()) say_note(why + ": the report names neither mirror peers nor where the time went");
    return layout ? LayoutParts{&layout->volume, &layout->forest} : LayoutParts{};
  });
}

}  // namespace

void add_report_verb(Verb& app) {
  struct Arguments {
    std::string results, out;
  };
  Verb report = app.verb("report", "Write a report for the browser: one page with everything in it");
  const auto arguments = std::make_shared<Arguments>();
  report.option("results", arguments->results, "results.json, or the directory that holds it").required();
  report.option("-o,--output", arguments->out, "The page to write, .html").required();
  report.run([arguments] { write(arguments->results, arguments->out); });
}

}  // namespace headway
