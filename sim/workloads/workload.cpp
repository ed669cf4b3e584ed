#include "sim/workloads/workload.h"

namespace headway {

std::unique_ptr<Workload> make_workload(const WorkloadSpec& spec, std::size_t place, Stage& stage) {
  if (const auto* of = std::get_if<EnumerateSpec>(&spec.kind)) return make_enumerate(*of, stage);
  if (const auto* of = std::get_if<ConsumeSpec>(&spec.kind)) return make_consume(*of, place, stage);
  if (const auto* of = std::get_if<ScrubSpec>(&spec.kind)) return make_scrub(*of, place, stage);
  return make_foreground(std::get<ForegroundSpec>(spec.kind), place, stage);
}

}  // namespace headway
