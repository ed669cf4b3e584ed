// headway report: the results as one page for a browser.
#include <map>
#include <memory>
#include <string>

#include "results/files/results_file.h"
#include "results/report/report.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/layout_of_run.h"

namespace headway {

namespace {

// The layouts that the runs read, by seed; a layout from a file is the same for all.
class Layouts {
 public:
  Layouts(const Results& results, const std::filesystem::path& directory) : results_(results), directory_(directory) {}

  const Volume* volume_of(const RunResult& run) {
    const Experiment& experiment = results_.experiment;
    LayoutPlace place{{}, results_.scenario_file, results_.scenario_sha256};
    if (experiment.scenario) place.kept = kept_layout(directory_, experiment, run.seed);
    const auto [layout, is_new] = layouts_.try_emplace(experiment.scenario ? place.kept.string()
                                                                           : std::to_string(run.seed));
    std::string why;
    if (is_new) layout->second = layout_of_run(place, run.seed, why);
    if (!why.empty()) say_note(why + ": the report does not name mirror peers");
    return layout->second ? &layout->second->volume : nullptr;
  }

 private:
  const Results& results_;
  const std::filesystem::path directory_;
  std::map<std::string, std::shared_ptr<const Layout>> layouts_;
};

void write(const std::string& path, const std::string& out) {
  const Results results = read_results(path);
  for (const auto& sentence : changed_files(results, run_directory(path))) say_note(sentence);
  Layouts layouts(results, results_file(path).parent_path());
  write_report(path, out, [&](const RunResult& run) { return layouts.volume_of(run); });
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
