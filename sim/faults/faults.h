// Faults of a scenario: devices that fail reads, slow down or disappear, and allocations that fail.
//
// A kind of fault is one file: a struct with its keys and what it does. faults.cpp has the list.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/random_stream.h"
#include "core/read.h"
#include "models/drive/drive.h"

namespace headway {

// One fault. A kind overrides what it has a say in.
class Fault {
 public:
  virtual ~Fault() = default;

  std::optional<std::uint64_t> devid;  // of the device that it strikes; none for kinds that strike none

  // What it does to the drive's dates: the drive as it answers then.
  virtual std::unique_ptr<Drive> on_drive(std::unique_ptr<Drive> drive) const { return drive; }
  // Whether the device is no longer there at that date.
  virtual bool is_gone(double /*now_s*/) const { return false; }
  // The share of reads that fail; nothing for a read that it does not strike.
  virtual std::optional<double> read_error_rate(const Read& /*read*/) const { return std::nullopt; }
  // The share of the policy's allocations that fail.
  virtual std::optional<double> memory_error_rate() const { return std::nullopt; }
};
using Faults = std::vector<std::shared_ptr<const Fault>>;

struct FaultKind {
  std::string name;
  std::string sentence;
  ObjectShape keys;
  std::shared_ptr<const Fault> (*read)(const JsonNode&);  // of a node that fits the keys
};

// One entry of "faults".
Shape fault_shape();
// Throws InputError.
std::shared_ptr<const Fault> read_fault(const JsonNode& node);

// A drive with all of its device's faults. Which reads fail is ReadErrors' to say.
std::unique_ptr<Drive> with_faults(std::unique_ptr<Drive> drive, std::uint64_t devid, const Faults& faults);

// The share of allocations that fail, as the first fault of memory says; nothing without one.
std::optional<double> memory_error_rate(const Faults& faults);

// Says how each completed read ended. One lot is drawn for each read that a read-error fault may strike, in the order
// of completion.
class ReadErrors {
 public:
  ReadErrors(const Faults& faults, std::uint64_t seed) : faults_(faults), draw_(random_stream(seed, RandomPurpose::read_errors)) {}

  // 0, EIO, or ENODEV from the moment that the device is gone.
  int error_of(std::uint64_t devid, const Read& read, double end_s);
  // Writes fail only once the device is gone.
  int error_of_write(std::uint64_t devid, double end_s) const;

 private:
  const Faults& faults_;
  std::mt19937_64 draw_;
};

// For the files of the kinds: how most of them are read, and the key that names the device.
template <class Kind>
std::shared_ptr<const Fault> filled(const Fields<Kind>& fields, const JsonNode& node) {
  auto fault = std::make_shared<Kind>();
  fields.fill(node, *fault);
  return fault;
}
inline constexpr const char* device_sentence = "The device that it strikes, by devid.";

}  // namespace headway
