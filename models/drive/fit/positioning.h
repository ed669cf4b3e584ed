// How long the heads take: the edges of all requests that went to the media (edge_model.h) as sums of an overhead, a
// seek by distance, what a write takes more, what a request after a write takes more, and the time a sector takes to
// pass.
//
// A drive that reads ahead has moved its heads on since its last request: where a log has reads a little ahead of them,
// those alone tell the overhead, and near seeks begin where the heads have got to.
//
// The seek curve is a chain of straight lines over the root of the distance, with knots where enough requests are;
// after each round it is made monotone by isotonic regression. Distances are in tracks of the layout that the platters'
// angle told (phase.h), or where it told none, in tracks of one length that the edges themselves tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/drive/fit/bus.h"
#include "models/drive/fit/observed.h"
#include "models/drive/fit/phase.h"

namespace headway::fit {

struct Known {
  double value = 0;
  double error = 0;          // one standard error; 0 where it was given
  std::size_t requests = 0;  // that tell it
};

struct CurveKnot {
  double tracks = 0;
  Known s;  // overhead and seek together, without the bus
};

struct Positioning {
  Known revolution_s;
  Known overhead_s;                  // of a read that need not seek, without the bus
  bool overhead_told = false;        // else none of the requests stays on its track
  Known write_overhead_s;            // of a write beyond that of a read, as far as told
  Known write_settle_s;              // of a write that seeks, beyond that
  Known after_write_s;               // what a read takes more where a write came before
  Known write_after_write_s;         // and what a write does
  BusRules bus;                      // without a layout it is taken for overlapped, of reads and writes
  Known sector_s;                    // that one sector takes to pass, where no layout says it
  bool zero_latency = false;         // reads begin wherever the heads come down among their sectors
  bool zero_latency_writes = false;  // and writes
  std::vector<CurveKnot> curve;      // distances ascend
  std::size_t requests = 0;
};

// `revolution_s`: as the phase or the user says. `layout`: with zones, or none.
// `read_ahead_after`: behind which of sequential reads the drive reads ahead (buffer_rules.h). Throws InputError (file
// `name`) where neither says the revolution, and where requests are too few for a curve, saying how many are missing.
Positioning find_positioning(const Observations& seen, const Layout* layout, std::optional<double> revolution_s,
                             std::uint32_t read_ahead_after, const std::string& name);

// Tracks before a sector, in a layout.
double tracks_before(const std::vector<TrackZone>& zones, std::uint64_t sector);

}  // namespace headway::fit
