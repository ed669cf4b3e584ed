// All workloads of a run: each begins when its turn comes, and those that have no end of their own end with the others.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "results/files/results_file.h"
#include "sim/driver/stage.h"
#include "sim/workloads/workload.h"

namespace headway {

class Workloads {
 public:
  // Makes an actor for each, which begin once the caller lets actors run. Specs and stage outlive it.
  Workloads(const std::vector<WorkloadSpec>& specs, Stage& stage);
  Workloads(const Workloads&) = delete;
  Workloads& operator=(const Workloads&) = delete;

  // What the run came to, when nothing more happens in it: failed where a workload has not ended. `failure`: what was
  // thrown outside the actors, or empty.
  RunResult result(const std::string& failure) const;

  // Whether a workload reads tree blocks beside the policy. One whose policy is a tree search searches by that.
  static bool read_blocks_beside(const PolicySpec& policy, const std::vector<WorkloadSpec>& specs);

 private:
  struct Part {
    std::unique_ptr<Workload> workload;
    std::shared_ptr<Sleeper> finished;  // who begins after it waits here
    double begin_s = 0;
    double end_s = 0;
    bool ended = false;
  };

  void perform(std::size_t place);
  void over(std::size_t place);
  std::string reason(std::size_t unended, const std::string& failure) const;

  const std::vector<WorkloadSpec>& specs_;
  Stage& stage_;
  std::vector<Part> parts_;   // by workload
  std::size_t unended_ = 0;  // of those that end by themselves
};

}  // namespace headway
