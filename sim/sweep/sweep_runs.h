// The runs of a sweep, each with the name of what it computes.
//
// A run is one policy with one seed in one cell. Its id is the SHA-256 of all that decides its result: the scenario as
// the cell has it, reduced to that policy and seed and to what a simulation sees (no name, description, baseline or
// expectations); the bytes of every file that it names, but for plug-ins that other policies come from; and the bytes of this program, so that a build counts as
// another as soon as its code is, committed or not. Two runs of one id are the same run, in one sweep or in several:
// an axis that turns one policy's parameter leaves the other policies' runs as they were.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "models/layout/layout.h"
#include "sim/scenario/in_full.h"
#include "sim/scenario/scenario.h"
#include "sim/sweep/file_stamp.h"
#include "sim/sweep/sweep_spec.h"

namespace headway {

struct SweepRun {
  std::size_t cell = 0;
  std::string policy;
  std::uint64_t seed = 0;
  std::string id;
  std::size_t layout = 0;  // runs with the same number read the same layout
  LayoutNeeds layout_needs{};  // with what it is loaded
  // The files that it names, as they were before their bytes went into the id; runs of a cell share them.
  std::shared_ptr<const std::vector<FileStamp>> inputs;

  // A file that has changed since the id was made, so that a result would stand under another's name; or none.
  const FileStamp* changed_input() const;
};

// Every run, in the order of cells, then policies. Reads each cell's scenario as `headway validate` would; throws
// InputError that names the cell, its axes and what is wrong. `keeper`, if there is one, is given every cell.
std::vector<SweepRun> sweep_runs(const SweepSpec& sweep, ExperimentKeeper* keeper = nullptr);

// The scenario of a run: its cell's, from the run's seed.
Scenario scenario_of(const SweepSpec& sweep, const SweepRun& run);

// Layouts that runs share, so that a child finds in memory what its parent has loaded.
class LayoutShelf {
 public:
  // The layout of that number, which is `scenario`'s: loaded unless it stands here.
  std::shared_ptr<const Layout> get(std::size_t number, const Scenario& scenario);
  bool has(std::size_t number) const { return shelf_.contains(number); }

 private:
  static constexpr std::uint64_t max_blocks = 8'000'000;  // some 400 MB; the oldest go first

  std::map<std::size_t, std::shared_ptr<const Layout>> shelf_;
  std::vector<std::size_t> order_;  // of arrival
  std::uint64_t blocks_ = 0;
};

// Checks the cells of `runs` against their layouts, as a run would. Throws as sweep_runs() does. Of the seeds that a
// layout is grown from only the first is tried: another moves blocks, it does not change which devices and trees
// there are. Returns what they leave out, for people.
std::set<std::string> check_layouts(const SweepSpec& sweep, std::span<const SweepRun> runs, LayoutShelf& shelf);

}  // namespace headway
