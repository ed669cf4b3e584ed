// md-raid10: the nearest head, an idle disk being at distance 0; with any SSD the SSD with least pending.
//
// Layout near: an idle disk counts as distance 0, else |address - head|. Layout far (and offset): the distance is the
// address itself, so the copy on the outer tracks is read. The first among equals. As soon as one of the disks is
// non-rotational, only non-rotational ones count, by their pending requests, of everybody's.
// Source: Linux 6.10 drivers/md/raid10.c, read_balance. btrfs's RAID10 corresponds to near. Left out: replacement
// disks, bad blocks, failing disks, the resync window. Simplified as in md_raid1.cpp.
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class MdRaid10 final : public Rule {
 public:
  explicit MdRaid10(bool far) : far_(far) {}

  std::size_t pick(const Question& question) const override {
    constexpr std::size_t none = SIZE_MAX;
    std::size_t least_pending_copy = none, nearest_copy = none;
    std::uint32_t least_pending = UINT32_MAX;
    std::uint64_t nearest = UINT64_MAX;
    for (std::size_t copy = 0; copy < question.copies.size(); ++copy) {
      if (!question.untried(copy)) continue;
      const DeviceState& device = question.device(copy);
      const std::uint32_t pending = question.pending_at(copy);
      if (!device.rotational && pending < least_pending) {
        least_pending = pending;
        least_pending_copy = copy;
      }
      const std::uint64_t away = distance_of(device, pending, question.copies[copy].physical);
      if (away < nearest) {
        nearest = away;
        nearest_copy = copy;
      }
    }
    return least_pending_copy != none ? least_pending_copy : nearest_copy;
  }

 private:
  std::uint64_t distance_of(const DeviceState& device, std::uint32_t pending, std::uint64_t physical) const {
    if (far_) return physical;
    return pending == 0 ? 0 : distance(physical, device.head);
  }

  const bool far_;
};

std::vector<Parameter> parameters() {
  return {{.name = "md_raid10_layout",
           .default_value = std::string("near"),
           .sentence = "For copy md-raid10: near prefers an idle disk, then the nearest head; far the lowest address.",
           .choices = {"near", "far"}}};
}

}  // namespace

extern const RuleEntry rule_md_raid10;
constinit const RuleEntry rule_md_raid10{
    "md-raid10", parameters, [](const Parameters& values) -> std::unique_ptr<Rule> {
      return std::make_unique<MdRaid10>(values.choice("md_raid10_layout") == "far");
    }};

}  // namespace headway::copy
