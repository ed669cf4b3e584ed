// enumerate: brings a key range of a tree into memory by the policy, and ends when it is there.
#include "sim/workloads/workload.h"

namespace headway {

namespace {

class Enumerate final : public Workload {
 public:
  Enumerate(const EnumerateSpec& spec, Stage& stage) : spec_(spec), stage_(stage) {}

  double run() override { return stage_.wait(stage_.add(range_in(stage_.forest(), spec_.range))); }

  MetricValues metrics(double elapsed_s) const override {
    MetricValues values;
    values[MetricId::elapsed_s] = elapsed_s;
    return values;
  }

 private:
  const EnumerateSpec& spec_;
  Stage& stage_;
};

}  // namespace

std::unique_ptr<Workload> make_enumerate(const EnumerateSpec& spec, Stage& stage) {
  return std::make_unique<Enumerate>(spec, stage);
}

}  // namespace headway
