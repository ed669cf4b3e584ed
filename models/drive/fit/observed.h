// A log as a fit sees it: each request with what came before it, and what the drive did for it as far as its response
// time alone shows: found it in its buffer, put it there, or went to the media.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "models/request_log/request_log.h"

namespace headway::fit {

enum class Served : std::uint8_t {
  media,   // the heads went there
  buffer,  // a read that the buffer held, a write that it took
  unclear  // a read close behind another may have waited for a read-ahead under way; one that waited for others
};

struct Observed {
  const LoggedRequest* request = nullptr;
  std::uint64_t sector = 0;
  std::uint32_t sectors = 0;
  std::uint64_t before = 0;      // the address behind the request before it
  bool first = true;             // none came before it
  std::uint64_t heads = 0;       // the address behind the last request that moved them
  double idle_s = 0;             // since that one ended
  bool after_write = false;      // the one before was a write
  std::uint32_t run = 0;         // of how many requests of its kind, each where the one before ended, it is the next
  std::uint32_t before_run = 0;  // that of the one before
  Served served = Served::media;

  double latency_s() const { return request->measured_s; }
  // Sectors from the end of the request before to its first.
  std::int64_t ahead() const { return static_cast<std::int64_t>(sector - before); }
  // Sectors from where the heads last went to its first.
  std::int64_t from_heads() const { return static_cast<std::int64_t>(sector - heads); }
  // The drive then answers from its buffer in another time (mechanical_model.h, Overhead).
  bool other_case() const {
    constexpr std::int64_t stays = 40;  // sectors, seldom beyond a track's end
    if (!request->write) return after_write || ahead() != 0;
    return after_write && std::abs(ahead()) < stays;
  }
};

// What a response without the media takes: a time of its own, one a sector, and one more in another case: of a read, if
// it does not go on where another read ended; of a write, if it goes on (or stays near) where another write ended.
struct BufferTime {
  bool found = false;
  double s = 0;
  double s_per_sector = 0;
  double other_case_s = 0;
  double error_s = 0;
  double error_s_per_sector = 0;
  double spread_s = 0;  // of one response, about that
  std::size_t requests = 0;
};

struct Observations {
  std::vector<Observed> all;
  BufferTime hit;           // of reads that the buffer held
  BufferTime cached_write;  // of writes that it took
};

// `requests`: of one_at_a_time(). They outlive the result.
Observations observe(std::span<const LoggedRequest> requests, std::uint32_t sector_bytes);

// Over how long times are spread of requests at the media that follow near the one before: about a revolution.
double near_spread_s(const Observations& seen);

}  // namespace headway::fit
