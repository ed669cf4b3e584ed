// headway check: results against a committed baseline.
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/number_text.h"
#include "results/check/check.h"
#include "results/check/formats.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct CheckArguments {
  std::string results;
  std::string against;
  std::vector<std::string> tolerances;
  std::vector<std::string> metrics;
  bool strict = false;
  bool update = false;
  std::string format = "text";
  std::string output = "-";
  std::map<std::string_view, std::string> files;  // by format
};

// "1%" of the old value, or an amount in the metric's unit.
Tolerance tolerance_of(const std::string& text) {
  const auto number = typed_number(text);
  if (!number || !(number->value >= 0))
    throw InputError("--tolerance", "", "a share of the old value (1%) or an amount in the metric's unit, not negative",
                     fmt::format("\"{}\"", text));
  return number->is_percent ? Tolerance{number->value, 0} : Tolerance{0, number->value};
}

CheckOptions options_of(const CheckArguments& arguments) {
  CheckOptions options;
  options.strict = arguments.strict;
  for (const auto& name : arguments.metrics) options.metrics.push_back(*find_metric(name));
  for (const auto& text : arguments.tolerances) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      options.tolerance = tolerance_of(text);
    } else {
      const std::string name = text.substr(0, equals);
      const auto id = find_metric(name);
      if (!id) throw InputError("--tolerance", "", "a metric", unknown_name(name, metric_names()));
      options.of_metric[*id] = tolerance_of(text.substr(equals + 1));
    }
  }
  return options;
}

void run(const CheckArguments& arguments) {
  const CheckOptions options = options_of(arguments);
  const Results results = read_results(arguments.results);
  const std::filesystem::path run_in = run_directory(arguments.results);
  const std::filesystem::path named =
      arguments.against.empty() ? default_baseline(results) : std::filesystem::path(arguments.against);
  const std::filesystem::path baseline = arguments.against.empty() ? run_in / named : named;
  if (arguments.update) {
    write_baseline(baseline, results);
    fmt::print("wrote {}\n", printable(baseline.string()));
    return;
  }
  if (!std::filesystem::exists(baseline))
    throw InputError(baseline.string(), "", "a baseline (`headway check --update` writes one)", "no such file");
  Check outcome = check(results, read_results(baseline), named.string(), options);
  for (const auto& sentence : changed_files(results, run_in)) {
    say_note(sentence);
    outcome.notes.push_back(sentence);
  }
  // Everything is made before anything is written.
  std::vector<std::pair<std::string, std::string>> texts;
  for (const CheckFormat& format : check_formats()) {
    if (format.name == arguments.format) texts.emplace_back(arguments.output, format.write(outcome));
    const auto file = arguments.files.find(format.name);
    if (file != arguments.files.end() && !file->second.empty()) texts.emplace_back(file->second, format.write(outcome));
  }
  for (const auto& [file, text] : texts) write_output_text(file, text);
  if (outcome.red()) throw Exit{exit_check_failed};
}

}  // namespace

void add_check_verb(Verb& app) {
  Verb verb = app.verb("check", "Hold results against a committed baseline; exit 1 if something is worse");
  auto arguments = std::make_shared<CheckArguments>();
  verb.option("RESULTS", arguments->results, "a results.json, or the directory of a run").required();
  verb.option("--against", arguments->against,
              "the baseline (default: baselines/NAME.json beside the scenario's NAME.json)");
  verb.flag("--update", arguments->update, "write the baseline from these results, instead of checking");
  verb.option("--tolerance", arguments->tolerances,
              "[METRIC=]1% of the old value, or [METRIC=]AMOUNT in the metric's unit (default: 1%); may be given "
              "several times. A metric that is neither better when less nor when more is red only if named here");
  verb.option("--metric", arguments->metrics, "check only this metric of `headway metric list`; may be given again")
      .out_of(metric_names(), "a metric");
  verb.flag("--strict", arguments->strict, "be red for what is better as well, so that the baseline is refreshed");
  std::vector<std::string> names;
  for (const CheckFormat& format : check_formats()) names.emplace_back(format.name);
  verb.option("--format", arguments->format, "what to print").out_of(names, "a format").shows_default();
  verb.option("-o,--output", arguments->output, "file for that, - is the standard output").shows_default();
  for (const CheckFormat& format : check_formats())
    verb.option("--" + std::string(format.name), arguments->files[format.name],
                "file for: " + std::string(format.sentence));
  verb.footer(
      "Runs are compared in pairs of the same seed. With several seeds a change counts when the 95 % interval of what "
      "goes\nbeyond the tolerance lies wholly on one side; with one seed when the value does. Exit 0: nothing is red; "
      "1: a metric is\n"
      "worse, or a run failed; 2: the two cannot be compared.");
  verb.run([arguments] { run(*arguments); });
}

}  // namespace headway
