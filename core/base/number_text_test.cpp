#include "core/base/number_text.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace headway;

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

TEST_CASE("no exponents, no nan, no figure that rounding has made too long") {
  CHECK(figure_text(8.07e-05, false) == "0.0000807");
  CHECK(figure_text(1e-10, false) == "<0.000000001");
  CHECK(figure_text(-1e-10, false) == ">-0.000000001");
  CHECK(figure_text(1e12, false) == "1,000,000,000,000");
  CHECK(figure_text(0.9996, false) == "1.00");
  CHECK(figure_text(99.996, false) == "100.0");
  CHECK(figure_text(999.96, false) == "1,000");
  CHECK(figure_text(NAN, true) == "-");
  CHECK(figure_text(-INFINITY, false) == "-");
  CHECK(figure_text(0.5, true) == "0.500");  // one of two seeds had one
  CHECK(figure_text(1234.5, true) == "1,234");
  CHECK(plain_text(0.0531286, 6) == "0.0531286");
  CHECK(plain_text(8.0712345e-05, 6) == "0.0000807123");
  CHECK(plain_text(7.0451234e7, 6) == "70,451,200");
  CHECK(plain_text(0.5, 6) == "0.5");
  CHECK(plain_text(3, 6) == "3");
}

TEST_CASE("value and interval end at the same digit, the second of the interval") {
  CHECK(figure_text(2.69, 0.0382, false) == "2.690 ±0.038");
  CHECK(figure_text(20, 4.968, false) == "20.0 ±5.0");
  CHECK(figure_text(9580, 123.4, true) == "9,580 ±120");
  CHECK(figure_text(12345, 4567, false) == "12,300 ±4,600");
  CHECK(figure_text(1.2, 0.0996, false) == "1.20 ±0.10");  // rounding makes it a figure longer
  CHECK(figure_text(-0.5, 12.3, false) == "0 ±12");        // wider than the value, and no "-0"
  CHECK(figure_text(0, 0.00321, false) == "0.0000 ±0.0032");
  CHECK(figure_text(5, 0, false) == "5.00");
  CHECK(figure_text(5, NAN, false) == "5.00");
  CHECK(figure_text(41.93, 1e-12, false) == "41.93000 ±0.00001");  // seven figures are enough, and it is not zero
  CHECK(figure_text(1e12, 1.5, false) == "1,000,000,000,000 ±2");
  CHECK(signed_text(3440.4) == "+3,440");
  CHECK(signed_text(1e23) == "above +10^15");
  CHECK(signed_text(-0.0321, 0.0012) == "-0.0321");
  CHECK(signed_text(32.31, 1.25) == "+32.3");
  CHECK(signed_text(-0.01, 1.2) == "+0.0");
  CHECK(signed_text(2.2e-14) == "+0.000000");
}
