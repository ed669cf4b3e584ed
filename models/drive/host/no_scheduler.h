// none: requests reach the drive in the order in which they came (Linux's "none" for blk-mq devices).
#pragma once

#include <limits>

#include "models/drive/host/fifo.h"
#include "models/drive/host/host_request.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class NoScheduler {
 public:
  static constexpr Kind kind{"none", "Requests reach the drive in the order in which they came.",
                             "Linux block/blk-mq.c (v6.1)"};
  static constexpr bool in_order = true;

  void add(const HostRequest& request, double /*now_s*/) { waiting_.push(request); }
  bool empty() const { return waiting_.empty(); }

  bool take(HostRequest& request, double /*now_s*/) {
    if (waiting_.empty()) return false;
    request = waiting_.pop();
    return true;
  }

  void completed(const Finished& /*finished*/) {}

  double wake_s() const { return std::numeric_limits<double>::infinity(); }

 private:
  Fifo<HostRequest> waiting_;
};

}  // namespace headway
