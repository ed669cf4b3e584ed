#include "results/metrics/units.h"

#include <doctest/doctest.h>

using namespace headway;

namespace {

std::string_view name(MetricId id, double largest) { return display_unit(id, largest).name; }

}  // namespace

TEST_CASE("the unit of times changes at 1 us, 1 ms, 1 s, 10 min and 10 h, and not before") {
  using enum MetricId;
  CHECK(name(elapsed_s, 0.999e-6) == "s");  // nothing shows so little
  CHECK(name(elapsed_s, 1e-6) == "us");
  CHECK(name(elapsed_s, 0.999e-3) == "us");
  CHECK(name(elapsed_s, 1e-3) == "ms");
  CHECK(name(elapsed_s, 0.999) == "ms");
  CHECK(name(elapsed_s, 1) == "s");
  CHECK(name(elapsed_s, 599.9) == "s");
  CHECK(name(elapsed_s, 600) == "min");
  CHECK(name(elapsed_s, 35999) == "min");
  CHECK(name(elapsed_s, 36000) == "h");
}

TEST_CASE("the unit of bytes changes at each power of 1024") {
  using enum MetricId;
  CHECK(name(bytes_read, 0) == "B");
  double size = 1;
  for (const char* unit : {"B", "KiB", "MiB", "GiB", "TiB"}) {
    CHECK(name(bytes_read, size) == unit);
    CHECK(display_unit(bytes_read, size).size == size);
    CHECK(name(throughput_bytes_per_s, size) == unit + std::string("/s"));
    if (size > 1) CHECK(name(bytes_read, size - 1) != unit);
    size *= 1024;
  }
  CHECK(name(busy_fraction, 0.5) == "%");
  CHECK(name(reads, 5) == "");
}

TEST_CASE("figures have two decimals from 1, one from 100, none from 1000, and thousands apart") {
  CHECK(figure_text(0, false) == "0");
  CHECK(figure_text(0.01234, false) == "0.0123");
  CHECK(figure_text(0.999, false) == "0.999");
  CHECK(figure_text(1, false) == "1.00");
  CHECK(figure_text(99.9, false) == "99.90");
  CHECK(figure_text(100, false) == "100.0");
  CHECK(figure_text(999, false) == "999.0");
  CHECK(figure_text(1000, false) == "1,000");
  CHECK(figure_text(-123456, false) == "-123,456");
  CHECK(figure_text(-1234567, true) == "-1,234,567");
  CHECK(figure_text(12, true) == "12");
}
