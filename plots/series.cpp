// See series.h.
#include "plots/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "core/base/error.h"
#include "plots/undone.h"

namespace headway {

namespace {

constexpr std::size_t most_parts = 40;

// The runs apart by what `name_of` says of each, in the order in which the names come.
std::vector<Part> apart(std::span<const PlottedRun> good, const FigureOptions& options,
                        const std::function<std::string(const PlottedRun&)>& name_of) {
  std::vector<Part> parts;
  for (const PlottedRun& run : good) {
    const std::string name = name_of(run);
    auto part = std::ranges::find(parts, name, &Part::title);
    if (part == parts.end()) part = parts.insert(parts.end(), {name, {}, options});
    part->runs.push_back(run);
  }
  return parts;
}

std::vector<Part> by_device(std::span<const PlottedRun> good, const FigureOptions& options) {
  std::vector<std::uint64_t> devids;
  for (const PlottedRun& run : good) {
    for (const DeviceResult& device : run.result.devices) {
      if (std::ranges::find(devids, device.devid) == devids.end() && options.selection.has_device(device.devid))
        devids.push_back(device.devid);
    }
  }
  std::ranges::sort(devids);
  std::vector<Part> parts;
  for (const std::uint64_t devid : devids) {
    parts.push_back({fmt::format("device {}", devid), {good.begin(), good.end()}, options});
    parts.back().options.selection.devices = {devid};
  }
  return parts;
}

std::vector<Part> by_workload(std::span<const PlottedRun> good, const FigureOptions& options) {
  std::vector<Part> parts;
  for (const PlottedRun& run : good) {
    for (const WorkloadResult& workload : run.result.workloads) {
      if (std::ranges::find(parts, workload.name, &Part::title) != parts.end()) continue;
      parts.push_back({workload.name, {good.begin(), good.end()}, options});
      parts.back().options.selection.workload = workload.name;
    }
  }
  return parts;
}

}  // namespace

std::string run_label(const PlottedRun& run, std::span<const PlottedRun> runs) {
  const auto same = std::ranges::count(runs, run.label, &PlottedRun::label);
  return same > 1 ? fmt::format("{}, seed {}", run.label, run.result.seed) : run.label;
}

std::vector<Series> series_of(std::span<const PlottedRun> good, const FigureOptions& options) {
  std::vector<Series> all;
  std::map<std::string, std::size_t> places;
  for (const PlottedRun& run : good) {
    const std::string label = options.each ? run_label(run, good) : run.label;
    const auto [place, is_new] = places.try_emplace(label, all.size());
    if (is_new) all.push_back({label, {}});
    Series& series = all[place->second];
    series.runs.push_back(run);
    series.marked = series.marked || left_something(run.result);
  }
  return all;
}

OneSeed one_seed_each(std::span<const PlottedRun> good) {
  OneSeed one;
  std::map<std::uint64_t, std::size_t> seeds;  // of those drawn, and of how many each is
  std::size_t most = 1;
  for (const Series& series : series_of(good, {})) {
    one.runs.push_back(
        *std::ranges::min_element(series.runs, {}, [](const PlottedRun& run) { return run.result.seed; }));
    most = std::max(most, series.runs.size());
    ++seeds[one.runs.back().result.seed];
  }
  if (most == 1) return one;
  std::string shown;
  for (const auto& [seed, runs] : seeds) shown += fmt::format("{}{}", shown.empty() ? "" : ", ", seed);
  one.sentences.push_back(fmt::format("{} {} of {} replicates", seeds.size() == 1 ? "seed" : "seeds", shown, most));
  return one;
}

std::vector<Part> parts_of(std::span<const PlottedRun> good, const FigureOptions& options) {
  std::vector<Part> parts;
  switch (options.facet) {
    case Facet::none:
      return {{"", {good.begin(), good.end()}, options}};
    case Facet::policy:
      parts = apart(good, options, [](const PlottedRun& run) { return run.result.policy; });
      break;
    case Facet::drive:
      parts = apart(good, options, [](const PlottedRun& run) { return run.drive; });
      break;
    case Facet::device:
      parts = by_device(good, options);
      break;
    case Facet::workload:
      parts = by_workload(good, options);
      break;
  }
  if (parts.empty() || (parts.size() == 1 && parts[0].title.empty()))
    throw InputError("", "--facet", "results that tell these apart", "none");
  if (parts.size() > most_parts)
    throw InputError("", "--facet", fmt::format("at most {} panels (--policy and --device choose)", most_parts),
                     fmt::format("{}", parts.size()));
  return parts;
}

}  // namespace headway
