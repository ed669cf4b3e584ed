// What a scenario says about its workloads: one struct a kind, and who begins when.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/json_node.h"
#include "core/key.h"
#include "models/layout/layout.h"
#include "models/trace_input/trace_input.h"

namespace headway {

// A key range of a tree, its end exclusive; the tree by object id.
struct TreeRange {
  std::uint64_t tree = 0;
  Key start = min_key;
  Key end = max_key;
};

// Brings a range into memory and ends when it is there.
struct EnumerateSpec {
  TreeRange range;
};

// Visits a range in key order and works at each node.
struct ConsumeSpec {
  TreeRange range;
  double think_s = 0;
};

// Checks devices chunk by chunk: extent and checksum trees, then the data.
struct ScrubSpec {
  std::vector<std::uint64_t> devices;   // devids; all when empty
  std::uint32_t request_bytes = 131072;  // Linux v5.16: SCRUB_PAGES_PER_RD_BIO, 32 pages
  std::uint32_t depth = 64;              // SCRUB_BIOS_PER_SCTX
  bool background = true;                // the idle I/O class that `btrfs scrub start` asks for
};

// When the requests of a foreground come.
struct ClosedLoop {
  std::uint32_t depth = 1;  // under way at any time
};
struct PoissonArrivals {
  double rate_per_s = 0;
};
struct ReplayedTrace {
  std::filesystem::path file;
  const TraceFormat* format = nullptr;
  double speed = 1;         // 2: in half the time
  bool clamp_times = false;  // a time that goes back counts as the one before it; otherwise it is an error
};

struct ForegroundSpec {
  enum class Region : std::uint8_t { device, data };
  enum class Pattern : std::uint8_t { random, sequential };

  std::variant<ClosedLoop, PoissonArrivals, ReplayedTrace> arrivals;
  double read_share = 1;
  std::uint32_t request_bytes = 4096;
  Region region = Region::device;
  Pattern pattern = Pattern::random;
  std::vector<std::uint64_t> devices;  // devids; all when empty
  std::optional<std::uint64_t> requests;
  std::optional<double> duration_s;

  bool whole_trace = false;  // a trace in a scenario where nothing else ends by itself: it ends with its last request

  // Whether it goes on until all workloads that end by themselves have ended.
  bool endless() const { return !requests && !duration_s && !whole_trace; }
};

struct WorkloadSpec {
  std::string name;
  std::variant<EnumerateSpec, ConsumeSpec, ScrubSpec, ForegroundSpec> kind;
  double start_s = 0;                // from the beginning, or from the end of `after`
  std::optional<std::size_t> after;  // place of the workload that ends first

  bool endless() const {
    const auto* foreground = std::get_if<ForegroundSpec>(&kind);
    return foreground != nullptr && foreground->endless();
  }
  // Where it replays a trace: to the trace's end, whatever the others do.
  void replay_to_the_end();
  // The ranges of trees that it wants in memory.
  std::vector<TreeRange> ranges() const;
  // The trace that it replays, if it does.
  std::optional<std::filesystem::path> trace_file() const;
};

// "256", "fs", "extent", ...: an object id, or nothing for an unknown name.
std::optional<std::uint64_t> tree_objectid(std::string_view name);
const std::vector<std::string>& tree_names();

// Reads one entry of "workload"; `before` are those that stand before it. Paths are relative to `directory`. Throws
// InputError.
WorkloadSpec read_workload(const JsonNode& node, const std::vector<WorkloadSpec>& before,
                           const std::filesystem::path& directory);

// Checks what needs the layout or other files: trees and devices that exist, data to work on, every line of a trace that
// will be replayed. `file` and `path` say where the workload stands in the scenario. Throws InputError.
void check_workload(const WorkloadSpec& spec, const Layout& layout, const std::string& file, const std::string& path);

}  // namespace headway
