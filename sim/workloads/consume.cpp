// consume: a reader that visits a key range in key order and works for a while at each node, with the policy's readahead
// beside it, which nobody waits for.
//
// What is not in memory when the reader comes to it, it reads or waits for (demand.h). Where the policy is a tree search
// there is no readahead beside it: the reader is that search. A branch whose copies all fail is left out.
// Its metrics `reads`, `latency_*` and so on are those of the reads that it had to do itself; `wait_time_s` is the time
// it stood waiting, for its own reads and for others'.
#include "core/wanted.h"
#include "sim/driver/stage.h"
#include "sim/workloads/demand.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

struct ConsumeSpec {
  TreeRange range;
  double think_s = 0;
};

const Fields<ConsumeSpec>& fields() {
  static const auto all = Fields<ConsumeSpec>()
                              .with(&ConsumeSpec::range, range_fields())
                              .optional("think_s", &ConsumeSpec::think_s, json::seconds(), "Work at each node.");
  return all;
}

class Consume final : public Workload {
 public:
  Consume(const ConsumeSpec& spec, std::size_t place, Stage& stage)
      : spec_(spec), stage_(stage), demand_(stage, stream_of(place), false) {}

  double run() override {
    const Range range = range_in(stage_.forest(), spec_.range);
    if (!stage_.policy().policy->is_search) stage_.detach(stage_.add(range));
    visit(stage_.forest().trees[range.tree].root, range, no_top, range.start);
    return stage_.now_s();
  }

  MetricValues metrics(double elapsed_s) const override {
    MetricValues values = demand_.metrics(elapsed_s);
    values[MetricId::wait_time_s] = demand_.waited_s();
    return values;
  }

 private:
  // Recurses once a level: levels fall, at most eight.
  void visit(BlockId block, const Range& range, PointerId top, const Key& key) {
    if (!demand_.fetch(range.tree, block, key)) return;
    stage_.sleep(spec_.think_s);
    const Forest& forest = stage_.forest();
    for_each_child_in(forest, block, top, range, [&](PointerId pointer, PointerId child_top) {
      visit(forest.child[pointer], range, child_top, std::max(forest.key(pointer), range.start));
    });
  }

  const ConsumeSpec& spec_;
  Stage& stage_;
  Demand demand_;
};

class ConsumePlan final : public WorkloadPlan {
 public:
  explicit ConsumePlan(const ConsumeSpec& spec) : spec_(spec) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Consume>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override { check.trees("tree", ranges()); }
  std::vector<TreeRange> ranges() const override { return {spec_.range}; }
  bool reads_blocks() const override { return true; }

 private:
  const ConsumeSpec spec_;
};

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  ConsumeSpec spec;
  fields().fill(node, spec);
  return std::make_shared<ConsumePlan>(spec);
}

}  // namespace

extern const WorkloadKind workload_consume{
    "consume", "Visits a key range in key order, with the readahead beside it.", keys, read};

}  // namespace headway
