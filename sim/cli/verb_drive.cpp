// headway drive: the drives by themselves, without a scenario around them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>

#include "models/drive/describe.h"
#include "models/drive/drive_model.h"
#include "models/drive/library.h"
#include "models/drive/replay.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct ReplayOptions {
  std::string drive;
  std::string reads;
  std::string out = "-";
  std::string discipline{disciplines().front().name};
  std::string scheduler{schedulers().front().name};
  std::uint32_t depth = 1;
  double max_age_s = 0;
  std::uint64_t seed = 0;
};

void replay_reads(const ReplayOptions& options) {
  QueueSpec queue{.discipline = discipline_of(options.discipline),
                  .depth = options.depth,
                  .scheduler = scheduler_of(options.scheduler)};
  if (options.max_age_s > 0) queue.max_age_s = options.max_age_s;
  const auto model = load_drive(options.drive);
  if (!model->completed.empty())
    fmt::print(stderr, "headway: {} is the library's {}: {} of the library, which the file does not say\n",
               options.drive, model->name, fmt::join(model->completed, ", "));
  const auto reads = load_reads(options.reads, capacity_bytes(*model) / sector_bytes(*model));
  write_output_text(options.out, to_csv(replay(model, queue, options.seed, reads)));
}

std::string name_list(std::span<const Kind> kinds) { return fmt::format("{}", fmt::join(names_of(kinds), ", ")); }

// A line a kind: its name and what it does.
std::string sentences(std::string_view title, std::span<const Kind> kinds) {
  std::string text = fmt::format("{}:\n", title);
  for (const Kind& kind : kinds) text += fmt::format("  {:<12} {}\n", kind.name, kind.sentence);
  return text;
}

void add_replay(Verb& drive) {
  Verb verb = drive.verb("replay", "Put a list of reads through one drive and say where the time went");
  auto options = std::make_shared<ReplayOptions>();
  verb.option("NAME", options->drive, "A library drive or a parameter file (*.json)").required();
  verb.option("READS", options->reads, "CSV with at least arrival_ms,sector,sectors").required();
  verb.option("-o,--output", options->out, "CSV to write, a row a read in the order of completion; - is standard output")
      .shows_default();
  verb.option("--discipline", options->discipline, "In which order the drive serves: " + name_list(disciplines()))
      .shows_default();
  verb.option("--depth", options->depth, "Commands at the drive at once")
      .within(std::uint64_t{1}, 65536)
      .shows_default();
  verb.option("--max-age-s", options->max_age_s, "Serve a command first once it has been at the drive for longer")
      .positive();
  verb.option("--scheduler", options->scheduler, "Above the drive: " + name_list(schedulers())).shows_default();
  verb.option("--seed", options->seed, "Where the platters stand at date 0; 0: the index mark under the heads")
      .shows_default();
  verb.footer(sentences("Disciplines", disciplines()) + sentences("Schedulers", schedulers()));
  verb.run([options] { replay_reads(*options); });
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
  verb.option("NAME", *name, "A library drive or a parameter file (*.json)").required();
  verb.run([name] { fmt::print("{}", describe_drive(load_drive(*name))); });
}

}  // namespace

void add_drive_verb(Verb& app) {
  Verb drive = app.verb("drive", "The library of drives: list, describe, replay reads on one");
  add_list(drive);
  add_describe(drive);
  add_replay(drive);
}

}  // namespace headway
