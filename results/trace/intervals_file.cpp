// Interval metrics as HDF5: small, exact, and read by every language that researchers use.
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/hdf5.h"
#include "core/base/whole_file.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

constexpr std::string_view format = "headway intervals";
constexpr std::uint64_t schema_version = 1;

void write_group(hid_t file, const char* name, const std::vector<const std::vector<MetricValues>*>& parts) {
  const h5::Handle group = h5::create_group(file, name);
  for (const Metric& each : metrics()) {
    std::vector<double> values;
    for (const auto* part : parts) {
      for (const MetricValues& window : *part) values.push_back(window[each.id]);
    }
    h5::write_column(group, std::string(each.name).c_str(), values);
  }
}

void write_to(const std::filesystem::path& path, const TraceHeader& header, const Intervals& intervals) {
  h5::Handle file = h5::create_file(path.string());
  h5::set_attribute(file, "format", format);
  h5::set_attribute(file, "schema_version", schema_version);
  h5::set_attribute(file, "scenario", header.scenario);
  h5::set_attribute(file, "policy", header.policy);
  h5::set_attribute(file, "seed", header.seed);
  h5::write_column(file, "window_s", std::vector<double>{intervals.window_s});
  h5::write_column(file, "end_s", std::vector<double>{intervals.end_s});
  h5::write_column(file, "devid", intervals.devids);
  write_group(file, "run", {&intervals.run});
  std::vector<const std::vector<MetricValues>*> devices;
  for (const auto& device : intervals.devices) devices.push_back(&device);
  write_group(file, "devices", devices);
  file.close("close the file");
}

// One dataset, cut into `parts` of equal length.
void read_group(hid_t file, const char* group, std::size_t windows, std::vector<std::vector<MetricValues>>& parts) {
  for (auto& part : parts) part.resize(windows);
  for (const Metric& each : metrics()) {
    const auto values = h5::read_numbers(file, fmt::format("{}/{}", group, each.name).c_str());
    if (values.size() != windows * parts.size()) throw h5::Error(fmt::format("{} of another length", each.name));
    for (std::size_t i = 0; i < values.size(); ++i) parts[i / windows][i % windows][each.id] = values[i];
  }
}

Intervals read_from(const std::filesystem::path& path) {
  const h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the file");
  if (H5Aexists(file, "format") <= 0 || h5::text_attribute(file, "format") != format) {
    throw h5::Error("another kind of file");
  }
  const std::uint64_t version = h5::number_attribute(file, "schema_version");
  if (version != schema_version) throw h5::Error(fmt::format("schema_version {}", version));
  Intervals intervals;
  const auto window_s = h5::read_numbers(file, "window_s"), end_s = h5::read_numbers(file, "end_s");
  if (window_s.size() != 1 || end_s.size() != 1) throw h5::Error("no window_s or end_s");
  intervals.window_s = window_s[0];
  intervals.end_s = end_s[0];
  intervals.devids = h5::read_whole_numbers(file, "devid");
  const std::size_t windows = h5::read_numbers(file, "run/reads").size();
  std::vector<std::vector<MetricValues>> run(1);
  read_group(file, "run", windows, run);
  intervals.run = std::move(run[0]);
  intervals.devices.resize(intervals.devids.size());
  read_group(file, "devices", windows, intervals.devices);
  return intervals;
}

}  // namespace

std::string intervals_file_name(std::string_view policy, std::uint64_t seed) {
  std::string name = trace_file_name(policy, seed);
  constexpr std::string_view ending = "trace.h5";
  return name.replace(name.size() - ending.size(), ending.size(), "intervals.h5");
}

void write_intervals(const std::filesystem::path& path, const TraceHeader& header, const Intervals& intervals) {
  try {
    write_whole(path, [&](const std::filesystem::path& part) { write_to(part, header, intervals); });
  } catch (const h5::Error& error) {
    throw std::runtime_error(fmt::format("cannot write {}: {}", path.string(), error.what()));
  }
}

Intervals read_intervals(const std::filesystem::path& path) {
  h5::keep_quiet();
  try {
    return read_from(path);
  } catch (const h5::Error& error) {
    throw InputError(path.string(), "", "a file of interval metrics", error.what());
  }
}

}  // namespace headway
