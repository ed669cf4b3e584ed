#include "models/drive/probe/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/error.h"
#include "core/random_stream.h"
#include "models/drive/probe/plan.h"

namespace headway::probe {

namespace {

constexpr double share_of_depths = 0.15;  // of the time
constexpr std::uint32_t deepest = 32;
constexpr std::size_t least_reads = 500;
constexpr std::uint64_t sector_bytes = 512;

void read_singly(Target& target, const Options& options, double until_s, RequestLog& log,
                 const std::function<void(double)>& progress) {
  const double start_s = target.now_s();
  Plan plan(target.bytes(), target.block_bytes(), options.seed);
  double end_s = start_s;
  while (end_s < until_s) {
    const PlannedRead read = plan.next();
    if (read.pause_s > 0) target.wait_until(end_s + read.pause_s);
    const double asked_s = target.now_s();
    target.read(read.offset_bytes, read.bytes);
    const double answered_s = target.now_s();
    log.requests.push_back({.arrival_s = asked_s - start_s,
                            .offset_bytes = read.offset_bytes,
                            .bytes = read.bytes,
                            .measured_s = answered_s - asked_s,
                            .pause_s = asked_s - end_s,
                            .line = log.requests.size() + 2});
    end_s = answered_s;
    progress((1 - share_of_depths) * (end_s - start_s) / (until_s - start_s));
  }
}

// As many reads a depth as take its share of the time at the rate of the depth before it.
std::vector<DepthPoint> read_at_depths(Target& target, const Options& options, double single_read_s, double seconds,
                                       const std::function<void(double)>& progress) {
  std::mt19937_64 random = random_stream(options.seed, RandomPurpose::probe, 1);
  const std::uint64_t blocks = target.bytes() / target.block_bytes();
  std::vector<DepthPoint> points;
  const double each_s = seconds / 6;
  double reads_per_s = 1 / single_read_s;
  for (std::uint32_t depth = 1; depth <= deepest; depth *= 2) {
    std::vector<std::uint64_t> offsets(
        std::max<std::size_t>(4 * depth, static_cast<std::size_t>(each_s * reads_per_s)));
    for (auto& offset : offsets) offset = random() % blocks * target.block_bytes();
    const double start_s = target.now_s();
    target.read_all(offsets, depth);
    reads_per_s = static_cast<double>(offsets.size()) / (target.now_s() - start_s);
    points.push_back({depth, reads_per_s});
    progress(1 - share_of_depths * (1 - static_cast<double>(points.size()) / 6));
  }
  return points;
}

}  // namespace

Probed probe(Target& target, const Options& options, const std::function<void(double)>& progress) {
  if (target.bytes() < Plan::least_drive_bytes)
    throw InputError(options.name, "", fmt::format("a drive of at least {} MiB", Plan::least_drive_bytes >> 20),
                     fmt::format("{} bytes", target.bytes()));
  Probed found;
  found.log = {.file = options.name, .form = "csv", .has_response_times = true, .has_pauses = true};
  const double start_s = target.now_s();
  read_singly(target, options, start_s + options.seconds * (1 - share_of_depths), found.log, progress);
  const auto& requests = found.log.requests;
  if (requests.size() < least_reads)
    throw InputError(options.name, "", fmt::format("time for at least {} reads", least_reads),
                     fmt::format("{} in {:.0f} s: --minutes", requests.size(), options.seconds));
  double sum_s = 0;
  for (const auto& request : requests) sum_s += request.measured_s;
  found.depths = read_at_depths(target, options, sum_s / static_cast<double>(requests.size()),
                                options.seconds * share_of_depths, progress);
  return found;
}

std::string log_text(const RequestLog& log) {
  std::string text = "arrival_ms,sector,sectors,op,measured_ms\n";
  for (const auto& request : log.requests)
    fmt::format_to(std::back_inserter(text), "{:.6f},{},{},{},{:.6f}\n", request.arrival_s * 1e3,
                   request.offset_bytes / sector_bytes, request.bytes / sector_bytes, request.write ? "write" : "read",
                   request.measured_s * 1e3);
  return text;
}

}  // namespace headway::probe
