#include "models/drive/library.h"

#include <doctest/doctest.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json_node.h"
#include "core/base/testing/approx.h"
#include "core/base/testing/files.h"
#include "models/drive/drive_model.h"
#include "models/drive/read_drive.h"

using namespace headway;

namespace {

// Reads of `bytes` at random aligned places, the next when the last is done.
struct OneAtATime {
  double service_s = 0;
  double seek_s = 0;
  double rotation_s = 0;
  double transfer_s = 0;
};

OneAtATime random_reads(Drive& drive, std::uint32_t bytes, int count) {
  boost::random::mt19937_64 generator(1);
  boost::random::uniform_int_distribution<std::uint64_t> place(0, drive.capacity_bytes() / bytes - 1);
  OneAtATime mean;
  double now_s = 0;
  for (int i = 0; i < count; ++i) {
    drive.submit({.tag = static_cast<std::uint64_t>(i), .offset_bytes = place(generator) * bytes, .bytes = bytes},
                 now_s);
    DriveCompletion done;
    double end_s = drive.next_event_s();
    while (!drive.advance(end_s, done)) {  // an event inside the drive
      REQUIRE(std::isfinite(drive.next_event_s()));
      end_s = drive.next_event_s();
    }
    CHECK(done.end_s == end_s);
    mean.service_s += (end_s - now_s) / count;
    mean.seek_s += done.times.seek_s / count;
    mean.rotation_s += done.times.rotation_s / count;
    mean.transfer_s += done.times.transfer_s / count;
    now_s = end_s;
  }
  return mean;
}

}  // namespace

TEST_CASE("the Constellation.2 reads at random in mean seek + half a revolution + transfer + overhead") {
  const auto model = load_drive("seagate-constellation2-1tb");
  const auto& mechanical = std::get<MechanicalModel>(model->kind);
  const auto drive = make_drive(model, {}, 7);
  const std::uint32_t bytes = 16384;
  const auto mean = random_reads(*drive, bytes, 100'000);
  // Data sheet: 7.5 ms average seek, 7200 rpm, 0.2 ms overhead. Transfer: 16 KiB of the mean track, its skew of 5.3 %.
  const double track_bytes = 1953525168.0 * 512 / (8 * 165800.0);
  const double transfer_s = bytes / track_bytes * 60 / 7200 * 1.053;
  const double closed_form_s = 7.5e-3 + 0.5 * 60 / 7200 + transfer_s + 0.2e-3;
  CHECK(mean.service_s == testing::approx(closed_form_s).epsilon(0.01));
  CHECK(mean.seek_s == testing::approx(7.5e-3).epsilon(0.01));
  CHECK(mean.rotation_s == testing::approx(60.0 / 7200 / 2).epsilon(0.01));
  CHECK(mean.transfer_s == testing::approx(transfer_s).epsilon(0.01));
  const double parts_s = mean.seek_s + mean.rotation_s + mean.transfer_s + mechanical.interface.read_miss.after_read_s;
  CHECK(mean.service_s - parts_s >= 0);
  CHECK(mean.service_s - parts_s < 1e-6 + mechanical.interface.read_bus_s_per_sector * bytes / 512);
}

TEST_CASE("an unknown drive is told with the nearest name") {
  CHECK_THROWS_WITH_AS(load_drive("seagate-constelation2-1tb"),
                       "expected a library drive or a parameter file (*.json), found "
                       "\"seagate-constelation2-1tb\" (did you mean \"seagate-constellation2-1tb\"?)",
                       InputError);
}

TEST_CASE("an extracted drive's file that is a library drive gets what its form cannot say from there") {
  const auto full = JsonNode::read_file(testing::source_directory() / "models/drive/library/dec_rz26.json");
  Json json = full.json();
  for (const char* key : {"kind", "description", "origins", "spares_per", "zero_latency", "read_hit_overhead_ms"})
    json.erase(key);
  json["zones"][0].erase("front_sectors");
  const auto file = std::filesystem::temp_directory_path() / "headway-library-test.json";
  const auto load = [&] {
    std::ofstream(file) << json.dump();
    return load_drive(file.string());
  };
  const auto place = [](const DriveModel& model) {
    return std::get<MechanicalModel>(model.kind).geometry.place(1'000'000);
  };
  const auto completed = load();
  CHECK(completed->completed ==
        std::vector<std::string>{"spares_per", "zero_latency", "read_hit_overhead_ms", "front_sectors"});
  CHECK(place(*completed).cylinder == place(*load_drive("dec_rz26")).cylinder);
  json["spares_per"] = "zone";  // what the file says stands
  CHECK(place(*load()).cylinder != place(*completed).cylinder);
  json["drive"] = "mine";
  CHECK(load()->completed.empty());
  std::filesystem::remove(file);
}

TEST_CASE("a drive's parameters in full are those of the drive") {
  for (const std::string& name : drive_names()) {
    CAPTURE(name);
    const auto model = load_drive(name);
    const Json full = drive_in_full(*model);
    const auto again = std::make_shared<DriveModel>(read_drive(JsonNode::parse(full.dump(), name)));
    CHECK(drive_in_full(*again) == full);
    const auto one = random_reads(*make_drive(model, {}, 7), 16384, 300);
    const auto other = random_reads(*make_drive(again, {}, 7), 16384, 300);
    CHECK(one.service_s == other.service_s);
    CHECK(one.seek_s == other.seek_s);
  }
}
