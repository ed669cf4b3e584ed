// none: requests reach the drive in the order in which they came (Linux's "none" for blk-mq devices).
#pragma once

#include <limits>

#include "models/drive/host/fifo.h"
#include "models/drive/host/host_request.h"

namespace headway {

class NoScheduler {
 public:
  static constexpr bool in_order = true;

  void add(const HostRequest& request, double /*now_s*/) { waiting_.push(request); }
  bool empty() const { return waiting_.empty(); }

  // Whether it lets a request go at now_s, and which.
  bool take(HostRequest& request, double /*now_s*/) {
    if (waiting_.empty()) return false;
    request = waiting_.pop();
    return true;
  }

  void completed(const Finished& /*finished*/) {}

  // When to ask again although nothing has been added or completed; +infinity: never.
  double wake_s() const { return std::numeric_limits<double>::infinity(); }

 private:
  Fifo<HostRequest> waiting_;
};

}  // namespace headway
