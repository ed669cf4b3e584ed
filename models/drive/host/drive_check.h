// Holds a drive and its caller to the contract of drive.h: dates that never go back, each request completed once and not
// before it came, from an address that the drive has. Builds without assertions have none of it.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "models/drive/drive.h"

namespace headway {

#ifdef NDEBUG

struct DriveCheck {
  void submit(const DriveRequest& /*request*/, std::uint64_t /*capacity_bytes*/, double /*now_s*/) {}
  void advance(double /*now_s*/) {}
  void completed(const DriveCompletion& /*done*/) {}
};

#else

class DriveCheck {
 public:
  void submit(const DriveRequest& request, std::uint64_t capacity_bytes, double now_s) {
    advance(now_s);
    assert(request.bytes > 0 && request.offset_bytes < capacity_bytes);
    under_way_.push_back({request.tag, now_s});
  }
  void advance(double now_s) {
    assert(now_s >= now_s_);
    now_s_ = now_s;
  }
  void completed(const DriveCompletion& done) {
    const auto own = std::ranges::find(under_way_, done.tag, &Submitted::tag);
    assert(own != under_way_.end());
    assert(own->at_s <= done.end_s && done.end_s <= now_s_);
    under_way_.erase(own);
  }

 private:
  struct Submitted {
    std::uint64_t tag = 0;
    double at_s = 0;
  };

  double now_s_ = 0;
  std::vector<Submitted> under_way_;  // in the order in which they came: a caller may use a tag twice
};

#endif

}  // namespace headway
