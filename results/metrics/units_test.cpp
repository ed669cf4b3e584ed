#include "results/metrics/units.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace headway;

namespace {

std::string_view name(MetricId id, double largest) { return display_unit(id, largest).name; }

}  // namespace

TEST_CASE("the unit of times changes at 1 ms, 1 s, 10 min and 10 h, as shown, and not before") {
  using enum MetricId;
  CHECK(name(elapsed_s, 0) == "s");
  CHECK(name(elapsed_s, 1e-9) == "us");
  CHECK(name(elapsed_s, 0.999e-3) == "us");
  CHECK(name(elapsed_s, 1e-3) == "ms");
  CHECK(name(elapsed_s, 0.999) == "ms");
  CHECK(name(elapsed_s, 1) == "s");
  CHECK(name(elapsed_s, 599.9) == "s");
  CHECK(name(elapsed_s, 600) == "min");
  CHECK(name(elapsed_s, 35990) == "min");
  CHECK(name(elapsed_s, 36000) == "h");
  CHECK(value_text(elapsed_s, 999.94e-6) == "999.9 us");
  CHECK(value_text(elapsed_s, 999.96e-6) == "1.00 ms");  // not 1000.0 us
  CHECK(value_text(elapsed_s, 599.97) == "10.00 min");
  CHECK(value_text(elapsed_s, 1e-9) == "0.00100 us");
  CHECK(value_text(elapsed_s, 1e12) == "277,777,778 h");
  CHECK(value_text(elapsed_s, NAN) == "-");
}

TEST_CASE("the unit of bytes changes at each power of 1024, as shown") {
  using enum MetricId;
  CHECK(name(bytes_read, 0) == "B");
  double size = 1;
  for (const char* unit : {"B", "KiB", "MiB", "GiB", "TiB"}) {
    CHECK(name(bytes_read, size) == unit);
    CHECK(display_unit(bytes_read, size).size == size);
    CHECK(name(throughput_bytes_per_s, size) == unit + std::string("/s"));
    if (size > 1) CHECK(name(bytes_read, size * 0.9999) != unit);
    size *= 1024;
  }
  CHECK(name(busy_fraction, 0.5) == "%");
  CHECK(name(reads, 5) == "");
}

TEST_CASE("a column has one unit; where that leaves a value no figures, each cell its own") {
  const auto column = [](MetricId id, const std::vector<double>& values) {
    std::vector<Estimate> estimates;
    for (const double value : values) estimates.push_back({.count = 1, .mean = value});
    const FigureColumn made = figure_column(id, estimates);
    std::string text = made.unit;
    for (const std::string& cell : made.cells) text += "|" + cell;
    return text;
  };
  using enum MetricId;
  CHECK(column(elapsed_s, {41.93, 2.23}) == "s|41.93|2.23");
  CHECK(column(elapsed_s, {41.93, 0.05}) == "s|41.93|0.0500");
  CHECK(column(elapsed_s, {41.93, 81e-6, NAN, 0}) == "|41.93 s|81.00 us|-|0 s");
  CHECK(column(elapsed_s, {NAN, NAN}) == "s|-|-");
  CHECK(column(elapsed_s, {}) == "s");
  CHECK(column(busy_fraction, {1, 1e-12}) == "%|100.0|<0.000000001");
  CHECK(column(reads, {9580, 0}) == "|9,580|0");
  const Estimate sure{.count = 3, .mean = 0.0269, .standard_deviation = 1e-3, .low = 0.026518, .high = 0.027282};
  CHECK(figure_column(elapsed_s, std::vector{sure}).cells[0] == "26.90 ±0.38");
}
