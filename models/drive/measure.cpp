#include "models/drive/measure.h"

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <charconv>
#include <vector>

#include "core/base/error.h"
#include "core/base/json_node.h"
#include "models/drive/library.h"

namespace headway {

namespace {

constexpr std::uint32_t sheet_reads = 20'000;
constexpr std::uint64_t sheet_seed = 1;

// Keeps `in_flight` reads under way until `count` are done; next_offset(i) says where read i begins.
template <class NextOffset>
Measured run(Drive& drive, std::uint32_t bytes, std::uint32_t in_flight, std::uint32_t count, NextOffset next_offset) {
  Measured sum;
  std::vector<double> submitted_s(count);
  std::uint32_t submitted = 0;
  std::uint32_t done_count = 0;
  double now_s = 0;
  double busy_integral = 0;
  const auto submit = [&] {
    submitted_s[submitted] = now_s;
    drive.submit({.tag = submitted, .offset_bytes = next_offset(submitted), .bytes = bytes}, now_s);
    ++submitted;
  };
  while (submitted < std::min(in_flight, count)) submit();
  while (done_count < count) {
    const double event_s = drive.next_event_s();
    busy_integral += (submitted - done_count) * (event_s - now_s);
    now_s = event_s;
    DriveCompletion done;
    if (!drive.advance(now_s, done)) continue;
    ++done_count;
    const double latency_s = done.end_s - submitted_s[done.tag];
    sum.latency_s += latency_s;
    sum.service_s += latency_s - done.times.queue_s;
    sum.seek_s += done.times.seek_s;
    sum.rotation_s += done.times.rotation_s;
    sum.transfer_s += done.times.transfer_s;
    if (submitted < count) submit();
  }
  for (double* part : {&sum.latency_s, &sum.service_s, &sum.seek_s, &sum.rotation_s, &sum.transfer_s}) *part /= count;
  sum.reads_per_s = count / now_s;
  sum.bytes_per_s = sum.reads_per_s * bytes;
  sum.in_flight = busy_integral / now_s;
  return sum;
}

std::uint32_t actuators(const DriveModel& model) {
  const auto* mechanical = std::get_if<MechanicalModel>(&model.kind);
  return mechanical ? mechanical->actuators : 1;
}

std::optional<std::uint32_t> depth_in(const std::string& name) {
  const std::string prefix = "random_read_iops_depth_";
  if (!name.starts_with(prefix)) return std::nullopt;
  std::uint32_t depth = 0;
  const char* end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + prefix.size(), end, depth);
  if (error != std::errc() || at != end || depth == 0 || depth > 65536) return std::nullopt;
  return depth;
}

}  // namespace

Measured random_reads(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint32_t bytes,
                      std::uint32_t in_flight, std::uint32_t count, std::uint64_t seed, double part) {
  const auto drive = make_drive(std::move(model), queue, seed);
  boost::random::mt19937_64 generator(seed);
  const std::uint64_t places = drive->capacity_bytes() / bytes;
  const auto within = static_cast<std::uint64_t>(static_cast<double>(places) * part);
  boost::random::uniform_int_distribution<std::uint64_t> place(0, std::clamp<std::uint64_t>(within, 1, places) - 1);
  return run(*drive, bytes, in_flight, count, [&](std::uint32_t) { return place(generator) * bytes; });
}

Measured sequential_reads(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t offset_bytes,
                          std::uint64_t total_bytes, std::uint32_t bytes, std::uint32_t in_flight) {
  const auto drive = make_drive(std::move(model), queue, sheet_seed);
  return run(*drive, bytes, in_flight, static_cast<std::uint32_t>(total_bytes / bytes),
             [&](std::uint32_t i) { return offset_bytes + std::uint64_t{i} * bytes; });
}

QueueSpec sheet_queue(const DriveModel& model, std::uint32_t depth) {
  return {.discipline = discipline_of(std::holds_alternative<MechanicalModel>(model.kind) ? "sptf" : "fcfs"),
          .depth = depth};
}

double random_read_iops(std::shared_ptr<const DriveModel> model, std::uint32_t depth) {
  const auto queue = sheet_queue(*model, depth);
  return random_reads(std::move(model), queue, 4096, depth, sheet_reads, sheet_seed).reads_per_s;
}

double random_read_s(std::shared_ptr<const DriveModel> model, double part) {
  return random_reads(std::move(model), {}, 4096, 1, sheet_reads, sheet_seed, part).latency_s;
}

