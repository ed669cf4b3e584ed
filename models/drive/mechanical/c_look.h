// c-look: one way only. The heads serve towards higher cylinders, then go back to the lowest that waits. Every cylinder
// waits about equally long, where look favours the middle.
#pragma once

#include <cstdint>
#include <span>

#include "models/drive/mechanical/look.h"
#include "models/drive/mechanical/pending.h"

namespace headway {

struct CLook {
  static Pick pick(std::span<const Pending> pending, std::uint32_t cylinder) {
    auto next = Look::ahead(pending, cylinder, true);
    if (!next) next = Look::ahead(pending, 0, true);
    return {*next};
  }
};

}  // namespace headway
