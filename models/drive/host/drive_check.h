// Holds a drive and its caller to the contract of drive.h: dates that never go back, each request completed once and not
// before it came, from an address that the drive has. Builds without assertions have none of it.
#pragma once

#include <cassert>
#include <cstdint>
#include <map>

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
    submitted_s_.emplace(request.tag, now_s);
  }
  void advance(double now_s) {
    assert(now_s >= now_s_);
    now_s_ = now_s;
  }
  void completed(const DriveCompletion& done) {
    const auto submitted_s = submitted_s_.find(done.tag);
    assert(submitted_s != submitted_s_.end());
    assert(submitted_s->second <= done.end_s && done.end_s <= now_s_);
    submitted_s_.erase(submitted_s);
  }

 private:
  double now_s_ = 0;
  std::multimap<std::uint64_t, double> submitted_s_;  // by tag; a caller may use one twice
};

#endif

}  // namespace headway
