// A workload in a run: what its actor does. One kind a file.
#pragma once

#include <cstddef>
#include <memory>

#include "results/metrics/metric.h"
#include "sim/driver/stage.h"
#include "sim/workloads/spec.h"

namespace headway {

class Workload {
 public:
  virtual ~Workload() = default;
  // The body of the actor: begins at once, blocks while it works, and returns the date at which it was done.
  virtual double run() = 0;
  // All workloads that end by themselves have, at `end_s`: an endless one returns from run() with that date.
  virtual void stop(double /*end_s*/) {}
  // What it measured of itself in the time that it took; elapsed_s is among it.
  virtual MetricValues metrics(double elapsed_s) const = 0;
};

// `place`: in the scenario's list. Stage and spec outlive the workload.
std::unique_ptr<Workload> make_workload(const WorkloadSpec& spec, std::size_t place, Stage& stage);

std::unique_ptr<Workload> make_enumerate(const EnumerateSpec& spec, Stage& stage);
std::unique_ptr<Workload> make_consume(const ConsumeSpec& spec, std::size_t place, Stage& stage);
std::unique_ptr<Workload> make_scrub(const ScrubSpec& spec, std::size_t place, Stage& stage);
std::unique_ptr<Workload> make_foreground(const ForegroundSpec& spec, std::size_t place, Stage& stage);

// Own requests of a workload carry this stream; the policy's carry 0.
inline std::uint16_t stream_of(std::size_t place) { return static_cast<std::uint16_t>(place + 1); }

inline Range range_in(const Forest& forest, const TreeRange& range) {
  return {*forest.find_tree(range.tree), range.start, range.end};
}

}  // namespace headway
