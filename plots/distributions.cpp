// See distributions.h.
#include "plots/distributions.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway {

namespace {

constexpr std::size_t most_points = 800;

// Per cent that are at most, or more than, so many of `count`.
double percent(std::size_t at_most, std::size_t count, Tail side) {
  const double below = 100 * static_cast<double>(at_most) / static_cast<double>(count);
  return side == Tail::below ? below : 100 - below;
}

// Sorted values as a line; values of 0 are where a logarithmic axis begins.
Line as_line(const std::string& label, const std::vector<double>& values, Tail side) {
  Line line{label, {}};
  const auto first_positive = static_cast<std::size_t>(std::ranges::upper_bound(values, 0.0) - values.begin());
  // The complement's tail is of single values: it is shown whole.
  const std::size_t step = std::max<std::size_t>(1, values.size() / most_points);
  const std::size_t tail =
      side == Tail::above && values.size() > most_points ? values.size() - most_points / 2 : values.size();
  for (std::size_t i = first_positive; i < values.size(); i += i < tail ? step : 1)
    line.points.emplace_back(values[i], percent(i + 1, values.size(), side));
  if (side == Tail::above) {
    std::erase_if(line.points, [](const auto& point) { return !(point.second > 0); });
  } else if (!values.empty() && values.back() > 0) {
    line.points.emplace_back(values.back(), 100);
  }
  return line;
}

// Places on a logarithmic axis that holds all positive values.
std::vector<double> places_of(const std::vector<std::vector<double>>& replicates) {
  constexpr int steps = 300;
  double low = INFINITY, high = 0;
  for (const std::vector<double>& values : replicates) {
    const auto first = std::ranges::upper_bound(values, 0.0);
    if (first == values.end()) continue;
    low = std::min(low, *first);
    high = std::max(high, values.back());
  }
  std::vector<double> places;
  if (!(high > 0)) return places;
  for (int i = 0; i <= steps; ++i) places.push_back(i == steps ? high : low * std::pow(high / low, i / double{steps}));
  return places;
}

}  // namespace

Line distribution_line(const std::string& label, std::vector<std::vector<double>> replicates, Looks looks, Tail side) {
  for (std::vector<double>& values : replicates) std::ranges::sort(values);
  std::erase_if(replicates, [](const auto& values) { return values.empty(); });
  if (replicates.empty()) return {label, {}};
  if (replicates.size() == 1) return as_line(label, replicates.front(), side);
  const std::vector<double> places = places_of(replicates);
  std::vector<std::vector<double>> parts(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const std::vector<double>& values : replicates) {
      const auto at_most = static_cast<std::size_t>(std::ranges::upper_bound(values, places[i]) - values.begin());
      parts[i].push_back(percent(at_most, values.size(), side));
    }
  }
  MeanCourse mean = mean_course(places, parts, looks);
  while (side == Tail::above && !mean.points.empty() && !(mean.points.back().second > 0)) {
    mean.points.pop_back();
    mean.halves.pop_back();
  }
  return {label, std::move(mean.points), std::move(mean.halves)};
}

LineChart distributions_chart(std::vector<Distribution> all, const std::string& y_title) {
  LineChart chart;
  chart.y_title = y_title;
  chart.x_logarithmic = true;
  chart.y_high = 100;
  for (Distribution& one : all)
    chart.lines.push_back(distribution_line(one.label, {std::move(one.values)}, Looks::once, Tail::below));
  return chart;
}

void plot_distributions(std::vector<Distribution> all, const std::string& x_title, const std::string& y_title,
                        const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = distributions_chart(std::move(all), y_title);
  chart.x_title = x_title;
  draw_lines(chart, out, options);
}

}  // namespace headway
