// What distinguishes one member of the reada family from another: the 2011 values are the patch's, every other value
// answers one of its open questions.
#pragma once

#include <cstdint>
#include <vector>

#include "core/parameter.h"
#include "core/reada/zone_picks.h"

namespace headway::reada {

struct Settings {
  std::uint32_t max_in_flight = 6;             // MAX_IN_FLIGHT
  std::uint32_t most_copies = 2;               // MAX_MIRRORS
  std::uint32_t starts_per_work = 10000;       // a work that has started more ends
  bool peer_lock = true;
  bool dup_first_copy = false;
  bool requeue_two = true;
  bool count_until_completion = true;          // a read is in flight until it ends; else only while it is submitted
  bool restart_on_mismatch = false;
  bool one_control_per_extent = false;
  std::uint32_t coalesce_bytes = 0;
  const ZonePick* zone_pick = &zone_picks()[0];

  // What later kernels changed besides; not parameters, but part of what the policy is.
  bool start_when_refused = true;              // the machine starts although the new readahead's root was refused
  bool requeue_after_any_start = false;        // 2011: only after a last round that started something
  std::uint32_t most_live_works = 0;           // no re-queue beyond; 0: without bound
  double restart_interval_s = 0;               // how often a waiter restarts an idle machine; 0: never
  bool idle_class = false;                     // its reads are of the idle I/O class
};

// The declarations, with `defaults` as their defaults; and back.
std::vector<Parameter> declare(const Settings& defaults);
Settings settings_from(const Parameters& values, const Settings& defaults);

}  // namespace headway::reada
