// What each part of a drive's model is worth: the same requests through the drive without it, beside the response times
// that were measured of the real one, or that DiskSim answers. results/validation/ablation.json states the figures.
// Ruemmler and Wilkes (IEEE Computer, March 1994) have a factor of 14 between a first-order model and a calibrated one.
//
// After a change that moves figures for a reason: HEADWAY_REFRESH=1 models_test -tc="*part of a drive's model*" prints
// the new ones.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/byte_source.h"
#include "core/base/json_node.h"
#include "core/base/line_reader.h"
#include "core/base/testing/files.h"
#include "core/base/testing/sanitized.h"
#include "models/drive/drive_model.h"
#include "models/drive/read_drive.h"
#include "models/drive/replay.h"

using namespace headway;

namespace {

const std::filesystem::path folder = testing::source_directory() / "results/validation";

// The library's file of a drive, and what a model of less than it would have in the place of its parts.
struct Sheet {
  Json json;
  double mean_seek_ms = 0, turn_ms = 0, mean_track_sectors = 0;
};

std::shared_ptr<const DriveModel> model_of(const Json& json) {
  return std::make_shared<DriveModel>(read_drive(JsonNode::parse(json.dump(), "ablation.json")));
}

Sheet sheet_of(const std::string& drive) {
  const auto file = testing::source_directory() / "models/drive/library" / (drive + ".json");
  Sheet sheet{.json = JsonNode::read_file(file).json()};
  for (const char* key : {"origins", "measured_demerit"}) sheet.json.erase(key);
  sheet.json["drive"] = drive + "-in-part";
  const auto model = model_of(sheet.json);
  const auto& mechanical = std::get<MechanicalModel>(model->kind);
  sheet.mean_seek_ms = mean_over_random_pairs(mechanical.seek_s, mechanical.geometry) * 1e3;
  sheet.turn_ms = 60e3 / sheet.json["rpm"].get<double>();
  double tracks = 0;
  for (const auto& zone : sheet.json["zones"])
    tracks += (zone["last_cylinder"].get<double>() - zone["first_cylinder"].get<double>() + 1) *
              sheet.json["surfaces"].get<double>();
  sheet.mean_track_sectors = sheet.json["sectors"].get<double>() / tracks;
  return sheet;
}

// A time for positioning, the same for all, and a rate.
Json first_order(const Sheet& sheet) {
  const std::uint64_t sectors = sheet.json["sectors"], sector_bytes = sheet.json["sector_bytes"];
  return {{"drive", "first-order"},
          {"kind", "constant"},
          {"capacity_bytes", sectors * sector_bytes},
          {"latency_ms", sheet.mean_seek_ms + sheet.turn_ms / 2},
          {"bytes_per_s", sheet.mean_track_sectors * static_cast<double>(sector_bytes) / sheet.turn_ms * 1e3}};
}

Json without_seek_curve(Sheet sheet) {
  const auto last = sheet.json["cylinders"].get<std::uint64_t>() - 1;
  sheet.json["seek_curve_ms"] = {{1, sheet.mean_seek_ms}, {last, sheet.mean_seek_ms}};
  return sheet.json;
}

Json without_skews(Sheet sheet) {
  for (auto& zone : sheet.json["zones"]) zone["track_skew_sectors"] = zone["cylinder_skew_sectors"] = 0;
  return sheet.json;
}

Json without_zones(Sheet sheet) {
  sheet.json.erase("spares_per");
  sheet.json["zones"] = Json::array({{{"first_cylinder", 0},
                                      {"last_cylinder", sheet.json["cylinders"].get<std::uint64_t>() - 1},
                                      {"sectors_per_track", static_cast<int>(sheet.mean_track_sectors) + 1},
                                      {"track_skew_sectors", 0},
                                      {"cylinder_skew_sectors", 0}}});
  return sheet.json;
}

Json without_overheads(Sheet sheet) {
  for (auto& [key, value] : sheet.json.items()) {
    if (key.find("overhead") != std::string::npos) value = 0.0;
  }
  return sheet.json;
}

Json without_buffer(Sheet sheet) {
  for (const char* key : {"read_ahead_until", "read_ahead_sectors", "write_segments", "own_write_segment", "write_back",
                          "keeps_requested"})
    sheet.json.erase(key);
  sheet.json["buffer_segments"] = 0;
  return sheet.json;
}

// The distance from what was measured, where requests came one at a time, after the pauses that they had.
double off_measured(const Json& json, const RequestLog& log) {
  return measured_demerit(replay(model_of(json), {}, 0, log, Arrivals::closed)).all_percent;
}

// DiskSim's answers as a log: what it calls service_ms is what was measured.
RequestLog disksim_log() {
  const auto bytes = open_bytes(folder / "cheetah9LP.disksim.csv.zst");
  std::string text;
  for (LineReader lines(*bytes); const auto line = lines.next();) text.append(*line) += '\n';
  const std::string heading = "service_ms", measured = "measured_ms";
  text.replace(text.find(heading), heading.size(), measured);
  return parse_request_log(text, "cheetah9LP.disksim.csv");
}

// The distance from DiskSim, of service times: requests queue at their dates.
double off_disksim(const Json& json, const RequestLog& log) {
  std::vector<double> ours, theirs;
  for (const Replayed& one : replay(model_of(json), {}, 0, log)) {
    ours.push_back(one.end_s - one.begin_s);
    theirs.push_back(one.request.measured_s);
  }
  return demerit(ours, theirs) * 100;
}

template <class Off>
std::map<std::string, double> ablation(const Sheet& sheet, const RequestLog& log, Off off) {
  return {{"all of it", off(sheet.json, log)},
          {"without the seek curve", off(without_seek_curve(sheet), log)},
          {"without skews", off(without_skews(sheet), log)},
          {"without zones and skews", off(without_zones(sheet), log)},
          {"without overheads", off(without_overheads(sheet), log)},
          {"without buffer and write cache", off(without_buffer(sheet), log)},
          {"first order", off(first_order(sheet), log)}};
}

}  // namespace

TEST_CASE("each part of a drive's model brings it nearer to the real one; all of them by more than the published 14" *
          doctest::skip(testing::sanitized)) {
  const auto table = JsonNode::read_file(folder / "ablation.json");
  const bool refresh = std::getenv("HEADWAY_REFRESH") != nullptr;
  for (const auto& row : table.at("rows").items()) {
    const std::string drive = row.at("drive").string(), beside = row.at("beside").string();
    CAPTURE(drive);
    CAPTURE(beside);
    const Sheet sheet = sheet_of(drive);
    const auto found = beside == "DiskSim" ? ablation(sheet, disksim_log(), off_disksim)
                                           : ablation(sheet, load_request_log(folder / beside), off_measured);
    for (const auto& [part, percent] : found) {
      CAPTURE(part);
      if (refresh) fmt::print("{} {}: {:.4g}\n", drive, part, percent);
      const double stated = row.at("demerit_percent").at(part).number(0, 1e4);
      CHECK(std::abs(percent - stated) <= 0.002 * std::max(1.0, stated));
      CHECK(percent >= found.at("all of it"));
    }
    CHECK(found.at("first order") / found.at("all of it") > 14);
  }
}
