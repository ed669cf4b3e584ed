// sptf-exact: as sptf, by a drive that knows every positioning time exactly: what a discipline can give at best, and
// what simulators assume, DiskSim among them. An extracted drive, which has no margin, does the same under sptf.
#pragma once

#include "models/drive/mechanical/discipline/discipline.h"
#include "models/drive/mechanical/discipline/sptf.h"

namespace headway {

struct SptfExact {
  static constexpr Kind kind{"sptf-exact", "The same by a drive that knows every positioning time exactly.",
                             Sptf::kind.source};

  static Pick pick(const QueueView& queue) { return Sptf::shortest(queue, 0); }
};

}  // namespace headway
