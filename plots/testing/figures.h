// What figures are drawn from in tests: traces, and runs that left them.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/testing/world.h"
#include "plots/figure.h"
#include "results/files/sweep_table.h"
#include "results/testing/test_support.h"
#include "results/trace/trace.h"

namespace headway::testing {

// A sweep over each device, up and down or at random, `seconds` long.
inline void write_trace(const std::filesystem::path& path, int devices, int reads, double seconds, bool sweeping) {
  TraceHeader header{"synthetic", "p", 1, {}};
  for (int device = 1; device <= devices; ++device)
    header.devices.push_back({static_cast<std::uint64_t>(device), 1ull << 40});
  TraceWriter writer(path, header);
  std::mt19937_64 random(7);
  for (int i = 0; i < reads; ++i) {
    TraceRow row;
    row.event = TraceEvent::issue;
    row.time_s = seconds * i / reads;
    row.device = 1 + static_cast<std::uint64_t>(i % devices);
    const std::uint64_t span = 8ull << 30, start = (10 + 20 * row.device) << 30;
    const auto third = static_cast<std::uint64_t>(reads / 3 + 1);
    row.physical =
        start + (sweeping ? span * (static_cast<std::uint64_t>(i) % third) / third : random() % span) / 16384 * 16384;
    row.bytes = 16384;
    row.mirror = 1;
    writer.append(row);
    row.event = TraceEvent::complete;
    row.time_s = seconds * (i + 1) / reads;
    row.error = 0;
    row.queue_s = row.seek_s = row.rotation_s = row.transfer_s = 0;
    writer.append(row);
  }
  writer.close();
}

// Two policies with two seeds each, one of them failed, `devices` drives.
inline std::vector<PlottedRun> runs_in(const TemporaryDirectory& directory, int devices, int reads = 2000) {
  std::vector<PlottedRun> runs;
  for (const char* policy : {"walk", "reada_2011 %&#"}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const bool fast = policy[0] == 'r';
      const std::filesystem::path trace = directory / trace_file_name(policy, seed);
      const double seconds = (fast ? 3.0 : 9.0) + static_cast<double>(seed);
      write_trace(trace, devices, reads, seconds, fast);
      RunResult result;
      result.policy = policy;
      result.seed = seed;
      for (const Metric& each : metrics()) result.metrics[each.id] = 1;
      result.metrics[MetricId::elapsed_s] = seconds;
      for (int device = 1; device <= devices; ++device) {
        result.devices.push_back({static_cast<std::uint64_t>(device), result.metrics});
      }
      runs.push_back({policy, result, trace, directory / "none"});
      runs.back().axes = {{"depth", seed == 1 ? "8" : "32"}};
    }
  }
  runs.push_back({"broken", {"broken", 1, "failed", "why", {}, {}, {}}, {}, {}});
  return runs;
}

// A volume of single copies, with a tree that is a root on the first device.
inline std::shared_ptr<const PlottedLayout> one_root(std::size_t devices) {
  const auto volume = std::make_shared<Volume>(
      make_volume(devices, 1, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; }));
  return std::make_shared<PlottedLayout>(
      PlottedLayout{volume, std::make_shared<Forest>(make_forest(*volume, {{mib, 0, 1, {}}}, {{5, mib}}))});
}

// What a kind is drawn from: an overlay takes two results, and gets the runs a second time, as measured; a gap takes
// layouts.
inline std::vector<PlottedRun> given_to(const FigureKind& kind, std::vector<PlottedRun> runs) {
  if (kind.name == "gap") {
    const auto layout = one_root(runs[0].result.devices.size());
    for (PlottedRun& run : runs) run.layout = layout;
  }
  if (kind.name != "overlay") return runs;
  const std::size_t count = runs.size();
  for (std::size_t i = 0; i < count; ++i) {
    runs.push_back(runs[i]);
    runs.back().file = "measured/results.json";
    runs.back().measured = true;
  }
  return runs;
}

// A mirror of two devices with two block groups of 1 MiB (physical 1 and 2 MiB), and three trees in the first one: 256
// with a root and a leaf at 1 MiB and 1 MiB + 16 KiB, and 2 with its root a quarter of the way on.
inline std::shared_ptr<const PlottedLayout> small_mirror() {
  const Volume volume = make_volume(2, 2, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  const Forest forest = make_forest(volume,
                                    {{mib, 1, 1, {{{1, 1, 1}, mib + node_bytes}}},
                                     {mib + node_bytes, 0, 1, {}},
                                     {mib + mib / 4, 0, 1, {}},
                                     {2 * mib + mib / 2, 0, 1, {}}},
                                    {{256, mib}, {2, mib + mib / 4}, {7, 2 * mib + mib / 2}});
  return std::make_shared<PlottedLayout>(
      PlottedLayout{std::make_shared<Volume>(volume), std::make_shared<Forest>(forest)});
}

// Device 1 goes to the first zone at 1 s and to the second at 3 s; it reads the root of 256 and a block of the second.
inline std::filesystem::path trace_on_mirror(const TemporaryDirectory& directory) {
  const auto path = directory / "mirror.h5";
  TraceWriter writer(path, {"synthetic", "p", 1, {{1, mib << 20}, {2, mib << 20}}});
  const auto append = [&](double t, TraceEvent event, std::uint64_t logical) {
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.device = 1;
    row.logical = logical;
    if (event == TraceEvent::add) row.tree = 256;
    if (event == TraceEvent::issue || event == TraceEvent::complete) row.physical = logical, row.bytes = node_bytes;
    writer.append(row);
  };
  append(0, TraceEvent::add, 0);
  append(1, TraceEvent::zone, mib);
  append(1, TraceEvent::issue, mib);
  append(2, TraceEvent::complete, mib);
  append(3, TraceEvent::zone, 2 * mib);
  append(3, TraceEvent::issue, 2 * mib);
  append(4, TraceEvent::complete, 2 * mib);
  writer.close();
  return path;
}

// Two policies at each of 2 x 2 values, three seeds each: 1, 2 and 3 s times `factor`.
inline std::filesystem::path sweep_in(const TemporaryDirectory& directory) {
  SweepTable table;
  table.axes = {"depth", "layout"};
  for (const char* depth : {"1", "64"}) {
    for (const char* layout : {"new", "先読み aged"}) {
      for (const char* policy : {"walk", "reada"}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
          SweepRow row{{depth, layout}, policy, seed, "ok", {}};
          const double factor = (policy[0] == 'w' ? 10 : 1) * (layout[0] == 'n' ? 1 : 2);
          row.metrics[MetricId::elapsed_s] = factor * static_cast<double>(seed);
          table.rows.push_back(row);
        }
      }
    }
  }
  table.rows.push_back({{"1", "new"}, "broken", 1, "failed", {}});
  write_sweep_csv(directory / "sweep.csv", table);
  return directory.path();
}

}  // namespace headway::testing
