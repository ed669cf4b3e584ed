// See units.h.
#include "results/metrics/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace headway {

namespace {

constexpr double kib = 1024, mib = 1024 * kib, gib = 1024 * mib, tib = 1024 * gib;
constexpr std::array<DisplayUnit, 5> seconds = {{{3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}}};
constexpr std::array<DisplayUnit, 5> bytes = {{{tib, "TiB"}, {gib, "GiB"}, {mib, "MiB"}, {kib, "KiB"}, {1, "B"}}};
constexpr std::array<DisplayUnit, 5> rates = {
    {{tib, "TiB/s"}, {gib, "GiB/s"}, {mib, "MiB/s"}, {kib, "KiB/s"}, {1, "B/s"}}};

// As shown, with four figures, whether it is at least so many of the unit: 999.96 us are 1.00 ms.
bool reaches(double value, double least, double unit) {
  return value >= least * unit || std::stod(fmt::format("{:.3e}", value / unit)) >= least;
}

DisplayUnit time_unit(double largest) {
  for (const DisplayUnit& unit : seconds) {
    // Minutes and hours only where they are many: 90 s say more than 1.5 min.
    if (reaches(largest, unit.size > 1 ? 10 : 1, unit.size)) return unit;
  }
  return largest > 0 ? seconds.back() : seconds[2];
}

}  // namespace

DisplayUnit display_unit(MetricId id, double largest) {
  const std::string_view name = metric(id).unit;
  if (!std::isfinite(largest)) largest = 0;
  if (id == MetricId::busy_fraction || id == MetricId::efficiency) return {0.01, "%"};
  if (name == "s") return time_unit(largest);
  if (name == "ms" || name == "%") return {1, name};  // iostat's
  if (name != "bytes" && name != "bytes/s") return {1, ""};
  const auto& units = name == "bytes" ? bytes : rates;
  const auto fits =
      std::ranges::find_if(units, [&](const DisplayUnit& unit) { return reaches(largest, 1, unit.size); });
  return fits == units.end() ? units.back() : *fits;
}

std::string axis_title(MetricId id, std::string_view unit) {
  const Metric& chosen = metric(id);
  std::string rest(chosen.name), title;
  for (std::size_t start = 0; start < rest.size();) {
    const std::size_t end = std::min(rest.find('_', start), rest.size());
    const std::string word = rest.substr(start, end - start);
    const bool unit_word = word == "s" || word == "per" || word == "fraction" || (word == "bytes" && start > 0);
    if (!unit_word) title += (title.empty() ? "" : " ") + word;
    start = end + 1;
  }
  const std::string_view shown = unit.empty() && chosen.unit.find('/') != std::string_view::npos ? chosen.unit : unit;
  return shown.empty() ? title : fmt::format("{} ({})", title, shown);
}

double half_interval(const Estimate& estimate) {
  return estimate.has_interval() ? std::max(estimate.high - estimate.mean, estimate.mean - estimate.low) : 0;
}

FigureColumn figure_column(MetricId id, std::span<const Estimate> values) {
  double largest = 0;
  for (const Estimate& value : values) {
    if (std::isfinite(value.mean)) largest = std::max(largest, std::abs(value.mean));
  }
  const DisplayUnit common = display_unit(id, largest);
  const auto own_unit = [&](const Estimate& value) { return display_unit(id, std::abs(value.mean)); };
  const bool one = std::ranges::none_of(values, [&](const Estimate& value) {
    return std::abs(value.mean) > 0 && std::abs(value.mean) < common.size / 1000 && own_unit(value).size < common.size;
  });
  FigureColumn column{one ? std::string(common.name) : "", {}};
  for (const Estimate& value : values) {
    const DisplayUnit unit = one ? common : own_unit(value);
    std::string text = figure_text(value.mean / unit.size, half_interval(value) / unit.size, metric(id).is_count);
    if (!one && text != "-" && !unit.name.empty()) text += fmt::format(" {}", unit.name);
    column.cells.push_back(std::move(text));
  }
  return column;
}

std::string value_text(MetricId id, double value) {
  const FigureColumn column = figure_column(id, std::array{Estimate{.count = 1, .mean = value}});
  if (column.unit.empty() || column.cells[0] == "-") return column.cells[0];
  return fmt::format("{} {}", column.cells[0], column.unit);
}

}  // namespace headway
