// How clairvoyant.cpp looks ahead: which of some reads is next, and of a few, the best order and copies of all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/strategy.h"

namespace headway::clairvoyant {

// Neighbouring blocks on one copy, read together.
struct Unit {
  BlockId block = no_block;
  std::uint32_t blocks = 1;
  std::uint8_t copy = 0;
  std::uint64_t offset = 0, end = 0;  // bytes on the device

  std::uint32_t bytes() const { return static_cast<std::uint32_t>(end - offset); }
};

// What is known of devices: by the oracle, or for want of one by addresses.
class Reach {
 public:
  Reach(const ServiceOracle* oracle, std::span<const DeviceTraits> traits) : oracle_(oracle), traits_(traits) {}

  std::uint32_t machines(DeviceIndex device) const { return oracle_ ? oracle_->machines(device) : 1; }
  std::uint32_t machine_of(DeviceIndex device, std::uint64_t offset) const {
    return oracle_ ? oracle_->machine_of(device, offset) : 0;
  }
  // Whether it is one that heads move for, so that reads are best chosen one by one.
  bool heads(DeviceIndex device) const { return oracle_ ? oracle_->at_once(device) == 1 : traits_[device].rotational; }
  std::uint32_t at_once(DeviceIndex device) const { return oracle_ ? oracle_->at_once(device) : 32; }
  double service_s(DeviceIndex device, std::uint64_t from, std::uint64_t offset, std::uint32_t bytes,
                   double at_s) const {
    if (oracle_) return oracle_->service_s(device, from, offset, bytes, at_s);
    return static_cast<double>(offset > from ? offset - from : from - offset) * 1e-12;
  }

 private:
  const ServiceOracle* oracle_;
  std::span<const DeviceTraits> traits_;
};

// The place in `units` of the best next read for heads that end at `from` and are free at `at_s`: of the nearest ones
// that behind which the next `lookahead` take least. At most about `calls` reads are reckoned. Precondition: not empty.
std::size_t best_next(const Reach& reach, DeviceIndex device, std::uint64_t from, double at_s,
                      std::span<const Unit> units, std::size_t lookahead, std::size_t calls);

// Where a machine stands, and from when it can do anything.
struct Start {
  DeviceIndex device = 0;
  bool heads = true;
  std::uint64_t from = 0;
  double free_s = 0;
};
struct Choice {
  std::uint32_t machine = 0;
  Unit unit;
};

// `choices`: of each of at most 10 units, its copies. By machine: its part in the best order, the last first. Machines
// without heads are taken to do what they have one after the other, as far as that is not at once.
std::vector<std::vector<Unit>> best_plans(const Reach& reach, std::span<const Start> starts,
                                          const std::vector<std::vector<Choice>>& choices);

}  // namespace headway::clairvoyant
