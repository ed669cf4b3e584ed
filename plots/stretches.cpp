// See stretches.h.
#include "plots/stretches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace headway {

namespace {

constexpr double least_rooms = 100;  // of the least room: a shorter stretch is no long way
constexpr double room = 0.04;        // around what lies on the axis, as a share of it

// To as many decimals as a tenth of what lies between them needs.
Tick middle_of(double low, double high) {
  const int decimals = std::max(0, static_cast<int>(std::ceil(1 - std::log10(high - low))));
  const std::string name = fmt::format("{:.{}f}", (low + high) / 2, decimals);
  return {std::stod(name), name};
}

}  // namespace

Stretches::Stretches(std::vector<double> values, double least) {
  std::ranges::sort(values);
  if (values.empty()) {
    pieces_.push_back({0, 1, 0});
    return;
  }
  // The longest go first: each makes what is shown shorter, and the next one longer beside it.
  std::vector<std::size_t> gaps;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] > values[i - 1]) gaps.push_back(i);
  }
  const auto length = [&](std::size_t gap) { return values[gap] - values[gap - 1]; };
  constexpr std::size_t most_breaks = 3;
  const std::size_t first = std::min(most_breaks, gaps.size());
  std::ranges::partial_sort(gaps, gaps.begin() + static_cast<std::ptrdiff_t>(first), std::greater<>(), length);
  // As few of the longest stretches are left out as are each longer than all that is then shown, and a long way on a
  // drive; and whatever else then is.
  double shown = values.back() - values.front(), left = shown;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < first; ++i) {
    const double empty = length(gaps[i]);
    left -= empty;
    const bool is_long = left > 0 && empty > std::max(left, least_rooms * least);
    if (is_long) {
      chosen = i + 1;
      shown = left;
    } else if (chosen > 0) {
      break;
    }
  }
  std::vector<std::size_t> cuts(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(chosen));
  std::ranges::sort(cuts);
  const double pad = std::max(room * shown, least);
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const std::size_t end = i < cuts.size() ? cuts[i] : values.size();
    const double low = std::max(values[begin] - pad, 0.0), high = values[end - 1] + pad;
    if (!pieces_.empty() && low - pieces_.back().high < pad) {
      pieces_.back().high = high;  // with its room nothing would be saved
    } else {
      const double shift = pieces_.empty() ? 0 : pieces_.back().shift + low - pieces_.back().high;
      pieces_.push_back({low, high, shift});
    }
    begin = end;
  }
}

double Stretches::shown(double value) const {
  for (const Piece& piece : pieces_) {
    if (value <= piece.high) return std::max(value, piece.low) - piece.shift;
  }
  return value - pieces_.back().shift;
}

std::vector<double> Stretches::breaks() const {
  std::vector<double> breaks;
  for (std::size_t i = 1; i < pieces_.size(); ++i) breaks.push_back(pieces_[i].low - pieces_[i].shift);
  return breaks;
}

PlotAxis Stretches::axis(double height_cm, double em) const {
  PlotAxis axis{pieces_.front().low - pieces_.front().shift, pieces_.back().high - pieces_.back().shift};
  const double all = axis.high - axis.low;
  double last = -INFINITY;  // where the last name stands
  for (const Piece& piece : pieces_) {
    const double height = height_cm * (piece.high - piece.low) / all;
    std::vector<Tick> ticks = ticks_up({piece.low, piece.high}, height, em);
    const auto has_room = [&](const Tick& tick) {
      return (axis.place(tick.at - piece.shift)) * height_cm - last >= line_ems * em;
    };
    // A piece whose place no tick tells gets one at its middle.
    if (std::ranges::none_of(ticks, has_room)) ticks = {middle_of(piece.low, piece.high)};
    for (Tick& tick : ticks) {
      if (!has_room(tick)) continue;
      tick.at -= piece.shift;
      last = axis.place(tick.at) * height_cm;
      axis.ticks.push_back(std::move(tick));
    }
  }
  return axis;
}

void draw_breaks(Page& page, const Box& box, const PlotAxis& axis, const std::vector<double>& breaks) {
  const double size = 0.35 * page.em();
  for (const double at : breaks) {
    const double y = box.bottom + axis.place(at) * box.height;
    page.line(box.left, y, box.right(), y, "lw 0.8 dt '.' lc rgb '#666666' front");
    page.rectangle({box.left - 0.1 * size, y - 0.25 * size, 0.2 * size, 0.5 * size},
                   "fs solid noborder fc rgb '#ffffff' front");
    for (const double shift : {-0.25, 0.25})
      page.line(box.left - size, y + (shift - 0.5) * size, box.left + size, y + (shift + 0.5) * size,
                "lw 1.2 lc rgb '#000000' front");
  }
}

}  // namespace headway
