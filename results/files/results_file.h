// results.json and timing.json: what a scenario's runs came to.
//
// Beside the runs stands a summary that follows from them (summary.h); reading takes the runs and leaves it.
// results.json holds only what the same scenario, seed and build reproduce byte for byte; wall-clock figures stand in
// timing.json beside it. Every key is there every time; what has no value is null.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "results/files/experiment.h"
#include "results/metrics/metric.h"

namespace headway {

struct DeviceResult {
  std::uint64_t devid = 0;
  MetricValues metrics;
};

struct WorkloadResult {
  std::string name;
  MetricValues metrics;
};

// Replicates are added until each policy's difference from another is known to within a share of that other's mean
// (stopping.h).
struct StoppingRule {
  MetricId metric = MetricId::elapsed_s;
  std::string relative_to;     // a policy
  double half_width = 0;       // of the interval of the paired difference, as a share of that policy's mean
  std::uint32_t at_most = 100;  // replicates
};

// One policy with one seed.
struct RunResult {
  std::string policy;
  std::uint64_t seed = 0;
  std::string status = "ok";  // or "failed": then `message` says why, and all metrics are empty
  std::string message;
  MetricValues metrics;
  std::vector<DeviceResult> devices;
  std::vector<WorkloadResult> workloads;
  // Of the tree blocks and data that were wanted and not brought: with one layout, runs that lack the same have the
  // same. 0 where all was brought; none in older files, and of a run that failed.
  std::optional<std::uint64_t> missing_digest{};
  std::vector<std::string> notes{};  // what of the work was not done, and why, for people
  std::string no_bound{};            // why bound_s is empty; empty where it is not

  bool failed() const { return status != "ok"; }
};

struct Results {
  static constexpr int schema_version = 1;

  std::string headway_version;
  std::string headway_commit;
  std::string scenario_name;
  std::string scenario_sha256;
  std::string scenario_file;  // as the user named it, so that results do not depend on where a checkout lies
  std::vector<RunResult> runs;
  std::string baseline;  // the policy that the summary compares the others with; empty: the first
  std::vector<MetricId> unnamed{};  // by none of the runs in the file that was read, since it is older than they are
  std::string sweep_file{}, sweep_sha256{};  // as scenario_file, of a sweep's record (sweep_table.h)
  // What --set changed of the scenario, "/policies/mine/max_in_flight=12"; none in older files.
  std::vector<std::string> set{};
  // What the figures do not cover, for people: parts of inputs that were left out or folded, and why.
  std::vector<std::string> notes{};
  Experiment experiment{};
  bool measured = false;  // on real devices, not simulated
  std::optional<StoppingRule> until{};  // how many runs there are was decided so
};

// What one run cost on this machine.
struct RunTiming {
  std::string policy;
  std::uint64_t seed = 0;
  double wall_s = 0;
  double cpu_s = 0;  // of all its threads, in the kernel too; measured: of the reads alone, without what comes before
  double reads_per_wall_s = 0;
  std::uint64_t peak_rss_bytes = 0;
};

// The scenario's name, with what was set in it: "first-look with /devices/0/count=8, /seed=2".
std::string title_of(const Results& results);

// The runs' notes, each with its policy; of several seeds that have some, those of the first, and how many others.
std::vector<std::string> run_notes(const Results& results);

// A run as one JSON object, both ways: what a child process hands to its parent, and what a sweep keeps. Numbers keep
// their bits. Every metric must be named. Throws InputError.
Json to_json(const RunResult& run);
RunResult run_from_json(const JsonNode& json);

Json to_json(const Results& results);
// With the directory in which the run was made: this one. Relative names in results count from there. `live`: on what
// it was measured (sim/live/host_facts.h); null for what was simulated.
Json to_json(const std::vector<RunTiming>& timing, const Json& live);

// Whole or not at all; std::system_error when the disk does not take it.
void write_results(const std::filesystem::path& directory, const Results& results);               // results.json
void write_timing(const std::filesystem::path& directory, const std::vector<RunTiming>& timing);  // timing.json
void write_timing(const std::filesystem::path& directory, const std::vector<RunTiming>& timing, const Json& live);

// `path` is a results.json or the directory that holds one. Metrics that it does not name, because it is older than they
// are, have no value. Throws InputError.
Results read_results(const std::filesystem::path& path);
std::filesystem::path results_file(const std::filesystem::path& path);  // that file's name; need not exist

// The directory from which the relative names in results at `path` count, as their timing.json says; empty, which is
// the working directory, where that says none or one that is not there (another machine).
std::filesystem::path run_directory(const std::filesystem::path& path);

}  // namespace headway
