// Drives that we model ourselves, found again from their response times alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "core/base/testing/files.h"
#include "core/base/testing/sanitized.h"
#include "models/drive/fit/drive_file.h"
#include "models/drive/fit/holdout.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;
using fit::FitOptions;

namespace {

// 7,200 turns a minute, 2 surfaces, three zones, 0.3 ms overhead.
Json subject(bool write_back, int read_ahead_after) {
  Json json = Json::parse(R"({
    "drive": "subject", "rpm": 7200, "surfaces": 2, "cylinders": 3000, "sectors": 750000, "sector_bytes": 512,
    "head_switch_ms": 0.8, "write_settle_ms": 0.5, "spares_per": "zone",
    "read_miss_overhead_ms": 0.3, "read_hit_overhead_ms": 0.15, "bus_ms_per_sector": 0.02,
    "write_overhead_ms": 0.4, "write_bus_ms_per_sector": 0.03,
    "buffer_segments": 4, "segment_sectors": 128,
    "zones": [
      {"first_cylinder": 0, "last_cylinder": 999, "sectors_per_track": 150,
       "track_skew_sectors": 20, "cylinder_skew_sectors": 24},
      {"first_cylinder": 1000, "last_cylinder": 1999, "sectors_per_track": 125,
       "track_skew_sectors": 17, "cylinder_skew_sectors": 20},
      {"first_cylinder": 2000, "last_cylinder": 2999, "sectors_per_track": 100,
       "track_skew_sectors": 14, "cylinder_skew_sectors": 16}],
    "seek_two_piece": {"a_ms": 1.0, "b_ms": 0.16, "c_ms": 3.36, "e_ms": 0.0026, "boundary_cylinders": 600}
  })");
  json["read_ahead_after"] = read_ahead_after;
  if (write_back) json["write_back"] = true;
  if (write_back) json["write_segments"] = 2;
  return json;
}

// Random, sequential and near requests, a third of them writes, and how long the drive took for each.
RequestLog log_of(const std::shared_ptr<const DriveModel>& model, std::uint64_t sectors, std::size_t count,
                  std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto part = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  RequestLog log{.file = "subject.csv", .has_response_times = true, .has_pauses = true};
  std::uint64_t end = 0;
  bool write = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = static_cast<std::uint32_t>(1 + random() % 16);
    const double kind = part();
    std::uint64_t first = static_cast<std::uint64_t>(part() * static_cast<double>(sectors - 16));
    if (kind < 0.2 && end + size <= sectors) first = end;
    if (kind > 0.8 && end > 300) first = end - random() % 300;
    first = std::min(first, sectors - size);
    if (first != end) write = part() < 0.33;
    log.requests.push_back({.offset_bytes = first * 512,
                            .bytes = size * 512,
                            .write = write,
                            .pause_s = 0.02 + 0.02 * part(),
                            .line = i + 2});
    end = first + size;
  }
  const auto done = replay(model, {}, 0, log, Arrivals::closed);
  for (std::size_t i = 0; i < count; ++i) {
    log.requests[i].arrival_s = done[i].request.arrival_s;
    log.requests[i].measured_s = done[i].response_s();
  }
  return log;
}

RequestLog log_of(const Json& json, std::size_t count, std::uint64_t seed = 5) {
  return log_of(model_of(json), json.at("sectors").get<std::uint64_t>(), count, seed);
}

const MechanicalModel& mechanics_of(const DriveModel& model) { return std::get<MechanicalModel>(model.kind); }

// Overhead and seek of a read from far: what a response time has of both.
double far_read_s(const MechanicalModel& model, std::uint32_t distance) {
  return model.interface.read_miss.after_read_s + model.seek_s[distance];
}

double mean_far_read_s(const MechanicalModel& model) {
  return model.interface.read_miss.after_read_s + mean_over_random_pairs(model.seek_s, model.geometry);
}

