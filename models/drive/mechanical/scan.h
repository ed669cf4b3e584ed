// scan: as look, but the heads go on to the last cylinder before they turn around. P. Denning, "Effects of scheduling
// on file memory operations", AFIPS SJCC 1967.
#pragma once

#include <cstdint>
#include <span>

#include "models/drive/mechanical/look.h"
#include "models/drive/mechanical/pending.h"

namespace headway {

struct Scan {
  bool inward = true;

  Pick pick(std::span<const Pending> pending, std::uint32_t cylinder, std::uint32_t last_cylinder) {
    if (const auto next = Look::ahead(pending, cylinder, inward)) return {*next};
    inward = !inward;
    const std::uint32_t edge = inward ? 0 : last_cylinder;
    return {*Look::ahead(pending, edge, inward), true, edge};
  }
};

}  // namespace headway
