// first: always stripe 0. Not a rule of any kernel: the plainest thing to compare with.
#include "core/copy/rule.h"

namespace headway::copy {

namespace {

class First final : public BtrfsRule {
  std::size_t prefer(const Question& /*question*/) const override { return 0; }
};

}  // namespace

extern const RuleEntry rule_first;
constinit const RuleEntry rule_first{
    "first", nullptr, [](const Parameters&) -> std::unique_ptr<Rule> { return std::make_unique<First>(); }};

}  // namespace headway::copy
