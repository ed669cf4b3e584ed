// enumerate: brings a key range of a tree into memory by the policy, and ends when it is there.
#include "sim/driver/stage.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

class Enumerate final : public Workload {
 public:
  Enumerate(const TreeRange& range, Stage& stage) : range_(range), stage_(stage) {}

  double run() override { return stage_.wait(stage_.add(range_in(stage_.forest(), range_))); }

  MetricValues metrics(double elapsed_s) const override {
    MetricValues values;
    values[MetricId::elapsed_s] = elapsed_s;
    return values;
  }

 private:
  const TreeRange& range_;
  Stage& stage_;
};

class EnumeratePlan final : public WorkloadPlan {
 public:
  explicit EnumeratePlan(const TreeRange& range) : range_(range) {}

  std::unique_ptr<Workload> make(std::size_t /*place*/, Stage& stage) const override {
    return std::make_unique<Enumerate>(range_, stage);
  }
  void check(const LayoutCheck& check) const override { check.trees("tree", {&range_, 1}); }
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override { return {range_}; }

 private:
  const TreeRange range_;
};

const ObjectShape& keys() { return range_fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  TreeRange range;
  range_fields().fill(node, range);
  return std::make_shared<EnumeratePlan>(range);
}

}  // namespace

extern const WorkloadKind workload_enumerate{"enumerate", "Brings a key range into memory.", keys, read};

}  // namespace headway
