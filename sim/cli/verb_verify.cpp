// headway verify: a bundle unpacked, run again, and every file of it held to what came out this time.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/scratch.h"
#include "core/base/sha256.h"
#include "plots/figure.h"
#include "results/bundle/differences.h"
#include "results/bundle/unpack.h"
#include "sim/cli/bundle_run.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct VerifyWords {
  std::string bundle, out;
  unsigned jobs = 0;
};

std::string text_of(const BundledProgram& program) {
  return fmt::format("headway {} ({}), SimGrid {}, gnuplot {}", program.headway, program.commit, program.simgrid,
                     program.gnuplot.empty() ? "none" : program.gnuplot);
}

class Verification {
 public:
  Verification(const BundleContents& contents, const BundledProgram& here, unsigned jobs)
      : contents_(contents), here_(here), jobs_(jobs) {}

  // In the bundle's root. Prints a line an experiment, and one a difference.
  ExitCode run() {
    for (const auto& experiment : contents_.experiments) verify(experiment);
    const std::size_t all = same_ + same_but_program_ + differing_ + left_out_;
    fmt::print("{} of {} files came out byte for byte the same", same_, all);
    if (same_but_program_ > 0) fmt::print(", {} but for the headway that they name", same_but_program_);
    if (left_out_ > 0) fmt::print(", {} not compared", left_out_);
    fmt::print("{}\n", differing_ > 0 ? fmt::format("; {} did not", differing_) : "");
    return differing_ > 0 ? exit_check_failed : exit_done;
  }

 private:
  void verify(const BundledExperiment& experiment) {
    const fs::path again = fs::path("again") / fs::path(experiment.results).lexically_relative("results");
    run_bundled(experiment, again, jobs_);
    draw(experiment, again);
    told_.clear();
    std::set<std::string> files;
    for (const auto& file : files_below(experiment.results)) files.insert(file);
    for (const auto& file : files_below(again)) files.insert(file);
    const std::size_t before = same_ + same_but_program_;
    for (const auto& file : files) compare(experiment, file, again / file);
    fmt::print("{}  {}: {} of {} files\n", told_.empty() ? "same   " : "DIFFERS", printable(experiment.file),
               same_ + same_but_program_ - before, files.size());
    for (const auto& line : told_) fmt::print("         {}\n", printable(line));
    std::fflush(stdout);
  }

  // A figure is gnuplot's as much as ours.
  bool draws_as_then() const { return here_.gnuplot == contents_.made_by.gnuplot; }

  void draw(const BundledExperiment& experiment, const fs::path& again) {
    if (!draws_as_then()) return;
    for (const auto& kind : experiment.figures) {
      try {
        draw_bundled(kind, again);
      } catch (const InputError& error) {
        say_note(fmt::format("{}: no figure {}: {}", experiment.file, kind, error.what()));
      }
    }
  }

  void compare(const BundledExperiment& experiment, const std::string& file, const fs::path& again) {
    const fs::path before = fs::path(experiment.results) / file;
    if (!draws_as_then() && before.extension() == ".svg") {
      ++left_out_;
      return;
    }
    if (!fs::exists(again) || !fs::exists(before)) {
      ++differing_;
      told_.push_back(fmt::format("{}: {}", file, fs::exists(again) ? "not in the bundle" : "did not come out"));
      return;
    }
    const Differences found = differences(before, again);
    if (found.none()) ++same_;
    if (found.of_program_only) ++same_but_program_;
    if (!found.sentences.empty()) ++differing_;
    for (const auto& sentence : found.sentences) told_.push_back(fmt::format("{}: {}", file, sentence));
    if (found.more > 0) told_.push_back(fmt::format("{}: and {} more", file, found.more));
  }

  const BundleContents& contents_;
  const BundledProgram& here_;
  unsigned jobs_;
  std::vector<std::string> told_;  // of the experiment
  std::size_t same_ = 0, same_but_program_ = 0, differing_ = 0, left_out_ = 0;
};

void make_empty_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw InputError("-o", directory.string(), "a directory to write to", error.message());
  if (!fs::is_empty(directory)) throw InputError("-o", directory.string(), "an empty directory", "one with files");
}

void verify(const VerifyWords& words) {
  std::optional<ScratchDirectory> scratch;
  if (words.out.empty())
    scratch.emplace();
  else
    make_empty_directory(words.out);
  const fs::path directory = scratch ? scratch->path() : fs::absolute(words.out);
  const BundleContents contents = unpack_bundle(words.bundle, directory);
  const BundledProgram here = this_program();
  fmt::print("{}: made by {}\n", printable(words.bundle), printable(text_of(contents.made_by)));
  if (here != contents.made_by) fmt::print("this is another: {}\n", text_of(here));
  if (here.gnuplot != contents.made_by.gnuplot) fmt::print("figures are not compared, since gnuplot is another\n");
  for (const auto& member : contents.members) {
    const auto ending = fs::path(member.file).extension();
    if (ending == ".so" || ending == ".py")
      say_note(fmt::format("{} is code that the bundle brings, and may do here what any program may", member.file));
  }
  std::fflush(stdout);
  const WorkingDirectory inside(directory);
  const ExitCode code = Verification(contents, here, words.jobs).run();
  if (code != exit_done) throw Exit{code};
}

}  // namespace

void add_verify_verb(Verb& app) {
  Verb verb = app.verb("verify", "Run a bundle's experiments again and say, byte for byte, whether the same comes out");
  auto words = std::make_shared<VerifyWords>();
  verb.option("BUNDLE", words->bundle, "what `headway bundle` wrote").required();
  verb.option("-o,--output", words->out, "an empty directory to unpack into, and to leave again/ in, what came out");
  verb.option("-j,--jobs", words->jobs, "runs at a time (default: one a core)").within(std::uint64_t{1}, 4096);
  verb.footer(
      "Exit 0: all is the same, but for which headway the results say they are of; 1: something is not, and is named "
      "by\n"
      "file, run and key; 2: no bundle, or one that was changed or cut short, with the member where that is.");
  verb.run([words] { verify(*words); });
}

}  // namespace headway
