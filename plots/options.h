// How a figure is to look and what of the runs it shows: what the command line asks for, and which kinds take it.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/metrics/metric.h"

namespace headway {

// From one value to another; an open end is infinite.
struct ValueRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool holds(double value) const { return low <= value && value <= high; }
};

// "A..B", "A.." or "..B", the lower one first. Throws InputError that names the option.
ValueRange value_range(std::string_view option, std::string_view text);

// A kind of small multiples: a panel for each of them.
enum class Facet : std::uint8_t { none, policy, device, drive, workload };
enum class Legend : std::uint8_t { automatic, right, below, none };
enum class Order : std::uint8_t { automatic, given, name, value };

// offset-time: all policies on one axis of time, or each on its own; by itself the former, unless one takes so much
// longer than another that the latter's panels would be strokes.
enum class TimeAxes : std::uint8_t { automatic, shared, own };

// What of the runs is shown; empty: all.
struct Selection {
  std::vector<std::string> policies{};
  std::vector<std::uint64_t> seeds{};
  std::vector<std::uint64_t> devices{};  // devids
  std::string workload{};
  std::optional<ValueRange> time_s{};
  std::optional<ValueRange> offset_gib{};

  bool has_device(std::uint64_t devid) const;
  bool has_time(double t) const { return !time_s || time_s->holds(t); }
  bool has_offset(std::uint64_t physical) const;
};

struct FigureOptions {
  double width_cm = 0;     // 0: one column of a paper, or for what needs more the width of its text:
  double column_cm = 8.4;  // within the column of each class of paper.h
  double text_cm = 17.7;   // and within the text of those that have two columns
  double height_cm = 0;    // 0: as the contents need
  double font_pt = 8;
  std::filesystem::path keep{};           // a directory for the gnuplot script and its data, for changing by hand
  MetricId metric = MetricId::elapsed_s;  // of `compare` and `sweep`
  std::vector<std::string> axes{};        // of `sweep`: one or two; empty: those that vary
  std::vector<std::pair<std::string, std::string>> at{};  // of `sweep`: values at which other axes are held
  bool lines = false;                                     // of `sweep`: two axes as lines, not as maps of heat
  TimeAxes time_axes = TimeAxes::automatic;
  Selection selection{};
  bool each = false;  // a line each seed, not their mean
  Facet facet = Facet::none;
  std::string title{}, x_label{}, y_label{};  // empty: the kind's own
  std::optional<ValueRange> x_range{}, y_range{};
  bool log_x = false, log_y = false;
  Legend legend = Legend::automatic;
  Order order = Order::automatic;
  bool grey = false;
};

// Which of them mean something to a kind, as bits.
using Takes = std::uint32_t;
namespace takes {
inline constexpr Takes metric = 1 << 0, sweep = 1 << 1, time_axes = 1 << 2, layout = 1 << 3;
inline constexpr Takes device = 1 << 4, workload = 1 << 5, time = 1 << 6, offset = 1 << 7;
inline constexpr Takes each = 1 << 8, facet = 1 << 9, labels = 1 << 10, x_range = 1 << 11, y_range = 1 << 12;
inline constexpr Takes log = 1 << 13, legend = 1 << 14, order = 1 << 15, height = 1 << 16;
}  // namespace takes

// Throws InputError for the first option that is given and that is not among `taken`, with the kinds that take it.
void check_taken(std::string_view kind, Takes taken, const FigureOptions& options);

}  // namespace headway
