// devid: the copy on a chosen device, the first where that device has none.
//
// Source: Linux 6.15 fs/btrfs/volumes.c, btrfs_read_preferred. The kernel's default is its latest device; here it is
// devid 1.
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class Devid final : public BtrfsRule {
 public:
  explicit Devid(std::uint64_t devid) : devid_(devid) {}

 private:
  std::size_t prefer(const Question& question) const override {
    for (std::size_t copy = 0; copy < question.copies.size(); ++copy) {
      if (question.device(copy).devid == devid_) return copy;
    }
    return 0;
  }

  const std::uint64_t devid_;
};

std::vector<Parameter> parameters() {
  return {{.name = "devid",
           .default_value = std::int64_t{1},
           .sentence = "For copy devid: the device that is read from wherever it holds a copy.",
           .low = 0}};
}

}  // namespace

extern const RuleEntry rule_devid;
constinit const RuleEntry rule_devid{
    "devid", parameters, [](const Parameters& values) -> std::unique_ptr<Rule> {
      return std::make_unique<Devid>(static_cast<std::uint64_t>(values.integer("devid")));
    }};

}  // namespace headway::copy
