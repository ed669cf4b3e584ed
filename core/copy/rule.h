// Which copy of a block to read, when one block is read for one caller.
//
// A rule is pure: the state of the devices in, the choice out. It sees how much is pending at each device, of
// everybody's; positions, times and runs are those of the strategy's own reads (Reader keeps them), where the sources'
// rules see all of the device's: beside other readers a head is taken to be where the strategy left it.
// One rule a file; rules.cpp has the list.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/parameter.h"
#include "core/volume.h"

namespace headway::copy {

inline constexpr std::uint64_t nowhere = UINT64_MAX;

// What is known of one device. Positions are bytes on the device; they start at 0 as in md and OpenZFS.
struct DeviceState {
  std::uint64_t devid = 0;
  bool rotational = true;
  std::uint32_t optimal_io_bytes = 0;  // 0: the device states none
  std::uint32_t claimed = 0;           // reads that were picked and will be issued (Reader::claim)
  std::uint64_t head = 0;              // where the read that completed last ended
  std::uint64_t issued_end = 0;        // where the read that was issued last ends
  std::uint64_t run_start = nowhere;   // where the gapless run of issued reads that ends there began
  std::uint64_t reads_completed = 0;
  double read_time_s = 0;  // from issue to completion, summed over those
};

struct Question {
  std::span<const Copy> copies;
  std::uint32_t tried = 0;  // bit i: copy i has failed; never all of them
  std::uint64_t logical = 0;
  std::uint64_t bytes_issued = 0;          // of all reads so far
  std::uint64_t lot = 0;                   // a number at random, for rules that draw lots
  std::span<const DeviceState> devices;    // by DeviceIndex
  std::span<const std::uint32_t> pending;  // by DeviceIndex: requests of all readers and writers under way

  bool untried(std::size_t copy) const { return (tried >> copy & 1) == 0; }
  const DeviceState& device(std::size_t copy) const { return devices[copies[copy].device]; }
  // md's nr_pending, OpenZFS's vq_active; what is claimed counts as if it were there.
  std::uint32_t pending_at(std::size_t copy) const { return pending[copies[copy].device] + device(copy).claimed; }
};

class Rule {
 public:
  virtual ~Rule() = default;
  // A copy that has not been tried. Must not depend on anything but the question and the rule's parameters.
  virtual std::size_t pick(const Question& question) const = 0;
  // Whether the rule looks at read_time_s, which costs a column of issue times.
  virtual bool times_reads() const { return false; }
};

// The rules of btrfs choose the first copy to try. After a failure btree_read_extent_buffer_pages (fs/btrfs/disk-io.c)
// takes the others in the order of their mirror numbers; and both copies of DUP lie on one device, of which
// map_blocks_dup (fs/btrfs/volumes.c) always reads the first.
class BtrfsRule : public Rule {
 public:
  std::size_t pick(const Question& question) const final {
    if (question.tried != 0) return static_cast<std::size_t>(std::countr_one(question.tried));
    const bool on_one_device = question.copies.size() > 1 && question.copies[0].device == question.copies[1].device;
    return on_one_device || question.copies.size() == 1 ? 0 : prefer(question);
  }

 private:
  virtual std::size_t prefer(const Question& question) const = 0;
};

inline std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a < b ? b - a : a - b; }

// A rule as parameters name it. Made of constants only: policies declare their parameters while objects of other files
// are still being made.
struct RuleEntry {
  std::string_view name;
  std::vector<Parameter> (*parameters)();  // the rule's own; null: none
  std::unique_ptr<Rule> (*make)(const Parameters& values);
};

// The parameter `copy` and those of the rules: what every strategy that owns a Reader declares.
std::vector<Parameter> declare(std::string_view default_rule = "pid");
// `own` and then declare(default_rule).
std::vector<Parameter> declare_with(std::vector<Parameter> own, std::string_view default_rule = "pid");
// The rule that `copy` names.
std::unique_ptr<Rule> make_rule(const Parameters& values);

}  // namespace headway::copy
