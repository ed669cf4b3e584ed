// c-look: one way only. The heads serve towards higher cylinders, then go back to the lowest that waits. Every cylinder
// waits about equally long, where look favours the middle.
#pragma once

#include "models/drive/mechanical/discipline/discipline.h"
#include "models/drive/mechanical/discipline/look.h"

namespace headway {

struct CLook {
  static constexpr Kind kind{"c-look", "The elevator one way only: to higher cylinders, then back to the lowest.",
                             "B. Worthington, G. Ganger, Y. Patt, \"Scheduling algorithms for modern disk drives\", "
                             "SIGMETRICS 1994"};

  static Pick pick(const QueueView& queue) {
    auto next = Look::ahead(queue.pending, queue.cylinder(), true);
    if (!next) next = Look::ahead(queue.pending, 0, true);
    return {*next};
  }
};

}  // namespace headway
