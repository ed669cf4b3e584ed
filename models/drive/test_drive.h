// A small drive with round figures, for tests: a turn takes 10 ms, a track holds 100 sectors, so a sector takes 0.1 ms.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/drive/drive.h"
#include "models/drive/library.h"
#include "models/drive/make_drive.h"
#include "models/drive/read_drive.h"

namespace headway::test {

// Two zones, 2 surfaces, 20 cylinders; 1 ms a seek of one cylinder and 0.1 ms for each further one; 0.5 ms a head
// switch; skews that cover them; no overhead, no bus time, no buffer.
inline Json plain_drive() {
  return Json::parse(R"({
    "drive": "plain", "rpm": 6000, "surfaces": 2, "cylinders": 20, "sectors": 3000, "sector_bytes": 512,
    "head_switch_ms": 0.5,
    "zones": [
      {"first_cylinder": 0, "last_cylinder": 9, "sectors_per_track": 100, "track_skew_sectors": 10,
       "cylinder_skew_sectors": 20},
      {"first_cylinder": 10, "last_cylinder": 19, "sectors_per_track": 50, "track_skew_sectors": 5,
       "cylinder_skew_sectors": 10}],
    "seek_curve_ms": [[1, 1.0], [19, 2.8]]
  })");
}

inline std::shared_ptr<const DriveModel> model_of(const Json& json) {
  return std::make_shared<DriveModel>(read_drive(JsonNode::parse(json.dump(), "test.json")));
}

// Equal but for rounding. Approx alone takes microseconds for equal: its tolerance is relative to 1 + the value.
inline doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-9).scale(0); }

struct Run {
  std::uint64_t sector = 0;
  std::uint32_t sectors = 1;
  double at_s = 0;
  bool write = false;
};

// Puts requests through a drive (sectors of 512 bytes), completions in their order.
inline std::vector<DriveCompletion> run(Drive& drive, const std::vector<Run>& requests) {
  std::vector<DriveCompletion> all;
  std::size_t next = 0;
  while (all.size() < requests.size()) {
    const double event_s = drive.next_event_s();
    if (next < requests.size() && requests[next].at_s <= event_s) {
      const Run& one = requests[next];
      drive.submit({.tag = next, .offset_bytes = one.sector * 512, .bytes = one.sectors * 512, .write = one.write},
                   one.at_s);
      ++next;
      continue;
    }
    DriveCompletion done;
    while (drive.advance(event_s, done)) all.push_back(done);
  }
  return all;
}

inline std::vector<DriveCompletion> run(const Json& json, const QueueSpec& queue, const std::vector<Run>& requests) {
  const auto drive = assemble_drive(model_of(json), queue, 0);
  return run(*drive, requests);
}

inline std::vector<std::uint64_t> tags(const std::vector<DriveCompletion>& all) {
  std::vector<std::uint64_t> order;
  for (const auto& done : all) order.push_back(done.tag);
  return order;
}

}  // namespace headway::test
