// Figures from results and traces, drawn by gnuplot: one table of kinds, from which the command line derives its
// choices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"
#include "plots/options.h"
#include "results/files/results_file.h"
#include "results/metrics/metric.h"
#include "results/metrics/statistics.h"
#include "results/trace/gap.h"

namespace headway {

// Where a run's blocks lie. With it, offset-time shades zones, and layout shows what was not read.
// Both are the caller's, as large as the file system, and shared by all runs and figures that show them.
struct PlottedLayout {
  std::shared_ptr<const Volume> volume;
  std::shared_ptr<const Forest> forest;
};

// One run and what it left behind.
struct PlottedRun {
  std::string label;  // of its experiment and policy; runs of one label are replicates, which differ in their seeds
  RunResult result;
  std::filesystem::path trace;                     // need not exist for kinds that do without
  std::filesystem::path intervals;                 // likewise; where it is missing the trace serves
  std::shared_ptr<const PlottedLayout> layout{};   // may be null
  bool measured = false;                           // on real devices
  bool traced = true;                              // else a file at `trace` is of an earlier run
  std::filesystem::path kept_layout{};             // beside the results; empty where those are too old to have one
  std::string scenario_file{}, scenario_sha256{};  // as results.json has them: where to look then
  std::vector<std::pair<std::string, std::string>> axes{};  // of a sweep's run: each axis and its value
  std::string file{};                                       // that it stands in, for messages
  CpuCosts cpu{};                                           // what its scenario charges for
  Looks looks = Looks::once;  // how its intervals over seeds are to be had (results/files/stopping.h)
  std::string drive{};        // the names of its drives; empty where the results do not keep them
  std::string experiment{};   // what its experiment is called, where there are several
};

struct FigureKind {
  std::string_view name;
  std::string_view sentence;
  bool uses_layout;  // shows more of runs that have one
  bool needs_traces;
  Takes takes;  // which options mean something to it (options.h)
  // The ending of `out` says what it becomes: pdf, svg, png, eps, or tex (with a -drawing.pdf beside it). Failed runs
  // are left out. Throws InputError for another ending, for files that are missing (saying how to get them) or do not
  // fit together, and when there is nothing to draw; std::runtime_error when gnuplot is missing or fails.
  void (*draw)(std::span<const PlottedRun> runs, const std::filesystem::path& out, const FigureOptions& options);
};

std::span<const FigureKind> figure_kinds();
const FigureKind* find_figure_kind(std::string_view name);
std::vector<std::string> figure_kind_names();

// Draws that kind of the runs that `options` select. Throws as `draw` does, and for an option that the kind does not
// take.
void draw_figure(const FigureKind& kind, std::span<const PlottedRun> runs, const std::filesystem::path& out,
                 const FigureOptions& options);

// The runs of results.json files, of a sweep's tables (sweep.csv), or of the directories that hold them. Runs of one
// policy are of one label, and so replicates, where all that makes the experiment is the same: scenario, what was set
// in it but the seed, drives, inputs, program, and no seed twice. Otherwise labels say what differs: the experiments'
// names, what was set, their drives, or their directories; or they say `names`, one for each path where there are any.
// Throws InputError.
std::vector<PlottedRun> plotted_runs(std::span<const std::string> paths, std::span<const std::string> names = {});

// A trace and the label that its panels carry.
struct LabelledTrace {
  std::string label;
  std::filesystem::path path;
  std::shared_ptr<const PlottedLayout> layout{};  // for zones; may be null
  std::vector<std::string> foot{};                // sentences below all panels, which asterisks at labels refer to
};

// Physical offset over time: a column of panels a trace, a row a device; a row shares its axis of offsets. Throws as
// above, also for traces of different devices.
void plot_offset_time(std::span<const LabelledTrace> traces, const std::filesystem::path& out,
                      const FigureOptions& options = {});

}  // namespace headway
