// Faults of a scenario: devices that fail reads, slow down or disappear, and allocations that fail.
#pragma once

#include <boost/random/mersenne_twister.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "core/base/json_node.h"
#include "core/read.h"
#include "models/drive/drive.h"

namespace headway {

enum class FaultKind : std::uint8_t { read_error, slow, gone, no_memory };

struct FaultSpec {
  FaultKind kind = FaultKind::read_error;
  std::uint64_t devid = 0;  // all kinds but no_memory
  std::uint64_t from_byte = 0;
  std::uint64_t to_byte = UINT64_MAX;  // exclusive
  double rate = 1;                     // the share of reads (allocations) that fail
  double factor = 1;                   // everything the device does takes this many times as long
  double from_s = 0;
  double to_s = std::numeric_limits<double>::infinity();
};

// Reads one entry of "faults". Throws InputError.
FaultSpec read_fault(const JsonNode& node);

// What a device's faults do to its drive's dates: the drive as it answers then. Which reads fail is ReadErrors' to say.
std::unique_ptr<Drive> with_faults(std::unique_ptr<Drive> drive, std::uint64_t devid,
                                   const std::vector<FaultSpec>& faults);

// Says how each completed read ended. One lot is drawn for each read that a read-error fault may strike, in the order
// of completion.
class ReadErrors {
 public:
  ReadErrors(const std::vector<FaultSpec>& faults, std::uint64_t seed) : faults_(faults), draw_(seed) {}

  // 0, EIO, or ENODEV from the moment that the device is gone.
  int error_of(std::uint64_t devid, const Read& read, double end_s);
  // Writes fail only once the device is gone.
  int error_of_write(std::uint64_t devid, double end_s) const;

 private:
  const std::vector<FaultSpec>& faults_;
  boost::random::mt19937_64 draw_;
};

}  // namespace headway
