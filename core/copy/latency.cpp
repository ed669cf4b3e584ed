// latency: the copy whose device has had the least mean read time since the start.
//
// A device that has completed nothing counts as 0 and is tried first; ties go to the lower mirror number. The mean
// never forgets, so a device that once was slow is avoided for long. Source: "btrfs: introduce latency-based read
// policy" (linux-btrfs, 2024), btrfs_best_stripe: nsecs[READ] / ios[READ] of the block device. Simplified: the
// strategy's own reads are averaged, where the kernel averages all of the device's, and no nanoseconds are cut off.
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class Latency final : public BtrfsRule {
 public:
  bool times_reads() const override { return true; }

 private:
  static double mean_read_s(const DeviceState& device) {
    return device.reads_completed == 0 ? 0 : device.read_time_s / static_cast<double>(device.reads_completed);
  }

  std::size_t prefer(const Question& question) const override {
    std::size_t best = 0;
    for (std::size_t copy = 1; copy < question.copies.size(); ++copy) {
      if (mean_read_s(question.device(copy)) < mean_read_s(question.device(best))) best = copy;
    }
    return best;
  }
};

}  // namespace

extern const RuleEntry rule_latency;
constinit const RuleEntry rule_latency{
    "latency", nullptr, [](const Parameters&) -> std::unique_ptr<Rule> { return std::make_unique<Latency>(); }};

}  // namespace headway::copy
