// headway drive: the drives by themselves, without a scenario around them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "models/drive/describe.h"
#include "models/drive/drive_model.h"
#include "models/drive/library.h"
#include "models/drive/replay.h"
#include "plots/distributions.h"
#include "sim/cli/log_options.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct ReplayOptions {
  std::string drive;
  std::string log;
  LogOptions form;
  std::string arrivals;
  std::string out;
  std::string plot;
  std::string discipline{disciplines().front().name};
  std::string scheduler{schedulers().front().name};
  std::uint32_t depth = 1;
  double max_age_s = 0;
  std::uint64_t seed = 0;
};

// As the log was made where it says so: each request after the one before and a pause, or else at its date.
Arrivals arrivals_of(const ReplayOptions& options, const RequestLog& log) {
  if (options.arrivals == "closed") need_pauses(log);
  if (options.arrivals.empty()) return log.has_pauses ? Arrivals::closed : Arrivals::open;
  return options.arrivals == "closed" ? Arrivals::closed : Arrivals::open;
}

void plot_response_times(const std::vector<Replayed>& all, const std::string& out) {
  std::vector<Distribution> lines;
  for (const bool write : {false, true}) {
    Distribution measured{write ? "writes, measured" : "reads, measured"}, ours{write ? "writes, ours" : "reads, ours"};
    for (const Replayed& one : all) {
      if (one.request.write != write) continue;
      measured.values.push_back(one.request.measured_s * 1e3);
      ours.values.push_back(one.response_s() * 1e3);
    }
    if (measured.values.empty()) continue;
    lines.push_back(std::move(measured));
    lines.push_back(std::move(ours));
  }
  plot_distributions(std::move(lines), "took at most (ms)", "requests (%)", out);
}

void replay_log(const ReplayOptions& options) {
  QueueSpec queue{.discipline = discipline_of(options.discipline),
                  .depth = options.depth,
                  .scheduler = scheduler_of(options.scheduler)};
  if (options.max_age_s > 0) queue.max_age_s = options.max_age_s;
  const auto model = load_drive(options.drive);
  if (!model->completed.empty())
    fmt::print(stderr, "headway: {} is the library's {}: {} of the library, which the file does not say\n",
               printable(options.drive), printable(model->name), fmt::join(model->completed, ", "));
  LogOptions form = options.form;
  form.sector_bytes = sector_bytes(*model);
  const auto log = load_request_log(options.log, form);
  say_notes(log);
  hold_within(log, capacity_bytes(*model));
  if (!options.plot.empty() && !log.has_response_times)
    throw InputError(log.file, "", "measured response times beside which to draw the drive's", "none");
  const Arrivals arrivals = arrivals_of(options, log);
  const auto all = replay(model, queue, options.seed, log, arrivals);
  const bool measured = log.has_response_times;
  if (!options.out.empty() || !measured)
    write_output_text(options.out.empty() ? "-" : options.out, to_csv(all, sector_bytes(*model), measured));
  if (!measured) return;
  if (!options.plot.empty()) plot_response_times(all, options.plot);
  fmt::print(options.out == "-" ? stderr : stdout, "{}: {}\n\n{}", printable(model->name),
             arrivals == Arrivals::closed ? "one request at a time, each after the pause that the log has"
                                          : "each request at the date that the log has",
             comparison_table(all));
}

std::string name_list(std::span<const Kind> kinds) { return fmt::format("{}", fmt::join(names_of(kinds), ", ")); }

// A line a kind: its name and what it does.
std::string sentences(std::string_view title, std::span<const Kind> kinds) {
  std::string text = fmt::format("{}:\n", title);
  for (const Kind& kind : kinds) text += fmt::format("  {:<12} {}\n", kind.name, kind.sentence);
  return text;
}

std::string form_sentences() {
  std::string text = "Forms of a log:\n";
  for (const auto& form : log_forms()) text += fmt::format("  {:<12} {}\n", form.name, form.sentence);
  return text;
}

void add_replay(Verb& drive) {
  Verb verb = drive.verb("replay", "Put a log of requests through one drive, and hold it against what was measured");
  auto options = std::make_shared<ReplayOptions>();
  verb.option("NAME", options->drive, "A library drive or a parameter file (*.json)")
      .required()
      .suggests(drive_names(), true);
  verb.option("LOG", options->log, "The requests: CSV or one of the forms below, compressed or not").required();
  verb.option("-o,--output", options->out,
              "CSV to write, a row a request in the order of completion; - is standard output (default: - for a log "
              "without response times, which else are compared)");
  verb.option("--plot", options->plot, "Draw both distributions: a file .pdf, .svg, .png, .eps or .tex");
  add_log_options(verb, options->form);
  verb.option("--arrivals", options->arrivals,
              "open: at the log's dates; closed: each after the end of the one before and its pause (default: closed "
              "where the log has one request at a time)")
      .out_of({"open", "closed"}, "open or closed");
  verb.option("--discipline", options->discipline, "In which order the drive serves: " + name_list(disciplines()))
      .out_of(names_of(disciplines()), "a discipline")
      .shows_default();
  verb.option("--depth", options->depth, "Commands at the drive at once")
      .within(std::uint64_t{1}, 65536)
      .shows_default();
  verb.option("--max-age-s", options->max_age_s, "Serve a command first once it has been at the drive for longer")
      .positive();
  verb.option("--scheduler", options->scheduler, "Above the drive: " + name_list(schedulers()))
      .out_of(names_of(schedulers()), "a scheduler")
      .shows_default();
  verb.option("--seed", options->seed, "Where the platters stand at date 0; 0: the index mark under the heads")
      .shows_default();
  verb.footer(form_sentences() + sentences("Disciplines", disciplines()) + sentences("Schedulers", schedulers()));
  verb.run([options] { replay_log(*options); });
}

void add_list(Verb& drive) {
  Verb verb = drive.verb("list", "The drives known by name, with their main figures");
  auto sheet = std::make_shared<bool>(false);
  verb.flag("--sheet", *sheet,
            "Every data-sheet figure beside ours instead; exit 1 when a maker's is missed by more than 5 %");
  verb.run([sheet] {
    if (!*sheet) {
      fmt::print("{}", list_drives());
      return;
    }
    bool within = true;
    fmt::print("{}", validation_table(within));
    if (!within) throw Exit{exit_check_failed};
  });
}

void add_describe(Verb& drive) {
  Verb verb = drive.verb("describe", "One drive: seek curve, figures found by running it, origins");
  auto name = std::make_shared<std::string>();
  verb.option("NAME", *name, "A library drive or a parameter file (*.json)").required().suggests(drive_names(), true);
  verb.run([name] { fmt::print("{}", printable_lines(describe_drive(load_drive(*name)))); });
}

}  // namespace

void add_drive_verb(Verb& app) {
  Verb drive = app.verb("drive", "The library of drives: list, describe, replay a log on one, fit one to a log");
  add_list(drive);
  add_describe(drive);
  add_replay(drive);
  add_drive_fit_verb(drive);
  add_drive_probe_verb(drive);
}

}  // namespace headway
