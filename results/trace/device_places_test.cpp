#include "results/trace/device_places.h"

#include <doctest/doctest.h>

#include <vector>

using namespace headway;

TEST_CASE("a devid's place is that of its device, whatever the order, and past the end for none") {
  const std::vector<Device> devices = {{7, 1}, {3, 1}, {UINT64_MAX, 1}, {1, 1}};
  const DevicePlaces places(devices);
  CHECK(places[7] == 0);
  CHECK(places[3] == 1);
  CHECK(places[UINT64_MAX] == 2);
  CHECK(places[1] == 3);
  CHECK(places[2] == 4);
  CHECK(DevicePlaces{}[1] == 0);
}
