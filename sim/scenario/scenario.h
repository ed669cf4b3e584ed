// A scenario: one experiment, as its JSON file describes it, checked and with every default filled in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "models/drive/library.h"
#include "models/layout/layout.h"
#include "results/files/published.h"
#include "results/files/results_file.h"
#include "sim/driver/policy_spec.h"
#include "sim/faults/faults.h"
#include "sim/scenario/bus_spec.h"
#include "sim/scenario/cpu_spec.h"
#include "sim/scenario/expectation_spec.h"
#include "sim/scenario/overrides.h"
#include "sim/workloads/workload.h"

namespace headway {

// One device of the volume: "count" of the file is expanded, in ascending order of devid.
struct DeviceSpec {
  std::string drive;
  std::shared_ptr<const DriveModel> model;
  QueueSpec queue;
  std::uint32_t max_sectors_kb = 0;
};

// What the platters' angle of a run's drive is drawn by (models/drive/library.h).
inline std::uint64_t drive_seed(std::uint64_t seed, std::size_t device) { return seed * UINT16_MAX + device; }

struct Scenario {
  static constexpr int schema_version = 1;

  std::filesystem::path file;
  std::string sha256;  // of the file's bytes; empty for one that is not a file as it stands
  std::vector<Setting> set;      // what of it the command line set
  std::optional<JsonNode> json;  // as it was read, with that; in_full.h fills the defaults in
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  std::uint32_t replicates = 1;  // runs of each policy: with seed, seed + 1, ...; or that many at most
  std::optional<StoppingRule> until;  // as many as make a difference known
  std::vector<std::filesystem::path> layout_files;  // one file system, in one file or several; or
  std::optional<JsonNode> synthetic;                // what to grow (models/layout/grow/grow.h)
  std::vector<std::filesystem::path> input_files;   // every file that it names: layouts, drives, traces, plug-ins
  std::vector<std::filesystem::path> plugins;       // those of the command line among them
  std::vector<DeviceSpec> devices;
  std::vector<BusSpec> buses;
  double warm_fraction = 0;
  std::uint64_t memory_bytes = 0;  // for tree blocks; 0: room for all
  Faults faults;
  CpuSpec cpu;
  std::vector<WorkloadSpec> workload;
  std::vector<PolicySpec> policies;
  std::string baseline;  // one of the policies; the first unless the file says otherwise
  std::vector<Expectation> expect;
  std::vector<Published> published;

  // In messages: the file's name, with what was set in it.
  std::string called() const { return json ? json->file() : file.string(); }
};

// Reads and checks the file itself, with what --set says of it (overrides.h); load_scenario_layout() checks what needs
// the layout. Throws InputError.
Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& set = {});
// The same for JSON that stands for the file: paths in it are relative to the file's directory.
Scenario read_scenario(const JsonNode& json, const std::filesystem::path& file);

// Loads the layout, or grows it from the seed (the scenario's, if none is given), and checks the scenario against it: a
// drive a device, each large enough; trees and devices that exist.
Layout load_scenario_layout(const Scenario& scenario, std::optional<std::uint64_t> seed = {});
// What of a layout is loaded only where some workload goes by it.
struct LayoutNeeds {
  bool notes = false, extents = false;

  auto operator<=>(const LayoutNeeds&) const = default;
};
LayoutNeeds layout_needs(const Scenario& scenario);
// The second half of load_scenario_layout(), for a layout that is there already. Returns what the workloads leave out,
// for people; the first has it in the layout's left_out.
[[nodiscard]] std::vector<std::string> check_against_layout(const Scenario& scenario, const Layout& layout);

}  // namespace headway
