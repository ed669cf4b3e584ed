// What a sweep varied, and its runs by what they had of it: for the figures that show sweeps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plots/draw.h"
#include "plots/sample.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

std::optional<double> number_of(const std::string& text);

// An axis of the sweep and the values that the figure shows, in order: by size where all are numbers, else as they
// came.
struct SweptAxis {
  std::string name;
  std::vector<std::string> values;
  bool numbers = false;

  std::size_t place(const std::string& value) const;  // the number of values where it is none of them
};

// Precondition: the run has the axis.
const std::string& value_at(const PlottedRun& run, const std::string& axis);
SweptAxis axis_of(const std::vector<PlottedRun>& runs, const std::string& name);
std::vector<std::string> axis_names(const PlottedRun& run);

// The runs that did not fail at the values that `options` hold. Throws InputError for runs of no sweep, or of sweeps of
// different axes.
std::vector<PlottedRun> sweep_runs(Runs runs, const FigureOptions& options);
// One or two axes: those asked for, or those that vary. InputError where others vary and are not held.
std::vector<SweptAxis> chosen_axes(const std::vector<PlottedRun>& runs, const FigureOptions& options);

// What is drawn, series by series, each with a sample for each place.
struct SweptSeries {
  std::string label;
  std::vector<Sample> samples;
  std::vector<bool> marked;  // by place: a run there left something undone
};

class Grid {
 public:
  explicit Grid(std::size_t places) : places_(places) {}

  void add(const std::string& label, std::size_t place, double value, const RunResult& run);

  std::vector<SweptSeries> series;
  Undone undone;

 private:
  std::size_t places_;
};

// The policy, with its experiment where there are several.
std::string swept_label(const PlottedRun& run);
// "latency p99 (ms), files": with the workload that is selected.
std::string metric_title(const FigureOptions& options, const DisplayUnit& unit);
// Of all that is shown together.
DisplayUnit unit_of(const std::vector<PlottedRun>& runs, MetricId metric, const Selection& selection);

// heat.cpp
void draw_heat(const std::vector<PlottedRun>& runs, const std::vector<SweptAxis>& axes, const DisplayUnit& unit,
               const std::filesystem::path& out, const FigureOptions& options);

}  // namespace headway
