// Active measurement of a drive by reads alone: what `headway drive probe` asks it, and the log that comes of it.
//
// Reads go out one at a time, as plan.h has them; how fast the drive is with several under way is asked at the end.
// `drive fit` makes a drive of the log (fit/fit.h).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/request_log/request_log.h"

namespace headway::probe {

// A drive that can be read, and its clock: a device, or a model in a test. Errors of a read are std::system_error.
class Target {
 public:
  virtual ~Target() = default;

  virtual std::uint64_t bytes() const = 0;
  virtual std::uint32_t block_bytes() const = 0;  // a power of two: reads are multiples of it
  virtual double now_s() const = 0;
  virtual void wait_until(double date_s) = 0;
  // Returns when the data are there.
  virtual void read(std::uint64_t offset_bytes, std::uint32_t bytes) = 0;
  // Reads a block at each of the places, `depth` under way at any time; returns when all are there.
  virtual void read_all(std::span<const std::uint64_t> offsets_bytes, std::uint32_t depth) = 0;
};

struct Options {
  double seconds = 600;  // of the target's clock, about
  std::uint64_t seed = 1;
  std::string name;  // of the log
};

struct DepthPoint {
  std::uint32_t depth = 1;
  double reads_per_s = 0;  // of one block at random places
};

struct Probed {
  RequestLog log;                  // as load_request_log() would read it
  std::vector<DepthPoint> depths;  // 1, 2, 4, ... 32
};

// `progress`: called with the share that is done. Throws InputError when the drive is too small, or when there were too
// few reads in the time, std::system_error when a read fails.
Probed probe(Target& target, const Options& options, const std::function<void(double)>& progress);

// The log as CSV (models/request_log/csv.cpp).
std::string log_text(const RequestLog& log);

}  // namespace headway::probe
