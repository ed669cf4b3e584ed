// headway table: results, metrics over time and sweeps as tables for other programs and for papers.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "results/files/sweep_table.h"
#include "results/tables/data_table.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct TableWords {
  std::string path;
  std::string of;
  std::string format = "csv";
  std::vector<std::string> metrics, policies;
  std::string out = "-";
};

template <typename T>
std::vector<std::string> names_of(std::span<const T> all) {
  std::vector<std::string> names;
  for (const T& each : all) names.emplace_back(each.name);
  return names;
}

void hold_policies(const std::vector<std::string>& wanted, const auto& runs) {
  std::vector<std::string> known;
  for (const auto& run : runs) {
    if (std::ranges::find(known, run.policy) == known.end()) known.push_back(run.policy);
  }
  for (const std::string& name : wanted) {
    if (std::ranges::find(known, name) == known.end())
      throw InputError("--policy", "", "a policy of the results", unknown_name(name, known));
  }
}

DataTable table_of(const TableWords& words) {
  DataTableOptions options{.metrics = {}, .policies = words.policies};
  for (const std::string& name : words.metrics) options.metrics.push_back(*find_metric(name));
  if (is_sweep_table(words.path)) {
    if (!words.of.empty()) throw InputError("--of", "", "nothing, of the table of a sweep", words.of);
    const SweepTable sweep = read_sweep_csv(words.path);
    hold_policies(words.policies, sweep.rows);
    return data_table_of(sweep, options);
  }
  const Results results = read_results(words.path);
  hold_policies(words.policies, results.runs);
  for (const DataTableKind& kind : data_table_kinds()) {
    if (words.of.empty() || kind.name == words.of)
      return kind.make(results, results_file(words.path).parent_path(), options);
  }
  return {};
}

void write(const TableWords& words) {
  const DataTable table = table_of(words);
  for (const std::string& note : table.notes) say_note(note);
  for (const DataTableFormat& format : data_table_formats()) {
    if (format.name == words.format) write_output_text(words.out, format.write(table));
  }
}

}  // namespace

void add_table_verb(Verb& app) {
  Verb verb = app.verb("table", "Results, metrics over time or a sweep as a table: CSV, Markdown, LaTeX, JSON");
  const auto words = std::make_shared<TableWords>();
  verb.option("results", words->path, "results.json or sweep.csv, or the directory that holds it").required();
  verb.option("--of", words->of, "what it is of (default: summary), if not of a sweep")
      .out_of(names_of(data_table_kinds()), "a kind of table");
  verb.option("--format", words->format, "how it is written")
      .out_of(names_of(data_table_formats()), "a format")
      .shows_default();
  verb.option("--metric", words->metrics, "only this metric of `headway metric list`; may be given again")
      .out_of(metric_names(), "a metric");
  verb.option("--policy", words->policies, "only this policy; may be given again");
  verb.option("-o,--output", words->out, "file for it, - is the standard output").shows_default();
  std::string footer;
  const auto add = [&](const auto& each) { footer += fmt::format("{}: {}\n", each.name, each.sentence); };
  std::ranges::for_each(data_table_kinds(), add);
  std::ranges::for_each(data_table_formats(), add);
  verb.footer(footer);
  verb.run([words] { write(*words); });
}

}  // namespace headway
