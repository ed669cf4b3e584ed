// round-robin: the copies take turns, each for a stretch of bytes long enough to stay sequential.
//
// Copies in the order of devid; the stretch is rr_min_contig_bytes (BTRFS_DEFAULT_RR_MIN_CONTIG_READ, 256 KiB), and the
// turn is (blocks read so far / blocks a stretch) modulo the number of copies. Blocks are counted when they are
// submitted, over the whole file system, so that the turn does not depend on which copies a block has.
// Source: Linux 6.15 fs/btrfs/volumes.c, btrfs_read_rr. Simplified: the counter counts this strategy's reads only, in
// bytes; the kernel's is in sectors, which comes to the same where both sizes are multiples of the sector.
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class RoundRobin final : public BtrfsRule {
 public:
  explicit RoundRobin(std::uint64_t stretch_bytes) : stretch_bytes_(stretch_bytes) {}

 private:
  std::size_t prefer(const Question& question) const override {
    const std::size_t count = question.copies.size();
    const std::size_t turn = question.bytes_issued / stretch_bytes_ % count;
    for (std::size_t copy = 0; copy < count; ++copy) {
      std::size_t before = 0;  // copies of lower devid; equal ones (DUP) keep their order
      for (std::size_t other = 0; other < count; ++other) {
        const auto devid = question.device(other).devid;
        before += devid < question.device(copy).devid || (devid == question.device(copy).devid && other < copy);
      }
      if (before == turn) return copy;
    }
    return 0;
  }

  const std::uint64_t stretch_bytes_;
};

std::vector<Parameter> parameters() {
  return {{.name = "rr_min_contig_bytes",
           .default_value = std::int64_t{262144},
           .unit = "bytes",
           .sentence = "For copy round-robin: bytes that are read before the next copy's turn comes.",
           .low = 4096,
           .high = std::int64_t{1} << 40}};
}

}  // namespace

extern const RuleEntry rule_round_robin;
constinit const RuleEntry rule_round_robin{
    "round-robin", parameters, [](const Parameters& values) -> std::unique_ptr<Rule> {
      return std::make_unique<RoundRobin>(static_cast<std::uint64_t>(values.integer("rr_min_contig_bytes")));
    }};

}  // namespace headway::copy
