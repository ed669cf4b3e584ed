// Interval metrics as HDF5: small, exact, and read by every language that researchers use.
#include <fmt/format.h>

#include "core/base/hdf5_reader.h"
#include "core/base/hdf5_writer.h"
#include "core/base/whole_file.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

constexpr std::string_view format = "headway intervals";

void write_group(h5::Writer& file, const std::string& name,
                 const std::vector<const std::vector<MetricValues>*>& parts) {
  file.group(name);
  for (const Metric& each : metrics()) {
    std::vector<double> values;
    for (const auto* part : parts) {
      for (const MetricValues& window : *part) values.push_back(window[each.id]);
    }
    file.column(fmt::format("{}/{}", name, each.name), values, each.unit);
  }
}

void write_to(const std::filesystem::path& path, const TraceHeader& header, const Intervals& intervals) {
  h5::Writer file(path, h5::Writer::Form::plain);
  file.attribute("format", format);
  file.attribute("schema_version", intervals_schema_version);
  file.attribute("scenario", header.scenario);
  file.attribute("policy", header.policy);
  file.attribute("seed", header.seed);
  file.column("window_s", std::vector<double>{intervals.window_s}, "s");
  file.column("end_s", std::vector<double>{intervals.end_s}, "s");
  std::vector<double> starts;
  for (std::size_t w = 0; w < intervals.windows(); ++w) starts.push_back(intervals.start_s(w));
  file.column("start_s", starts, "s");
  file.column("devid", intervals.devids);
  write_group(file, "run", {&intervals.run});
  std::vector<const std::vector<MetricValues>*> devices;
  for (const auto& device : intervals.devices) devices.push_back(&device);
  write_group(file, "devices", devices);
  file.close();
}

// Values are in the file as they are, each once, so that a small file cannot claim many: what is smaller shares
// columns, or packs them, and may be any number of times as large in memory.
void check_size(const h5::Reader& file, const std::filesystem::path& path, std::size_t columns, std::uint64_t windows,
                std::uint64_t devices) {
  const std::uint64_t most = std::filesystem::file_size(path) / (columns * sizeof(double));
  if (windows > most / (devices + 1))
    file.fail("", fmt::format("at most {} windows of run and devices in a file of that size", most),
              fmt::format("{} windows of a run and {} devices", windows, devices));
}

// An older file has not all that are measured now.
std::vector<Metric> metrics_of(const h5::Reader& file) {
  std::vector<Metric> there;
  for (const Metric& each : metrics()) {
    if (file.has(fmt::format("run/{}", each.name).c_str())) there.push_back(each);
  }
  return there;
}

// One dataset, cut into `parts` of equal length.
void read_group(const h5::Reader& file, const char* group, const std::vector<Metric>& there, std::size_t windows,
                std::vector<std::vector<MetricValues>>& parts) {
  for (auto& part : parts) part.resize(windows);
  for (const Metric& each : there) {
    const auto values = file.column<double>(fmt::format("{}/{}", group, each.name), windows * parts.size());
    for (std::size_t i = 0; i < values.size(); ++i) parts[i / windows][i % windows][each.id] = values[i];
  }
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
  const h5::Reader file(path, "a file of interval metrics");
  file.expect(format, "schema_version", intervals_schema_version);
  Intervals intervals;
  intervals.window_s = file.column<double>("window_s", 1)[0];
  intervals.end_s = file.column<double>("end_s", 1)[0];
  intervals.devids = file.column<std::uint64_t>("devid");
  const std::size_t windows = file.column<double>("run/reads").size();
  const std::vector<Metric> there = metrics_of(file);
  check_size(file, path, there.size(), windows, intervals.devids.size());
  std::vector<std::vector<MetricValues>> run(1);
  read_group(file, "run", there, windows, run);
  intervals.run = std::move(run[0]);
  intervals.devices.resize(intervals.devids.size());
  read_group(file, "devices", there, windows, intervals.devices);
  return intervals;
}

}  // namespace headway
