// headway report: the results as one page for a browser; of two experiments, both beside each other.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "results/files/results_file.h"
#include "results/report/report.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/expectation.h"
#include "sim/scenario/layout_of_run.h"

namespace headway {

namespace {

struct ReportWords {
  std::vector<std::string> results;
  std::string out;
  std::optional<std::uint64_t> seed;
  bool compare = false;
};

LayoutOf layouts_of(const Results& results, const std::filesystem::path& directory) {
  return [&results, directory, layouts = std::make_shared<LayoutsOfRuns>()](const RunResult& run) {
    LayoutPlace place{{}, results.scenario_file, results.scenario_sha256};
    if (results.experiment.scenario) place.kept = kept_layout(directory, results.experiment, run.seed);
    std::string why;
    const auto layout = layouts->of(place, run, why);
    if (!why.empty())
      say_note(why + ": the report draws neither zones nor mirror locks, and does not tell where the time went");
    return layout ? LayoutParts{&layout->volume, &layout->forest} : LayoutParts{};
  };
}

// Without the layouts, which refer to where the source lies then.
ReportSource source_from(const std::string& path) {
  ReportSource source{.results = read_results(path), .directory = results_file(path).parent_path()};
  for (const std::string& sentence : changed_files(source.results, run_directory(path))) say_note(sentence);
  for (const Verdict& verdict : judge(expectations_of(source.results), source.results))
    source.verdicts.push_back({verdict.holds, verdict.sentence});
  return source;
}

// What a reader looks for: which is measured; where that tells nothing, the names that were given.
void name(std::vector<ReportSource>& sources, const std::vector<std::string>& paths) {
  const bool alike = sources[0].results.measured == sources[1].results.measured;
  for (std::size_t i = 0; i < sources.size(); ++i)
    sources[i].name = alike ? paths[i] : sources[i].results.measured ? "measured" : "simulated";
}

void write(const ReportWords& words) {
  if (words.compare && words.results.size() != 2)
    throw InputError("report", "", "two results to --compare", fmt::format("{}", words.results.size()));
  if (!words.compare && words.results.size() > 1)
    throw InputError("report", "", "nothing more without --compare", fmt::format("\"{}\"", words.results[1]));
  std::vector<ReportSource> sources;
  for (const std::string& path : words.results) sources.push_back(source_from(path));
  for (ReportSource& source : sources) source.layout_of = layouts_of(source.results, source.directory);
  if (words.compare) name(sources, words.results);
  write_report(sources, words.out, {.seed = words.seed});
}

}  // namespace

void add_report_verb(Verb& app) {
  Verb report = app.verb("report", "Write a report for the browser: one page with everything in it");
  const auto words = std::make_shared<ReportWords>();
  report.option("results", words->results, "results.json, or the directory that holds it; of --compare two").required();
  report.flag("--compare", words->compare, "Two experiments beside each other: the ratio of the second to the first");
  report.option("--seed", words->seed, "Whose reads are shown (default: of each policy the first that has a trace)");
  report.option("-o,--output", words->out, "The page to write, .html").required();
  report.run([words] { write(*words); });
}

}  // namespace headway
