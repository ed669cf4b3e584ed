// Shared paths: what drives have read crosses links that several of them share (an HBA, a shelf, a network), with
// SimGrid's max-min sharing.
//
// Each drive on a bus has an actor that sends what the drive has finished, one read after the other, as one port does.
// Simplification: a read is sent when it has been read whole, so a bus adds bytes / rate to each read's latency even
// when it is idle; real links carry the first sectors while the last are still read. What a bus bounds, the sum of what
// its drives deliver, is not affected, since the drive goes on meanwhile. Drives without a bus pay nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "models/drive/drive.h"
#include "sim/scenario/bus_spec.h"

namespace headway {

class Buses {
 public:
  // Called when all of a transfer has arrived, in the context of an actor; its end is then.
  using Arrived = std::function<void(const DriveCompletion& completion)>;

  // `devids` by drive. Adds links, hosts and routes to `zone`, which is sealed afterwards; `memory` is where all goes.
  Buses(const std::vector<BusSpec>& buses, const std::vector<std::uint64_t>& devids, simgrid::s4u::NetZone* zone,
        simgrid::s4u::Host* memory, Arrived arrived);

  bool carries(std::uint32_t drive) const { return ports_[drive] != nullptr; }
  void send(std::uint32_t drive, const DriveCompletion& completion, std::uint32_t bytes);

  // SimGrid's settings under which a link's rate is its rate: no TCP model, no acknowledgements on the way back.
  static std::vector<std::string> engine_arguments();
  void start();  // the actors, once the zone is sealed

 private:
  struct Transfer {
    DriveCompletion completion;
    std::uint32_t bytes = 0;
  };
  struct Port {
    simgrid::s4u::Host* host = nullptr;
    simgrid::s4u::SemaphorePtr waiting;
    std::deque<Transfer> transfers;
  };

  void serve(Port& port);

  std::vector<std::unique_ptr<Port>> ports_;  // by drive; none for a drive on no bus
  simgrid::s4u::Host* memory_;
  Arrived arrived_;
};

}  // namespace headway
