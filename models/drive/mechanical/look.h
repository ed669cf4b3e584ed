// look: the elevator. The heads keep their direction and serve what lies ahead, nearest first; they turn around when
// nothing lies ahead any more. Ties (one cylinder) by arrival.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/drive/mechanical/pending.h"

namespace headway {

struct Look {
  bool inward = true;  // to higher cylinders

  Pick pick(std::span<const Pending> pending, std::uint32_t cylinder) {
    auto next = ahead(pending, cylinder, inward);
    if (!next) {
      inward = !inward;
      next = ahead(pending, cylinder, inward);
    }
    return {*next};
  }

  // The nearest at or beyond `cylinder` in that direction.
  static std::optional<std::size_t> ahead(std::span<const Pending> pending, std::uint32_t cylinder, bool inward) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      const std::uint32_t at = pending[i].place.cylinder;
      if (inward ? at < cylinder : at > cylinder) continue;
      if (!best || nearer(pending[i], pending[*best], inward)) best = i;
    }
    return best;
  }

 private:
  static bool nearer(const Pending& a, const Pending& b, bool inward) {
    if (a.place.cylinder != b.place.cylinder) return (a.place.cylinder < b.place.cylinder) == inward;
    return a.sequence < b.sequence;
  }
};

}  // namespace headway
