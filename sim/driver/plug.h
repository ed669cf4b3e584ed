// The block layer's plug: what one submitter asks for waits in it until the plug is pulled, and a request that begins
// where the submitter's last one on that device ends joins it, up to the device's largest request.
//
// From Linux v6.6 block/blk-core.c, blk-mq.c, blk-merge.c: a new request joins the last one in the plug for its queue
// or none; one that cannot join pulls the plug first where 32 requests wait in it (64 of several devices) or the last
// of them has 128 KiB; whoever goes to sleep pulls it. Simplifications: a request that is larger by itself is not
// split; requests join at the end of another alone, where Linux also joins them at its front; schedulers (mq-deadline,
// bfq) join nothing more, where Linux's also join what waits in them, so that a queue of small requests at a slow drive
// stays small requests here.
#pragma once

#include <vector>

#include "sim/driver/stage.h"

namespace headway {

class Plug {
 public:
  explicit Plug(Stage& stage) : stage_(stage) { held_.reserve(2 * most_requests); }

  void add(const OwnRequest& request, OwnRequestSink& sink);
  void pull();

 private:
  static constexpr std::size_t most_requests = 32;         // BLK_MAX_REQUEST_COUNT
  static constexpr std::uint32_t flush_bytes = 128 << 10;  // BLK_PLUG_FLUSH_SIZE

  struct Held {
    OwnRequest request;
    OwnRequestSink* sink;
  };

  bool join(const OwnRequest& request, const OwnRequestSink& sink);

  Stage& stage_;
  std::vector<Held> held_;
  bool many_devices_ = false;
};

}  // namespace headway
