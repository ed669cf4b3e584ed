// A scenario as results keep it: every default filled in, its files' digests, its drives' parameters.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "results/files/experiment.h"
#include "sim/scenario/scenario.h"

namespace headway {

// In the form of a scenario file; seed, policies, baseline and expectations as `scenario` has them by now. Read again,
// in the same directory, it is the same experiment.
Json in_full(const Scenario& scenario);

// Gathers what results keep: of a scenario, or of the cells of a sweep.
class ExperimentKeeper {
 public:
  // The first one is kept in full; of each its drives, and its files with their digests as they are now. Throws
  // InputError for one that cannot be read.
  void add(const Scenario& scenario);
  Experiment take();

 private:
  Experiment experiment_;
  std::set<std::filesystem::path> files_;
  std::map<std::string, std::shared_ptr<const DriveModel>> drives_;
};

Experiment experiment_of(const Scenario& scenario);

}  // namespace headway
