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

DisplayUnit time_unit(double largest) {
  for (const DisplayUnit& unit : seconds) {
    // Minutes and hours only where they are many: 90 s say more than 1.5 min.
    if (largest >= unit.size * (unit.size > 1 ? 10 : 1)) return unit;
  }
  return seconds[2];
}

}  // namespace

DisplayUnit display_unit(MetricId id, double largest) {
  const std::string_view name = metric(id).unit;
  if (id == MetricId::busy_fraction) return {0.01, "%"};
  if (name == "s") return time_unit(largest);
  if (name != "bytes" && name != "bytes/s") return {1, ""};
  const auto& units = name == "bytes" ? bytes : rates;
  const auto fits = std::ranges::find_if(units, [&](const DisplayUnit& unit) { return largest >= unit.size; });
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

std::string figure_text(double value, bool whole) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  std::string text = whole || size >= 1000 || value == 0 ? fmt::format("{:.0f}", value)
                     : size >= 100                       ? fmt::format("{:.1f}", value)
                     : size >= 1                         ? fmt::format("{:.2f}", value)
                                                         : fmt::format("{:.3g}", value);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > 3 + (text[0] == '-' ? 1 : 0); i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

}  // namespace headway
