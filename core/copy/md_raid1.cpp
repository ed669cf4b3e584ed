// md-raid1: stay with the disk that reads sequentially; else an idle one; else the nearest head.
//
// In detail, over the copies that have not failed, in order:
//  * A copy that begins where its disk's last read was issued to end, or where its head is, is taken at once, unless
//    the disk is non-rotational and its gapless run has reached the optimal I/O size: then it counts one pending
//    request more than it has, so that an idle disk takes over and the run goes on there; without one it stays.
//  * Else the first disk with least pending requests, of everybody's (nr_pending), if that is 0 or any of the disks is
//    non-rotational.
//  * Else the disk whose head is nearest, the first among equals.
// Source: Linux 6.10 drivers/md/raid1.c, choose_best_rdev, is_sequential, should_choose_next, update_read_sectors,
// update_head_pos (the head moves when a read completes). Left out: write-mostly and failing disks, bad blocks, and the
// rule that reads the first disk while a resync is under way. Simplified: the array is the set of disks that hold the
// block; positions are each copy's own, since btrfs puts the copies at different places; heads and runs are those of
// the strategy's own reads (rule.h).
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

bool sequential(const DeviceState& device, std::uint64_t physical) {
  return device.issued_end == physical || device.head == physical;
}

bool should_choose_next(const DeviceState& device) {
  return !device.rotational && device.optimal_io_bytes > 0 && device.run_start != nowhere &&
         device.issued_end > device.optimal_io_bytes && device.issued_end - device.optimal_io_bytes >= device.run_start;
}

class MdRaid1 final : public Rule {
 public:
  std::size_t pick(const Question& question) const override {
    constexpr std::size_t none = SIZE_MAX;
    std::size_t least_pending_copy = none, nearest_copy = none, sequential_copy = none;
    std::uint32_t least_pending = UINT32_MAX;
    std::uint64_t nearest = UINT64_MAX;
    bool any_solid_state = false;
    for (std::size_t copy = 0; copy < question.copies.size(); ++copy) {
      const DeviceState& device = question.device(copy);
      any_solid_state |= !device.rotational;
      if (!question.untried(copy)) continue;
      const std::uint64_t physical = question.copies[copy].physical;
      std::uint32_t pending = question.pending_at(copy);
      if (sequential(device, physical)) {
        if (!should_choose_next(device)) return copy;
        ++pending;
        sequential_copy = copy;
      }
      if (pending < least_pending) {
        least_pending = pending;
        least_pending_copy = copy;
      }
      if (distance(physical, device.head) < nearest) {
        nearest = distance(physical, device.head);
        nearest_copy = copy;
      }
    }
    if (sequential_copy != none && least_pending != 0) return sequential_copy;
    return any_solid_state || least_pending == 0 ? least_pending_copy : nearest_copy;
  }
};

}  // namespace

extern const RuleEntry rule_md_raid1;
constinit const RuleEntry rule_md_raid1{
    "md-raid1", nullptr, [](const Parameters&) -> std::unique_ptr<Rule> { return std::make_unique<MdRaid1>(); }};

}  // namespace headway::copy