void check_recovered(bool write_back, int read_ahead_after) {
  CAPTURE(write_back);
  CAPTURE(read_ahead_after);
  const Json truth_file = subject(write_back, read_ahead_after);
  const auto truth_model = model_of(truth_file);
  const auto& truth = mechanics_of(*truth_model);
  const FitOptions options{.name = "found", .surfaces = 2};
  const auto log = log_of(truth_file, 20000);
  const auto findings = fit::find_all(log, options);
  const auto found_model = model_of(fit::drive_file(findings, options, log.file));
  const auto& found = mechanics_of(*found_model);
  CHECK(found.revolution_s == testing::approx(truth.revolution_s).epsilon(1e-3));
  CHECK(mean_far_read_s(found) == testing::approx(mean_far_read_s(truth)).epsilon(0.01));
  for (const std::uint64_t sector : {1000u, 200000u, 400000u, 740000u}) {
    const auto track = [&](const MechanicalModel& model) {
      return model.geometry.zones()[model.geometry.place(sector).zone].sectors_per_track;
    };
    CHECK(track(found) == testing::approx(track(truth)).epsilon(0.01));
  }
  // Fewer than one request in a hundred goes less far.
  for (const std::uint32_t distance : {30, 100, 300, 600, 1000, 1500, 2000, 2900}) {
    CAPTURE(distance);
    CHECK(far_read_s(found, distance) == testing::approx(far_read_s(truth, distance)).epsilon(0.03));
  }
  constexpr double near_s = 0.05e-3;
  const double miss_s = std::max(near_s, 3 * findings.heads.overhead_s.error);  // few requests stay on their track
  CHECK(std::abs(found.interface.read_miss.after_read_s - truth.interface.read_miss.after_read_s) < miss_s);
  CHECK(std::abs(found.interface.read_hit.after_read_s - truth.interface.read_hit.after_read_s) < near_s);
  CHECK(std::abs(found.interface.write.after_read_s - truth.interface.write.after_read_s) <
        (write_back ? near_s : miss_s));
  CHECK(found.interface.read_bus_s_per_sector == testing::approx(truth.interface.read_bus_s_per_sector).epsilon(0.01));
  CHECK(found.buffer.write_back == write_back);
  CHECK(found.buffer.read_ahead_after == static_cast<std::uint32_t>(read_ahead_after));
}

