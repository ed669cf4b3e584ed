// See options.h.
#include "plots/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/number_text.h"
#include "plots/figure.h"

namespace headway {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

struct TakenOption {
  std::string_view name;
  Takes bit;
  bool (*is_given)(const FigureOptions& options);
};

constexpr std::array<TakenOption, 20> options_taken = {{
    {"--metric", takes::metric, [](const FigureOptions& o) { return o.metric != MetricId::elapsed_s; }},
    {"--axis", takes::sweep, [](const FigureOptions& o) { return !o.axes.empty(); }},
    {"--at", takes::sweep, [](const FigureOptions& o) { return !o.at.empty(); }},
    {"--lines", takes::sweep, [](const FigureOptions& o) { return o.lines; }},
    {"--time-axes", takes::time_axes, [](const FigureOptions& o) { return o.time_axes != TimeAxes::automatic; }},
    {"--device", takes::device, [](const FigureOptions& o) { return !o.selection.devices.empty(); }},
    {"--workload", takes::workload, [](const FigureOptions& o) { return !o.selection.workload.empty(); }},
    {"--time", takes::time, [](const FigureOptions& o) { return o.selection.time_s.has_value(); }},
    {"--offset", takes::offset, [](const FigureOptions& o) { return o.selection.offset_gib.has_value(); }},
    {"--each", takes::each, [](const FigureOptions& o) { return o.each; }},
    {"--facet", takes::facet, [](const FigureOptions& o) { return o.facet != Facet::none; }},
    {"--facet device", takes::device, [](const FigureOptions& o) { return o.facet == Facet::device; }},
    {"--facet workload", takes::workload, [](const FigureOptions& o) { return o.facet == Facet::workload; }},
    {"--x-label, --y-label", takes::labels,
     [](const FigureOptions& o) { return !o.x_label.empty() || !o.y_label.empty(); }},
    {"--x-range", takes::x_range, [](const FigureOptions& o) { return o.x_range.has_value(); }},
    {"--y-range", takes::y_range, [](const FigureOptions& o) { return o.y_range.has_value(); }},
    {"--log", takes::log, [](const FigureOptions& o) { return o.log_x || o.log_y; }},
    {"--legend", takes::legend, [](const FigureOptions& o) { return o.legend != Legend::automatic; }},
    {"--order", takes::order, [](const FigureOptions& o) { return o.order != Order::automatic; }},
    {"--height", takes::height, [](const FigureOptions& o) { return o.height_cm > 0; }},
}};

}  // namespace

ValueRange value_range(std::string_view option, std::string_view text) {
  const auto fail = [&] {
    throw InputError("", option, "a range as 2..5, 2.. or ..5, the lower end first", fmt::format("\"{}\"", text));
  };
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) fail();
  ValueRange range;
  const auto take = [&](std::string_view end, double& value) {
    if (end.empty()) return;
    const auto number = typed_number(end);
    if (!number || number->is_percent) fail();
    value = number->value;
  };
  take(text.substr(0, dots), range.low);
  take(text.substr(dots + 2), range.high);
  if (!(range.low < range.high)) fail();
  return range;
}

bool Selection::has_device(std::uint64_t devid) const {
  return devices.empty() || std::ranges::find(devices, devid) != devices.end();
}

bool Selection::has_offset(std::uint64_t physical) const {
  return !offset_gib || offset_gib->holds(static_cast<double>(physical) / gib);
}

void check_taken(std::string_view kind, Takes taken, const FigureOptions& options) {
  for (const TakenOption& option : options_taken) {
    if ((taken & option.bit) != 0 || !option.is_given(options)) continue;
    std::vector<std::string_view> others;
    for (const FigureKind& other : figure_kinds()) {
      if ((other.takes & option.bit) != 0) others.push_back(other.name);
    }
    throw InputError("", option.name, fmt::format("a kind of figure that takes it ({})", fmt::join(others, ", ")),
                     fmt::format("\"{}\"", kind));
  }
}

}  // namespace headway
