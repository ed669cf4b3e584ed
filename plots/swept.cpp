// See swept.h.
#include "plots/swept.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/error.h"

namespace headway {

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::size_t SweptAxis::place(const std::string& value) const {
  return static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
}

const std::string& value_at(const PlottedRun& run, const std::string& axis) {
  return std::ranges::find(run.axes, axis, &std::pair<std::string, std::string>::first)->second;
}

SweptAxis axis_of(const std::vector<PlottedRun>& runs, const std::string& name) {
  SweptAxis axis{name, {}, true};
  for (const PlottedRun& run : runs) {
    const std::string& value = value_at(run, name);
    if (axis.place(value) < axis.values.size()) continue;
    axis.values.push_back(value);
    axis.numbers = axis.numbers && number_of(value);
  }
  if (axis.numbers) std::ranges::stable_sort(axis.values, {}, [](const std::string& v) { return *number_of(v); });
  return axis;
}

std::vector<std::string> axis_names(const PlottedRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, value] : run.axes) names.push_back(name);
  return names;
}

namespace {

void check_name(const std::string& option, const std::string& name, const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) == known.end()) {
    throw InputError("", option, "an axis of the sweep", unknown_name(name, known));
  }
}

}  // namespace

std::vector<PlottedRun> sweep_runs(Runs runs, const FigureOptions& options) {
  std::vector<PlottedRun> good = good_runs(runs);
  const std::vector<std::string> names = axis_names(good[0]);
  for (const PlottedRun& run : good) {
    if (names.empty() || axis_names(run) != names) {
      throw InputError(run.file, "", "the results of one sweep (a directory with sweep.csv)",
                       names.empty() ? "those of a scenario" : "those of another");
    }
  }
  for (const auto& [name, value] : options.at) {
    check_name("--at", name, names);
    const SweptAxis axis = axis_of(good, name);
    if (axis.place(value) == axis.values.size()) {
      throw InputError("", "--at", fmt::format("a value of the axis {}", name), unknown_name(value, axis.values));
    }
    std::erase_if(good, [&](const PlottedRun& run) { return value_at(run, name) != value; });
  }
  return good;
}

std::vector<SweptAxis> chosen_axes(const std::vector<PlottedRun>& runs, const FigureOptions& options) {
  const std::vector<std::string> names = axis_names(runs[0]);
  std::vector<SweptAxis> chosen;
  for (const std::string& name : options.axes) {
    check_name("--axis", name, names);
    chosen.push_back(axis_of(runs, name));
  }
  std::string left;
  for (const std::string& name : names) {
    const SweptAxis axis = axis_of(runs, name);
    if (axis.values.size() < 2 || std::ranges::find(chosen, name, &SweptAxis::name) != chosen.end()) continue;
    if (options.axes.empty() && chosen.size() < 2) {
      chosen.push_back(axis);
    } else {
      left += fmt::format("{}--at {}={}", left.empty() ? "" : " ", name, axis.values[0]);
    }
  }
  if (!left.empty()) throw InputError("", "--at", fmt::format("values for the other axes, such as {}", left), "none");
  if (chosen.empty()) chosen.push_back(axis_of(runs, names[0]));
  if (chosen.size() > 2) throw InputError("", "--axis", "one axis or two", fmt::format("{}", chosen.size()));
  return chosen;
}

void Grid::add(const std::string& label, std::size_t place, double value, const RunResult& run) {
  auto found = std::ranges::find(series, label, &SweptSeries::label);
  if (found == series.end())
    found = series.insert(series.end(), {label, std::vector<Sample>(places_), std::vector<bool>(places_)});
  undone.add(label, run);
  if (left_something(run)) found->marked[place] = true;
  if (std::isfinite(value)) found->samples[place].values.push_back(value);
}

std::string swept_label(const PlottedRun& run) {
  return run.experiment.empty() ? run.result.policy : fmt::format("{}: {}", run.experiment, run.result.policy);
}

std::string metric_title(const FigureOptions& options, const DisplayUnit& unit) {
  const std::string title = axis_title(options.metric, unit.name);
  return options.selection.workload.empty() ? title : fmt::format("{}, {}", title, options.selection.workload);
}

DisplayUnit unit_of(const std::vector<PlottedRun>& runs, MetricId metric, const Selection& selection) {
  double largest = 0;
  for (const PlottedRun& run : runs) {
    const double value = value_of(run, metric, selection);
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return display_unit(metric, largest);
}

}  // namespace headway
