// A workload: what a scenario says about it, and what its actor does in a run. One kind a file, each a line of the table
// in kinds.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fields.h"
#include "core/strategy.h"
#include "models/drive/bound/stream_needs.h"
#include "models/layout/layout.h"
#include "results/metrics/metric.h"

namespace headway {

class Stage;

// A key range of a tree, its end exclusive; the tree by object id.
struct TreeRange {
  std::uint64_t tree = 0;
  Key start = min_key;
  Key end = max_key;
};

inline Range range_in(const Forest& forest, const TreeRange& range) {
  return {*forest.find_tree(range.tree), range.start, range.end};
}

// A workload in a run.
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

// Where a layout has no room for what a workload's plan says: throws InputError with the place in the scenario.
class LayoutCheck {
 public:
  LayoutCheck(const Layout& layout, std::string file, std::string path, std::vector<std::string>& notes)
      : layout_(layout), file_(std::move(file)), path_(std::move(path)), notes_(notes) {}

  const Layout& layout() const { return layout_; }
  // What the workload leaves out or folds, for people.
  void note(std::string_view sentence) const { notes_.emplace_back(sentence); }
  [[noreturn]] void fail(std::string_view key, const std::string& expected, const std::string& found) const;
  // The devices are all there.
  void devices(const std::vector<std::uint64_t>& devids, std::string_view key = "devices") const;
  // At least `bytes` of data in one piece, on one of the devices (all when `devids` is empty).
  void data(std::string_view key, const std::vector<std::uint64_t>& devids, std::uint64_t bytes) const;
  // The trees are all there. `needed_by` says who wants them, where the scenario does not name them at `key` itself.
  void trees(std::string_view key, std::span<const TreeRange> ranges, std::string_view needed_by = "") const;

 private:
  const Layout& layout_;
  const std::string file_;
  const std::string path_;
  std::vector<std::string>& notes_;
};

// What a scenario says about a workload in the keys of its kind, checked as far as it can be without the layout.
class WorkloadPlan {
 public:
  virtual ~WorkloadPlan() = default;

  // Place is that in the scenario's list. The stage outlives the workload, and so does the plan.
  virtual std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const = 0;
  // Checks what needs the layout or other files. Throws InputError.
  virtual void check(const LayoutCheck& check) const = 0;

  // The ranges of trees that it wants in memory, and how much file data it reads beside them. check() has passed.
  virtual std::vector<TreeRange> ranges(const Layout& /*layout*/) const { return {}; }
  virtual std::uint64_t data_bytes(const Layout& /*layout*/) const { return 0; }
  // Whether it goes by how many items leaves hold, and how full they are: the layout's BlockNotes.
  virtual bool needs_notes() const { return false; }
  // Whether it goes by where files' data lie: the layout's FileExtents.
  virtual bool needs_extents() const { return false; }
  // Whether it reads tree blocks itself where the policy is a readahead.
  virtual bool reads_blocks() const { return false; }
  // How many searches of those trees it has under way at once at most, each of which holds a path in memory.
  virtual std::size_t searches(const Volume& /*volume*/) const { return 1; }
  // Why no bound of a run with it is known (sim/bound/): empty where one is, of the ranges that it wants in memory.
  virtual std::string no_bound(const Layout& /*layout*/) const { return {}; }
  // By device, what it reads there itself for certain, beside those ranges: addresses, ascending and apart.
  virtual std::vector<std::vector<ByteStretch>> stretches(const Layout& /*layout*/) const { return {}; }
  // What it takes for each block of its ranges beside the reads.
  virtual double think_s() const { return 0; }
  // Whether some of its requests write.
  virtual bool writes() const { return false; }
  // Whether it goes on until all workloads that end by themselves have ended.
  virtual bool endless() const { return false; }
  // No workload of the scenario ends by itself: one that has an end of any kind takes that.
  virtual void end_by_itself() {}
  // A file that it names; part of the experiment.
  virtual std::optional<std::filesystem::path> input_file() const { return {}; }
};

struct WorkloadKind {
  std::string_view name;
  std::string_view sentence;
  const ObjectShape& (*keys)();  // beside those that all kinds have
  // Of keys that have been checked. Paths are relative to `directory`. Throws InputError.
  std::shared_ptr<WorkloadPlan> (*read)(const JsonNode& node, const std::filesystem::path& directory);
};

// All kinds, in the order of the table.
std::span<const WorkloadKind* const> workload_kinds();
// What one entry of "workload" may be.
Shape workload_shape();

struct WorkloadSpec {
  std::string name;
  std::shared_ptr<WorkloadPlan> plan;
  double start_s = 0;                // from the beginning, or from the end of `after`
  std::optional<std::size_t> after;  // place of the workload that ends first
};

// Reads one entry of "workload"; `before` are those that stand before it. Throws InputError.
WorkloadSpec read_workload(const JsonNode& node, const std::vector<WorkloadSpec>& before,
                           const std::filesystem::path& directory);

// Keys that kinds share.
const Fields<TreeRange>& range_fields();                // "tree", "key_start", "key_end"
Value<Key> key_value();                                 // [objectid, type, offset]
Value<std::vector<std::uint64_t>> devids();             // of "devices"
Value<std::uint64_t> request_bytes();                   // whole sectors

// Own requests of a workload carry this stream; the policy's carry 0.
inline std::uint16_t stream_of(std::size_t place) { return static_cast<std::uint16_t>(place + 1); }

}  // namespace headway