std::string complaint(const RequestLog& log, const FitOptions& options) {
  try {
    fit::fit_drive(log, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

// The sanitizer makes minutes of these; it has the smaller logs below.
TEST_CASE("a drive of our own is found again: write-back cache, read-ahead behind any read" *
          doctest::skip(testing::sanitized)) {
  check_recovered(true, 1);
}

TEST_CASE("a drive of our own is found again: writes to the media, read-ahead from the second on" *
          doctest::skip(testing::sanitized)) {
  check_recovered(false, 2);
}

// One in seven of those that seem to stay on a track steps over its end: taken for the track's own, they made the
// overhead 0.7 ms too long in the first of these logs and 0.5 ms in the second.
TEST_CASE("the overhead of a read is told apart from its seek as exactly as is said" *
          doctest::skip(testing::sanitized)) {
  for (const std::uint64_t seed : {3, 4}) {
    CAPTURE(seed);
    const auto log = log_of(subject(true, 1), 20000, seed);
    const auto overhead = fit::find_all(log, {.surfaces = 2}).heads.overhead_s;
    CHECK(overhead.error < 0.25e-3);
    CHECK(std::abs(overhead.value - 0.32e-3) < 2 * overhead.error);  // with a sector's bus
  }
}

TEST_CASE("the half that was kept out is predicted, and the file says how well" * doctest::skip(testing::sanitized)) {
  const auto fitted = fit::fit_drive(log_of(subject(true, 1), 6000), {.name = "found", .surfaces = 2});
  CHECK(fitted.demerit.all_percent < 4);
  CHECK(fitted.between_halves.all_percent < 8);
  const auto model = model_of(fitted.file);
  REQUIRE(model->demerit);
  CHECK(std::abs(model->demerit->all_percent - fitted.demerit.all_percent) < 0.01);
  for (const auto& [key, origin] : fitted.file.at("origins").items()) CHECK(fitted.file.contains(key));
  CHECK(fit::fit_report(fitted).find("The two halves themselves differ by") != std::string::npos);
  CHECK(fit::fit_report(fitted).find("--surfaces says it") == std::string::npos);
}

// Measured logs, as far as the drive of the first half is off the second.
TEST_CASE("of five measured drives the half that was kept out is predicted" * doctest::skip(testing::sanitized)) {
  struct Bound {
    std::string drive;
    double rpm, percent;
  };
  for (const Bound& bound : {Bound{"atlas_III", 7200, 2.4},
                             {"barracuda", 7200, 3.3},
                             {"cheetah9LP", 10045, 3.1},
                             {"dec_rz26", 5360, 2.5},
                             {"st41601n", 5400, 1.3}}) {
    CAPTURE(bound.drive);
    const auto log =
        load_request_log(testing::source_directory() / "results/validation/measured" / (bound.drive + ".csv.zst"));
    CHECK(fit::fit_drive(log, {.rpm = bound.rpm}).demerit.all_percent < bound.percent);
  }
}

TEST_CASE("what the buffer keeps is found by which reads it serves" * doctest::skip(testing::sanitized)) {
  Json json = subject(true, 1);
  json["keeps_requested"] = false;
  const auto log = log_of(json, 4000);
  const auto file = fit::fit_drive(log, {.name = "found", .surfaces = 2}).file;
  CHECK(file.at("keeps_requested") == false);
  CHECK(file.at("origins").at("keeps_requested").get<std::string>().find("served as the log has it") !=
        std::string::npos);
}

// 0.12 ms a sector is slower than the media (0.06 to 0.08 ms): an overlapped read then ends when the bus has brought
// it.
TEST_CASE("whether the bus lies behind the media is told, of reads and of writes" * doctest::skip(testing::sanitized)) {
  for (const bool reads : {true, false}) {
    for (const bool writes : {true, false}) {
      for (const double bus_ms : {0.05, 0.12}) {
        CAPTURE(reads);
        CAPTURE(writes);
        CAPTURE(bus_ms);
        Json json = subject(false, 1);
        json["bus_ms_per_sector"] = json["write_bus_ms_per_sector"] = bus_ms;
        json["bus_overlapped"] = reads;
        json["write_bus_overlapped"] = writes;
        const auto log = log_of(json, 6000);
        const auto findings = fit::find_all(log, {.rpm = 7200, .surfaces = 2});
        REQUIRE(findings.zones_told);
        CHECK(findings.zones.front().sectors_per_track == testing::approx(150.0).epsilon(0.01));
        const auto file = fit::drive_file(findings, {.name = "found", .surfaces = 2}, log.file);
        CHECK(file.at("bus_overlapped") == reads);
        CHECK(file.at("write_bus_overlapped") == writes);
      }
    }
  }
}

TEST_CASE("a read that begins in the middle of its sectors is told from one that waits for the first" *
          doctest::skip(testing::sanitized)) {
  for (const bool any_order : {true, false}) {
    CAPTURE(any_order);
    Json json = subject(false, 1);
    json["zero_latency"] = any_order;
    CHECK(fit::find_all(log_of(json, 8000), {.rpm = 7200, .surfaces = 2}).heads.zero_latency == any_order);
  }
}

TEST_CASE("what a write takes less behind another write is found" * doctest::skip(testing::sanitized)) {
  Json json = subject(false, 1);
  json["write_overhead_ms"] = 2.0;
  json["write_overhead_after_write_ms"] = 1.2;
  const auto found = fit::find_all(log_of(json, 20000), {.surfaces = 2}).heads.write_after_write_s;
  CHECK(std::abs(found.value + 0.8e-3) < 0.1e-3);
}

TEST_CASE("what a log does not tell is asked for" * doctest::skip(testing::sanitized)) {
  auto log = log_of(subject(false, 1), 3000);
  const RequestLog few{.file = "few.csv", .requests = {log.requests.begin(), log.requests.begin() + 40}};
  CHECK(complaint(few, {}).find("few.csv: expected at least 60 requests that went to the media, found ") == 0);
  std::mt19937_64 random(1);
  double at_s = 0;
  for (auto& one : log.requests) {  // dates that are not the drive's
    at_s += 0.05 + 1e-6 * static_cast<double>(random() % 9000);
    one.arrival_s = at_s;
  }
  CHECK(complaint(log, {}).find("expected a log that tells the rotation period, or --rpm") != std::string::npos);
  CHECK(complaint(log, {.rpm = 7200}).empty());
  for (auto& one : log.requests) one.measured_s = 1e-4 + 1e-6 * static_cast<double>(one.line % 50);
  CHECK(complaint(log, {.rpm = 7200}).find("expected response times that spread over a revolution (8.33 ms)") !=
        std::string::npos);
}

TEST_CASE("a rotation that the log's dates contradict is refused, with what they show" *
          doctest::skip(testing::sanitized)) {
  const auto log = load_request_log(testing::source_directory() / "results/validation/measured/st41601n.csv.zst");
  const std::string said = complaint(log, {.rpm = 7200});
  CHECK_MESSAGE(said.find("--rpm: expected 5397.") != std::string::npos, said);
  CHECK_MESSAGE(said.find("found 7200, at which they do not") != std::string::npos, said);
}

TEST_CASE("of a drive that chooses among several requests, those that found it idle tell" *
          doctest::skip(testing::sanitized)) {
  auto log = log_of(subject(false, 1), 6000);
  log.has_pauses = false;
  for (std::size_t i = 0; i < log.requests.size(); ++i) {
    log.requests[i].arrival_s = 0.0125 * static_cast<double>(i);
    log.requests[i].measured_s = 0;
  }
  const auto done =
      replay(model_of(subject(false, 1)), {.discipline = discipline_of("sptf"), .depth = 8}, 0, log, Arrivals::open);
  for (const auto& one : done) log.requests[one.request.line - 2].measured_s = one.response_s();
  const auto fitted = fit::fit_drive(one_at_a_time(log), {.rpm = 7200, .surfaces = 2});
  CHECK(fitted.predicted.size() < 3000);
  CHECK(fitted.predicted.size() > 300);
  CHECK(fitted.demerit.all_percent < 5);
}

// Places so many that hardly two requests come near each other: a second's dates are all there is, and they bear more
// than one rotation.
TEST_CASE("a large drive's log tells its tracks once the rotation is given" * doctest::skip(testing::sanitized)) {
  const auto model = load_drive("seagate-constellation2-1tb");
  const auto& truth = mechanics_of(*model);
  const auto log = log_of(model, truth.geometry.sectors(), 20000, 5);
  const auto findings = fit::find_all(log, {.name = "found", .rpm = 7200});
  CHECK(findings.zones_told);
  const auto found_model = model_of(fit::drive_file(findings, {.name = "found"}, log.file));
  const auto& found = mechanics_of(*found_model);
  CHECK(std::abs(found.interface.read_miss.after_read_s - truth.interface.read_miss.after_read_s) < 0.05e-3);
  CHECK(mean_far_read_s(found) == testing::approx(mean_far_read_s(truth)).epsilon(0.01));
}

TEST_CASE("a log whose requests seek over one distance, or over none, tells no curve") {
  for (const std::uint64_t stride_sectors : {0, 50'000}) {
    CAPTURE(stride_sectors);
    std::mt19937_64 random(1);
    RequestLog log{.file = "stride.csv", .has_response_times = true, .has_pauses = true};
    for (std::uint64_t i = 0; i < 2000; ++i) {
      log.requests.push_back({.offset_bytes = i % 2 * stride_sectors * 512,
                              .bytes = 512,
                              .measured_s = 2e-3 + 1e-6 * static_cast<double>(random() % 8333),
                              .pause_s = 1e-3,
                              .line = i + 2});
    }
    const std::string said = complaint(log, {.rpm = 7200});
    CHECK_MESSAGE(said.find("requests that seek, over different distances") != std::string::npos, said);
    const std::string where =
        stride_sectors == 0 ? "found 0, 40 are missing" : "over one distance alone; 0 over 0 to 100 sectors";
    CHECK_MESSAGE(said.find(where) != std::string::npos, said);
  }
}
