#include "sim/cli/schemas.h"

#include <doctest/doctest.h>

#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("the committed schemas are what the tables say; `make schemas` refreshes them") {
  REQUIRE(schemas().size() >= 2);
  for (const auto& schema : schemas()) {
    CAPTURE(schema.file);
    CHECK(bytes_of(source_directory() / schema.file) == schema.text());
  }
}
