#include "plots/distributions.h"

#include <algorithm>
#include <utility>

namespace headway {

namespace {

// `values` as a line from 0 to 100 %; values of 0 are where a logarithmic axis begins.
Line as_line(const std::string& label, std::vector<double> values) {
  constexpr std::size_t most_points = 800;
  Line line{label, {}};
  std::ranges::sort(values);
  const auto first_positive = static_cast<std::size_t>(std::ranges::upper_bound(values, 0.0) - values.begin());
  const double count = static_cast<double>(values.size());
  const std::size_t step = std::max<std::size_t>(1, values.size() / most_points);
  for (std::size_t i = first_positive; i < values.size(); i += step) {
    line.points.emplace_back(values[i], 100 * static_cast<double>(i + 1) / count);
  }
  if (!values.empty() && values.back() > 0) line.points.emplace_back(values.back(), 100);
  return line;
}

}  // namespace

LineChart distributions_chart(std::vector<Distribution> all, const std::string& y_title) {
  LineChart chart;
  chart.y_title = y_title;
  chart.x_logarithmic = true;
  chart.y_high = 100;
  for (Distribution& one : all) chart.lines.push_back(as_line(one.label, std::move(one.values)));
  return chart;
}

void plot_distributions(std::vector<Distribution> all, const std::string& x_title, const std::string& y_title,
                        const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = distributions_chart(std::move(all), y_title);
  chart.x_title = x_title;
  draw_lines(chart, out, options);
}

}  // namespace headway
