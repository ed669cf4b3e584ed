// pid: the number of the reading process, modulo the number of copies.
//
// One process reads one copy as long as that is sound, so a single reader keeps half of a mirror's disks idle; many
// readers spread by chance. Source: Linux fs/btrfs/volumes.c, find_live_mirror, BTRFS_READ_POLICY_PID (the default).
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class Pid final : public BtrfsRule {
 public:
  explicit Pid(std::uint64_t pid) : pid_(pid) {}

 private:
  std::size_t prefer(const Question& question) const override { return pid_ % question.copies.size(); }

  const std::uint64_t pid_;
};

std::vector<Parameter> parameters() {
  return {{.name = "pid",
           .default_value = std::int64_t{0},
           .sentence = "For copy pid: number of the reading process; modulo the number of copies it is the copy read.",
           .low = 0,
           .high = 4194304}};
}

}  // namespace

extern const RuleEntry rule_pid;
constinit const RuleEntry rule_pid{"pid", parameters, [](const Parameters& values) -> std::unique_ptr<Rule> {
                                     return std::make_unique<Pid>(static_cast<std::uint64_t>(values.integer("pid")));
                                   }};

}  // namespace headway::copy
