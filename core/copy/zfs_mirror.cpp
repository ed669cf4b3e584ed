// zfs-mirror: the least load, which is the queue's length, of everybody's requests, and a penalty for the seek.
//
// Penalty on a disk: 0 where the last read issued ended, half of 5 (so 2) within 1 MiB of there, else 5; on an SSD: 0
// where it ended, else 1. Among equals the block's address decides, (address >> 21) modulo their number: a cheap
// stand-in for chance that keeps neighbours together.
// Source: OpenZFS 2.2 module/zfs/vdev_mirror.c, vdev_mirror_load, vdev_mirror_child_select,
// vdev_mirror_preferred_child_randomize and its zfs_vdev_mirror_* tunables. Really drawing lots is what that file does
// only among the copies of one block on several top-level devices (mm_root), where load does not count; zfs_ties =
// random draws here as well. Left out: resilvering, missing and degraded children, the rotor that spreads scrubs.
// Simplified: the address is the volume's logical one, which for a ZFS mirror is the same as its children's; the queue
// counts all that was submitted to the device, where vq_active leaves out what its I/O classes hold back above it; the
// last read is the strategy's own (rule.h).
#include <array>

#include "core/copy/rule.h"

namespace headway::copy {

namespace {

constexpr int tie_shift = 21;  // vdev_mirror_shift

struct Penalties {
  std::uint64_t rotating_inc = 0;
  std::uint64_t rotating_seek_inc = 5;
  std::uint64_t rotating_seek_offset_bytes = 1 << 20;
  std::uint64_t non_rotating_inc = 0;
  std::uint64_t non_rotating_seek_inc = 1;
};

class ZfsMirror final : public Rule {
 public:
  ZfsMirror(const Penalties& penalties, bool random_ties) : penalties_(penalties), random_ties_(random_ties) {}

  std::size_t pick(const Question& question) const override {
    std::array<std::size_t, max_copies> preferred{};
    std::size_t count = 0;
    std::uint64_t least = UINT64_MAX;
    for (std::size_t copy = 0; copy < question.copies.size(); ++copy) {
      if (!question.untried(copy)) continue;
      const std::uint64_t load = load_of(question, copy);
      if (load > least) continue;
      if (load < least) count = 0;
      least = load;
      preferred[count++] = copy;
    }
    return preferred[(random_ties_ ? question.lot : question.logical >> tie_shift) % count];
  }

 private:
  std::uint64_t load_of(const Question& question, std::size_t copy) const {
    const DeviceState& device = question.device(copy);
    const std::uint64_t physical = question.copies[copy].physical, queue = question.pending_at(copy);
    const bool linear = device.issued_end == physical;
    if (!device.rotational) return queue + (linear ? penalties_.non_rotating_inc : penalties_.non_rotating_seek_inc);
    if (linear) return queue + penalties_.rotating_inc;
    const bool near = distance(device.issued_end, physical) < penalties_.rotating_seek_offset_bytes;
    return queue + (near ? penalties_.rotating_seek_inc / 2 : penalties_.rotating_seek_inc);
  }

  const Penalties penalties_;
  const bool random_ties_;
};

Parameter penalty(const char* name, std::uint64_t value, const char* sentence) {
  return {.name = name,
          .default_value = static_cast<std::int64_t>(value),
          .unit = "reads",
          .sentence = sentence,
          .low = 0,
          .high = 1000000};
}

std::vector<Parameter> parameters() {
  const Penalties defaults;
  return {penalty("zfs_rotating_inc", defaults.rotating_inc,
                  "For copy zfs-mirror: load that a linear read adds on a disk."),
          penalty("zfs_rotating_seek_inc", defaults.rotating_seek_inc,
                  "For copy zfs-mirror: load that a seek adds on a disk; half of it for a near one."),
          {.name = "zfs_rotating_seek_offset_bytes",
           .default_value = static_cast<std::int64_t>(defaults.rotating_seek_offset_bytes),
           .unit = "bytes",
           .sentence = "For copy zfs-mirror: a seek over less than this is a near one.",
           .low = 0},
          penalty("zfs_non_rotating_inc", defaults.non_rotating_inc,
                  "For copy zfs-mirror: load that a linear read adds on an SSD."),
          penalty("zfs_non_rotating_seek_inc", defaults.non_rotating_seek_inc,
                  "For copy zfs-mirror: load that any other read adds on an SSD."),
          {.name = "zfs_ties",
           .default_value = std::string("address"),
           .sentence = "For copy zfs-mirror: what decides among equals, the block's address or a draw of lots.",
           .choices = {"address", "random"}}};
}

std::unique_ptr<Rule> make(const Parameters& values) {
  const auto number = [&](const char* name) { return static_cast<std::uint64_t>(values.integer(name)); };
  Penalties penalties;
  penalties.rotating_inc = number("zfs_rotating_inc");
  penalties.rotating_seek_inc = number("zfs_rotating_seek_inc");
  penalties.rotating_seek_offset_bytes = number("zfs_rotating_seek_offset_bytes");
  penalties.non_rotating_inc = number("zfs_non_rotating_inc");
  penalties.non_rotating_seek_inc = number("zfs_non_rotating_seek_inc");
  return std::make_unique<ZfsMirror>(penalties, values.choice("zfs_ties") == "random");
}

}  // namespace

extern const RuleEntry rule_zfs_mirror;
constinit const RuleEntry rule_zfs_mirror{"zfs-mirror", parameters, make};

}  // namespace headway::copy
