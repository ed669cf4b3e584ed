#include "results/metrics/metric.h"

#include <doctest/doctest.h>

#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("the registry lists each metric once, named by its unit") {
  for (const Metric& each : metrics()) {
    CHECK(find_metric(each.name) == each.id);
    CHECK(metrics_as_markdown().find(std::string(each.name)) != std::string::npos);
    CHECK(metrics_as_text().find(std::string(each.name)) != std::string::npos);
    CHECK(each.sentence.ends_with('.'));
  }
  CHECK(!find_metric("elapsed"));
  CHECK(widest_line(metrics_as_text()) <= 100);
}
