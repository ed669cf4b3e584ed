// For tests: equal up to a share of the value. doctest's own Approx adds an absolute 1.2e-5, which for times of
// microseconds accepts anything.
#pragma once

#include <doctest/doctest.h>

namespace headway::testing {

inline doctest::Approx approx(double value) {
  return value == 0 ? doctest::Approx(value).epsilon(1e-15) : doctest::Approx(value).scale(0);
}

}  // namespace headway::testing
