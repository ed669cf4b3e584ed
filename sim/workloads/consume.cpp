// consume: a reader that visits a key range in key order (key_order.h) and works for a while at each node, with the
// policy's readahead beside it, which nobody waits for.
//
// Its metrics `reads`, `latency_*` and so on are those of the reads that it had to do itself; `wait_time_s` is the time
// it stood waiting, for its own reads and for others'.
#include "sim/workloads/key_order.h"

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
      : spec_(spec), stage_(stage), reader_(stage, stream_of(place)) {}

  double run() override {
    reader_.visit(spec_.range, [this](BlockId) { stage_.sleep(spec_.think_s); });
    return stage_.now_s();
  }

  MetricValues metrics(double elapsed_s) const override { return reader_.demand().metrics(elapsed_s); }

 private:
  const ConsumeSpec& spec_;
  Stage& stage_;
  KeyOrderReader reader_;
};

class ConsumePlan final : public WorkloadPlan {
 public:
  explicit ConsumePlan(const ConsumeSpec& spec) : spec_(spec) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Consume>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override { check.trees("tree", {&spec_.range, 1}); }
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override { return {spec_.range}; }
  bool reads_blocks() const override { return true; }
  double think_s() const override { return spec_.think_s; }

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