double short_seek_read_s(std::shared_ptr<const DriveModel> model) {
  constexpr std::uint64_t step_bytes = 8 << 20;
  constexpr std::uint32_t each_way = 400;
  const std::uint64_t middle_bytes = capacity_bytes(*model) / (2 * 4096) * 4096;
  const auto one_way = [&](std::int64_t sign) {
    const auto drive = make_drive(model, {}, sheet_seed);
    return run(*drive, 4096, 1, each_way,
               [&](std::uint32_t i) {
                 return middle_bytes + static_cast<std::uint64_t>(sign * static_cast<std::int64_t>(i * step_bytes));
               })
        .latency_s;
  };
  return (one_way(1) + one_way(-1)) / 2;
}

double sequential_rate(std::shared_ptr<const DriveModel> model, bool inner) {
  constexpr std::uint32_t bytes = 128 << 10;
  const std::uint64_t total = std::min<std::uint64_t>(1 << 30, capacity_bytes(*model) / 16 / bytes * bytes);
  const std::uint32_t parts = actuators(*model);
  const std::uint64_t each = capacity_bytes(*model) / parts;
  const auto drive = make_drive(model, {.depth = 32}, sheet_seed);
  const std::uint64_t begin = inner ? (each - total) / bytes * bytes : 0;
  const auto count = static_cast<std::uint32_t>(total / bytes) * parts;
  return run(*drive, bytes, 4 * parts, count,
             [&](std::uint32_t i) { return i % parts * each + begin + std::uint64_t{i / parts} * bytes; })
      .bytes_per_s;
}

namespace {

using Model = std::shared_ptr<const DriveModel>;

Measured random_one_by_one(const Model& model) { return random_reads(model, {}, 4096, 1, sheet_reads, sheet_seed); }

struct Figure {
  std::string_view name;
  double (*of_any)(const Model&) = nullptr;
  double (*of_mechanical)(const MechanicalModel&, const Model&) = nullptr;  // of drives with heads only
};

// Beside these, random_read_iops_depth_N.
constexpr Figure figures[] = {
    {"capacity_bytes", [](const Model& model) { return static_cast<double>(capacity_bytes(*model)); }},
    {"sequential_read_bytes_per_s", [](const Model& model) { return sequential_rate(model); }},
    {"sequential_read_bytes_per_s_inner", [](const Model& model) { return sequential_rate(model, true); }},
    {"sequential_latency_us",
     [](const Model& model) {
       return sequential_reads(model, {.depth = 1}, 1 << 20, 4 << 20, 4096, 1).latency_s * 1e6;
     }},
    {"mean_track_bytes", nullptr,
     [](const MechanicalModel& heads, const Model&) {
       return static_cast<double>(heads.geometry.sectors()) * heads.sector_bytes /
              (static_cast<double>(heads.geometry.cylinders()) * heads.geometry.surfaces());
     }},
    {"track_rate_outer_to_inner", nullptr,
     [](const MechanicalModel& heads, const Model&) {
       const auto& zones = heads.geometry.zones();
       return static_cast<double>(zones.front().sectors_per_track) / zones.back().sectors_per_track;
     }},
    {"seek_ms_track_to_track", nullptr,
     [](const MechanicalModel& heads, const Model&) { return heads.seek_s[1] * 1e3; }},
    {"seek_ms_average", nullptr,
     [](const MechanicalModel&, const Model& model) { return random_one_by_one(model).seek_s * 1e3; }},
    {"seek_ms_full_stroke", nullptr,
     [](const MechanicalModel& heads, const Model&) { return heads.seek_s.longest_s() * 1e3; }},
    {"rotation_ms_average", nullptr,
     [](const MechanicalModel&, const Model& model) { return random_one_by_one(model).rotation_s * 1e3; }},
};

}  // namespace

void expect_figure(const std::string& name, const JsonNode& place) {
  if (depth_in(name) || std::ranges::find(figures, name, &Figure::name) != std::end(figures)) return;
  std::vector<std::string> known{"random_read_iops_depth_1"};
  for (const Figure& figure : figures) known.emplace_back(figure.name);
  place.fail("a figure that running a drive finds", unknown_name(name, known));
}

std::optional<double> measure_figure(std::shared_ptr<const DriveModel> model, const std::string& name) {
  if (const auto depth = depth_in(name)) return random_read_iops(model, *depth);
  const auto figure = std::ranges::find(figures, name, &Figure::name);
  if (figure == std::end(figures)) return std::nullopt;
  if (figure->of_any) return figure->of_any(model);
  const auto* heads = std::get_if<MechanicalModel>(&model->kind);
  return heads ? std::optional(figure->of_mechanical(*heads, model)) : std::nullopt;
}

}  // namespace headway
