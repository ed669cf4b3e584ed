// What all benchmarks share: work that is timed in a process of its own, and the scenario that they vary.
#pragma once

#include <benchmark/benchmark.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headway::bench {

using Json = nlohmann::ordered_json;

// What one run of a benchmark came to.
struct Measured {
  double wall_s = 0;
  double count = 0;           // reads, decisions, blocks, runs: what wall_s is divided by
  double decisions = 0;       // reads, hits and changes of zone; 0: not counted
  double peak_rss_bytes = 0;  // 0: not measured
};

// Runs `work` in a child, since SimGrid allows one engine a process. Ends the program when the child fails.
Measured in_child(const std::function<Measured()>& work);

// Runs the command (searched as by a shell) with its output thrown away; its wall time, count 1.
Measured command(const std::vector<std::string>& words);

// Reports a measurement as one iteration: manual time, and the rate and memory as counters.
void report(benchmark::State& state, const Measured& measured);

// scenarios/bench/million.json with so many devices and leaves; its layout has chunks enough for each device to have
// some. One device is "single", more are RAID1.
Json million(unsigned devices, unsigned leaves);
// Writes it where `command` finds it.
std::filesystem::path write_scenario(const Json& scenario, const std::string& name);

inline const std::filesystem::path source_directory = HEADWAY_SOURCE_DIR;
inline const std::filesystem::path headway_program = HEADWAY_PROGRAM;
inline const std::filesystem::path scratch = "out/bench";

}  // namespace headway::bench
