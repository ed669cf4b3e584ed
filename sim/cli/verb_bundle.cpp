// headway bundle: experiments, all that they read and all that came out of them, as one file for a paper's readers.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/scratch.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"
#include "plots/figure.h"
#include "results/bundle/archive.h"
#include "sim/cli/bundle_run.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct BundleWords {
  std::vector<std::string> scenarios, set, figures;
  std::string out;
  unsigned jobs = 0;
  bool trace = false, no_figures = false;
};

// Those that were asked for, or all that can be had; what cannot is said.
void draw_figures(BundledExperiment& experiment, const BundleWords& words) {
  if (words.no_figures) return;
  const auto possible = possible_figures(experiment);
  for (const auto& kind : words.figures.empty() ? possible : words.figures) {
    try {
      if (std::ranges::find(possible, kind) == possible.end())
        throw InputError(experiment.file, "--figure", "a figure of this experiment", unknown_name(kind, possible));
      draw_bundled(kind, experiment.results);
      experiment.figures.push_back(kind);
    } catch (const InputError& error) {
      say_note(fmt::format("{}: no figure {}: {}", experiment.file, kind, error.what()));
    }
  }
}

// All files behind bundle.json, digested.
std::vector<BundledMember> members_of(const fs::path& directory) {
  std::vector<BundledMember> members;
  for (const char* const part : {"files", "results"}) {
    for (const auto& name : files_below(directory / part)) {
      const fs::path file = directory / part / name;
      members.push_back({(fs::path(part) / name).generic_string(), fs::file_size(file), sha256_of_file(file)});
    }
  }
  return members;
}

void write_bundle(const fs::path& out, const fs::path& directory, const BundleContents& contents) {
  const fs::path list = directory / BundleContents::file;
  write_whole_text(list, to_json(contents).dump(2) + "\n");
  std::vector<ArchiveMember> members{{std::string(BundleContents::file), list}};
  for (const auto& member : contents.members) members.push_back({member.file, directory / member.file});
  write_output(out, [&](const fs::path& part) { write_archive(part, members); });
}

void bundle(const BundleWords& words) {
  const fs::path out = words.out == "-" ? fs::path(words.out) : fs::absolute(words.out);
  const ScratchDirectory scratch;
  BundleContents contents{.made_by = this_program(),
                          .experiments = gather(words.scenarios, words.set, scratch.path()),
                          .members = {}};
  ExitCode worst = exit_done;
  {
    const WorkingDirectory inside(scratch.path());
    for (auto& experiment : contents.experiments) {
      experiment.trace = words.trace;
      worst = std::max(worst, run_bundled(experiment, experiment.results, words.jobs));
      if (worst == exit_run_failed)
        throw std::runtime_error(fmt::format("{}: a run failed, of which no bundle is made", experiment.file));
      draw_figures(experiment, words);
    }
  }
  contents.members = members_of(scratch.path());
  write_bundle(out, scratch.path(), contents);
  if (fs::is_regular_file(out))  // else it may be the standard output
    fmt::print("{}: {} experiment{}, {} files, {} bytes\n", printable(words.out), contents.experiments.size(),
               contents.experiments.size() == 1 ? "" : "s", contents.members.size(), fs::file_size(out));
  if (worst == exit_check_failed)
    say_note("an expectation is broken: the table of its experiment, in the bundle, says which");
  if (worst != exit_done) throw Exit{worst};
}

}  // namespace

void add_bundle_verb(Verb& app) {
  Verb verb = app.verb("bundle",
                       "Run scenarios and sweeps and pack all that they read and all that came out, for `headway verify`");
  auto words = std::make_shared<BundleWords>();
  verb.option("SCENARIO", words->scenarios, "scenario and sweep files").required();
  verb.option("-o,--output", words->out, "the bundle to write, .tar.zst").required();
  add_set_option(verb, words->set);
  verb.flag("--trace", words->trace, "keep traces as well, and the figures of them");
  verb.option("--figure", words->figures, "draw only this kind; may be given several times (default: all that can be)")
      .out_of(figure_kind_names(), "a kind of figure")
      .one_word();
  verb.flag("--no-figures", words->no_figures, "draw none");
  verb.option("-j,--jobs", words->jobs, "runs at a time (default: one a core)").within(std::uint64_t{1}, 4096);
  verb.footer(
      "A tar archive, compressed by zstd: bundle.json with the digest of each member, files/ with scenarios and what they\n"
      "name, results/ with results.json, tables, metrics over time and figures. Nothing in it depends on the clock or on\n"
      "this machine's paths. Exit 1: an expectation is broken, and the bundle was written.");
  verb.run([words] { bundle(*words); });
}

}  // namespace headway
