#include "models/drive/fit/isotonic.h"

#include <doctest/doctest.h>

using namespace headway::fit;

TEST_CASE("values that fall are pooled by their weights, others stay") {
  CHECK(rising({1, 3, 2, 4}, {1, 1, 1, 1}) == std::vector<double>{1, 2.5, 2.5, 4});
  CHECK(rising({5, 1, 3}, {1, 3, 1}) == std::vector<double>{2, 2, 3});
  CHECK(rising({3, 2, 1}, {1, 1, 1}) == std::vector<double>{2, 2, 2});
  CHECK(rising({}, {}).empty());
}
