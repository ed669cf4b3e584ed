// What distinguishes one member of the reada family from another: the 2011 values are the patch's, every other value
// answers one of its open questions.
#pragma once

#include <cstdint>
#include <vector>

#include "core/parameter.h"
#include "core/volume.h"

namespace headway::reada {

enum class ZonePick : std::uint8_t { most_elements, nearest, sequential, round_robin };

struct Settings {
  std::uint32_t max_in_flight = 6;             // MAX_IN_FLIGHT
  std::uint32_t most_copies = 2;               // MAX_MIRRORS
  std::uint32_t most_started_by_one_work = 10000;
  bool peer_lock = true;
  bool dup_first_copy = false;
  bool requeue_two = true;
  ZonePick zone_pick = ZonePick::most_elements;
};

// The declarations, with `defaults` as their defaults; and back.
std::vector<Parameter> declare(const Settings& defaults);
Settings settings_from(const Parameters& values);

}  // namespace headway::reada
