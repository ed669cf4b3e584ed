// A world that the readahead engine schedules, and that it has left nothing behind in its books.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "core/reada/engine.h"
#include "core/testing/world.h"

namespace headway::testing {

inline reada::Engine& start(World& world, const reada::Settings& settings = {}) {
  world.make([&](const Context& context) { return std::make_unique<reada::Engine>(context, settings); });
  return dynamic_cast<reada::Engine&>(world.strategy());
}

inline void check_idle(const World& world, const reada::Engine& engine) {
  CHECK(world.in_flight().empty());
  CHECK(engine.live_records() == 0);
  for (DeviceIndex device = 0; device < engine.zones().devices(); ++device) {
    CHECK(engine.zones().in_flight(device) == 0);
    for (auto zone = engine.zones().first_zone(device); zone < engine.zones().end_zone(device); ++zone)
      CHECK(engine.zones().elements(zone) == 0);
  }
}

}  // namespace headway::testing
