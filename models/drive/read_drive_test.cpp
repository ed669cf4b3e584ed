// Every parameter is checked: what a bad one earns.
#include "models/drive/read_drive.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/json_node.h"
#include "core/base/testing/files.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

std::string complaint(const Json& json) {
  try {
    model_of(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// The plain drive with the value at `pointer` replaced.
std::string with(const char* pointer, const Json& value) {
  auto json = plain_drive();
  json[Json::json_pointer(pointer)] = value;
  return complaint(json);
}

std::string without(const char* key) {
  auto json = plain_drive();
  json.erase(key);
  return complaint(json);
}

}  // namespace

TEST_CASE("the plain drive has nothing to complain of") { CHECK(complaint(plain_drive()).empty()); }

TEST_CASE("numbers: negative, zero, of the wrong kind") {
  CHECK(with("/rpm", 0) == "test.json: /rpm: expected a number of revolutions per minute from 100 to 100000, found 0");
  CHECK(with("/rpm", "fast").starts_with("test.json: /rpm: expected a number"));
  CHECK(with("/surfaces", 0) == "test.json: /surfaces: expected a whole number from 1 to 256, found 0");
  CHECK(with("/cylinders", -5).starts_with("test.json: /cylinders: expected a whole number"));
  CHECK(with("/sector_bytes", 0).starts_with("test.json: /sector_bytes: expected"));
  CHECK(with("/head_switch_ms", -0.1) ==
        "test.json: /head_switch_ms: expected a number of milliseconds from 0 to 100, found -0.1");
  CHECK(with("/read_miss_overhead_ms", -1).starts_with("test.json: /read_miss_overhead_ms: expected"));
  CHECK(with("/bus_ms_per_sector", -1).starts_with("test.json: /bus_ms_per_sector: expected"));
  CHECK(with("/bus_bytes_per_s", 0)
            .starts_with("test.json: /bus_bytes_per_s: expected a number of bytes/s from 1000 to 1000000000000"));
  CHECK(with("/buffer_segments", -1).starts_with("test.json: /buffer_segments: expected"));
  CHECK(
      with("/physical_sector_bytes", 700).starts_with("test.json: /physical_sector_bytes: expected a multiple of 512"));
  CHECK(with("/actuators", 0).starts_with("test.json: /actuators: expected"));
  CHECK(with("/zones/1/sectors_per_track", 0).starts_with("test.json: /zones/1/sectors_per_track: expected"));
  CHECK(with("/zones/0/track_skew_sectors", -1).starts_with("test.json: /zones/0/track_skew_sectors: expected"));
}

TEST_CASE("zones that overlap, run backward, lie outside; left-out cylinders are fine") {
  CHECK(with("/zones/1/first_cylinder", 9) ==
        "test.json: /zones/1/first_cylinder: expected a cylinder after the last zone's end (9), found 9");
  CHECK(with("/zones/0/last_cylinder", 12) ==
        "test.json: /zones/1/first_cylinder: expected a cylinder after the last zone's end (12), found 10");
  CHECK(with("/zones/1/last_cylinder", 8) ==
        "test.json: /zones/1/last_cylinder: expected a cylinder at or after the zone's first (10), found 8");
  CHECK(
      with("/zones/1/last_cylinder", 30).starts_with("test.json: /zones/1/last_cylinder: expected one of the drive's"));
  CHECK(with("/zones", Json::array()) == "test.json: /zones: expected at least one zone, found []");
  auto json = plain_drive();
  json["zones"][1]["first_cylinder"] = 11;
  json["sectors"] = 2900;
  CHECK(complaint(json).empty());
}

TEST_CASE("more sectors than the zones hold") {
  CHECK(with("/sectors", 3001) == "test.json: /sectors: expected at most the 3000 that the zones hold, found 3001");
  auto json = plain_drive();
  json["spares_per"] = "track";
  json["zones"][0]["spare_sectors"] = 100;
  CHECK(complaint(json) ==
        "test.json: /zones/0: expected a zone that holds sectors, found spares and reserved sectors only");
  json["zones"][0]["spare_sectors"] = 1;
  CHECK(complaint(json).starts_with("test.json: /sectors: expected at most the 2980 that the zones hold"));
}

TEST_CASE("seek curves") {
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 1.0], [9, 2.0], [5, 2.5]]")) ==
        "test.json: /seek_curve_ms/2/0: expected a distance beyond the one before (9), found 5");
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 1.0], [9, 2.0], [9, 2.5]]"))
            .starts_with("test.json: /seek_curve_ms/2/0: expected a distance beyond"));
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 2.0], [5, 1.5], [9, 3.0]]")) ==
        "test.json: /seek_curve_ms/1/1: expected a time not far below the one before (2 ms), found 1.5");
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 0.0], [5, 1.5]]"))
            .starts_with("test.json: /seek_curve_ms/0/1: expected"));
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 1.0]]"))
            .starts_with("test.json: /seek_curve_ms: expected 2 points or more"));
  CHECK(with("/seek_curve_ms", Json::parse("[[1, 1.0, 2]]")).starts_with("test.json: /seek_curve_ms/0: expected"));
  CHECK(without("seek_curve_ms").starts_with("test.json: /: expected one of \"seek_curve_ms\""));
  auto json = plain_drive();
  json.erase("seek_curve_ms");
  json["seek_ms"] = {{"track_to_track", 1.0}, {"average", 1.1}, {"full_stroke", 9.0}};
  CHECK(complaint(json).starts_with("test.json: /seek_ms: expected an average that a rising curve"));
  json["seek_ms"]["average"] = 10.0;
  CHECK(complaint(json).starts_with("test.json: /seek_ms/average: expected"));
  json["seek_ms"]["average"] = 4.5;
  CHECK(complaint(json).empty());
}

TEST_CASE("a settle lies between the next track and the average") {
  auto json = plain_drive();
  json.erase("seek_curve_ms");
  json["seek_ms"] = {{"track_to_track", 1.0}, {"settle", 0.9}, {"average", 4.5}, {"full_stroke", 9.0}};
  const std::string between =
      "test.json: /seek_ms/settle: expected a number of milliseconds from track_to_track to average";
  CHECK(complaint(json) == between + ", found 0.9");
  json["seek_ms"]["settle"] = 4.6;
  CHECK(complaint(json) == between + ", found 4.6");
  json["seek_ms"]["settle"] = 1.5;
  CHECK(complaint(json).empty());
}

TEST_CASE("bands: of one track or more, no wider than the drive, their spares a zone or a track") {
  CHECK(with("/band_tracks", 4).empty());
  CHECK(with("/band_tracks", 0) ==
        "test.json: /band_tracks: expected a whole number of tracks from 1 to 4000000, found 0");
  CHECK(with("/band_tracks", 21) ==
        "test.json: /band_tracks: expected a whole number of tracks from 1 to 20, found 21");
  auto json = plain_drive();
  json["band_tracks"] = 4;
  for (const char* spares : {"cylinder", "range"}) {
    json["spares_per"] = spares;
    CHECK(complaint(json).starts_with("test.json: /spares_per: expected \"zone\", \"zone-track\" or \"track\" where"));
  }
}

TEST_CASE("a zoning's skews are those that it states, or else what the heads need") {
  auto json = plain_drive();
  json.erase("zones");
  json.erase("seek_curve_ms");
  json["zoning"] = {{"zones", 1}, {"outer_to_inner", 1}};
  json["seek_ms"] = {{"track_to_track", 1.0}, {"settle", 2.0}, {"average", 4.5}, {"full_stroke", 9.0}};
  json["head_switch_ms"] = 3.0;
  json["band_tracks"] = 4;
  const auto heads = [&] { return std::get<MechanicalModel>(model_of(json)->kind); };
  const auto sectors_of = [](const MechanicalModel& model, double time_s) {
    return std::ceil(time_s / model.revolution_s * model.geometry.zones()[0].sectors_per_track);
  };
  const MechanicalModel model = heads();
  const Zone& zone = model.geometry.zones()[0];
  CHECK(model.seek_s[1] == 1e-3);
  CHECK(zone.step_skew_sectors == sectors_of(model, model.seek_s[2]));
  CHECK(zone.track_skew_sectors == sectors_of(model, 3e-3));
  CHECK(zone.cylinder_skew_sectors == sectors_of(model, std::max(3e-3, model.seek_s[model.geometry.band_step()])));
  json["band_tracks"] = 20;  // one band is all: nothing comes after it
  CHECK(heads().geometry.zones()[0].cylinder_skew_sectors == sectors_of(model, model.seek_s[19]));
  json["band_tracks"] = 4;
  json["zoning"]["step_skew_turn"] = 0.25;
  CHECK(heads().geometry.zones()[0].step_skew_sectors == std::ceil(0.25 * zone.sectors_per_track));
  CHECK(heads().geometry.zones()[0].track_skew_sectors == zone.track_skew_sectors);
}

TEST_CASE("keys: missing, unknown, of another kind of drive") {
  CHECK(without("zones").starts_with("test.json: /: expected either \"zones\" or \"zoning\""));
  CHECK(without("rpm") == "test.json: /: expected an object with \"rpm\", found none");
  CHECK(with("/rpmm", 5) == "test.json: /: expected a known key, found \"rpmm\" (did you mean \"rpm\"?)");
  CHECK(with("/kind", "mechanic") ==
        "test.json: /kind: expected a known name, found \"mechanic\" (did you mean \"mechanical\"?)");
  CHECK(with("/kind", "constant").starts_with("test.json: /: expected a known key"));
  CHECK(with("/buffer_segments", 4) ==
        "test.json: /: expected \"segment_sectors\" beside \"buffer_segments\", found none");
}

TEST_CASE("origins say what they speak of, and whose figure it is") {
  CHECK(with("/origins", {{"rpm", "maker: manual"}}).empty());
  CHECK(with("/origins", {{"rpn", "maker: manual"}})
            .starts_with("test.json: /origins/rpn: expected the origin of a key"));
  CHECK(with("/origins", {{"rpm", "somebody"}}).starts_with("test.json: /origins/rpm: expected \"ORIGIN: source\""));
}

TEST_CASE("a hit's overhead is a miss's unless the file says it") {
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.5;
  const auto hit_s = [&] { return std::get<MechanicalModel>(model_of(json)->kind).interface.read_hit.after_read_s; };
  CHECK(hit_s() == 0.5e-3);
  json["read_hit_overhead_ms"] = 0.25;
  CHECK(hit_s() == 0.25e-3);
}

TEST_CASE("a queue is read: every name of both tables stands for its kind") {
  const auto read = [](const std::string& text) { return read_queue(JsonNode::parse(text, "q.json")); };
  for (const Kind& kind : disciplines())
    CHECK(read("{\"discipline\": \"" + std::string(kind.name) + "\"}").discipline == discipline_of(kind.name));
  for (const Kind& kind : schedulers())
    CHECK(read("{\"scheduler\": \"" + std::string(kind.name) + "\"}").scheduler == scheduler_of(kind.name));
  const QueueSpec queue = read(R"({"depth": 32, "max_age_s": 0.5})");
  CHECK(queue.depth == 32);
  CHECK(queue.max_age_s == 0.5);
  CHECK(queue.discipline == discipline_of("fcfs"));
  CHECK(queue.scheduler == scheduler_of("none"));
  const QueueSpec tuned = read(R"({"scheduler": "mq-deadline", "fifo_batch": 1, "head_first": true})");
  CHECK(tuned.fifo_batch == 1);
  CHECK(tuned.head_first == true);
}

TEST_CASE("a queue is checked as well") {
  const auto queue = [](const char* text) {
    try {
      read_queue(JsonNode::parse(text, "q.json"));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(queue(R"({"discipline": "sptf", "depth": 32, "max_age_s": 0.5, "scheduler": "bfq"})").empty());
  CHECK(queue(R"({"discipline": "sptff"})") ==
        "q.json: /discipline: expected a known name, found \"sptff\" (did you mean \"sptf\"?)");
  CHECK(queue(R"({"depth": 0})") == "q.json: /depth: expected a whole number of commands from 1 to 65536, found 0");
  CHECK(queue(R"({"max_age_s": 0})").starts_with("q.json: /max_age_s: expected"));
  CHECK(queue(R"({"scheduler": "mq-deadline", "fifo_batch": 0})") ==
        "q.json: /fifo_batch: expected a whole number of requests from 1 to 2147483647, found 0");
  CHECK(queue(R"({"scheduler": "bfq", "fifo_batch": 16})") ==
        "q.json: /fifo_batch: expected no fifo_batch: only the scheduler mq-deadline has batches, found 16");
  CHECK(queue(R"({"head_first": false})").starts_with("q.json: /head_first: expected no head_first"));
  CHECK(queue(R"({"dept": 4})").starts_with("q.json: /: expected a known key, found \"dept\""));
}

TEST_CASE("what the extracted form leaves out is inferred from the capacity") {
  // Per cylinder: 20 cylinders of 3 spares leave just the drive's sectors.
  auto json = plain_drive();
  json["zones"][0]["spare_sectors"] = 3;
  json["zones"][1]["spare_sectors"] = 3;
  json["sectors"] = 3000 - 60;
  const auto geometry = [](const Json& drive) { return std::get<MechanicalModel>(model_of(drive)->kind).geometry; };
  CHECK(geometry(json).place(196).head == 1);
  CHECK(geometry(json).place(197).cylinder == 1);
  // Reserved tracks in front: the zones hold two tracks of the first zone more than the drive.
  auto reserved = plain_drive();
  reserved["sectors"] = 2800;
  CHECK(geometry(reserved).place(0).cylinder == 1);
  CHECK(geometry(reserved).place(0).sector == 0);
}

TEST_CASE("an overhead in the wrong unit is told") {
  CHECK(with("/read_miss_overhead_ms", 5000) ==
        "test.json: /read_miss_overhead_ms: expected a number of milliseconds from 0 to 100, found 5000");
  CHECK(with("/write_overhead_ms", -1)
            .starts_with("test.json: /write_overhead_ms: expected a number of milliseconds from 0 to 100"));
  CHECK(with("/head_switch_ms", 200)
            .starts_with("test.json: /head_switch_ms: expected a number of milliseconds from 0 to 100"));
  CHECK(with("/bus_ms_per_sector", 50)
            .starts_with("test.json: /bus_ms_per_sector: expected a number of milliseconds from 0 to 10"));
}

TEST_CASE("an SSD's overhead in the wrong unit is told") {
  Json ssd = JsonNode::read_file(testing::source_directory() / "models/drive/library/samsung-850-pro-1tb.json").json();
  ssd["command_us"] = 5'000'000;
  CHECK(complaint(ssd) == "test.json: /command_us: expected a number of microseconds from 0 to 10000, found 5000000");
}

TEST_CASE("an SSD's page that takes a tenth of a second to read is told") {
  Json ssd = JsonNode::read_file(testing::source_directory() / "models/drive/library/samsung-850-pro-1tb.json").json();
  ssd["page_read_us"] = 100'000;
  CHECK(complaint(ssd).starts_with("test.json: /page_read_us: expected a number of microseconds"));
  ssd["page_read_us"] = 70;
  ssd["pipeline_us"] = 1e6;
  CHECK(complaint(ssd).starts_with("test.json: /pipeline_us: expected a number of microseconds from 0 to 10000"));
}

TEST_CASE("a positioning margin is up to half a turn") {  // of 10 ms
  CHECK(with("/positioning_margin_ms", 5).empty());
  CHECK(with("/positioning_margin_ms", 5.1) ==
        "test.json: /positioning_margin_ms: expected at most half a revolution (5 ms), found 5.1");
  CHECK(with("/positioning_margin_ms", -1) ==
        "test.json: /positioning_margin_ms: expected a number of milliseconds from 0 to 100, found -1");
}

TEST_CASE("measured figures are somebody's measurement, and stand beside the data sheet's") {
  const auto figure = [](const char* origin) { return Json{{"value", 50}, {"origin", origin}}; };
  CHECK(with("/measured_figures/random_read_iops_depth_1", figure("measured: a review")).empty());
  CHECK(with("/measured_figures/random_read_iops_depth_1", figure("maker: manual")) ==
        "test.json: /measured_figures/random_read_iops_depth_1/origin: expected \"measured: whose measurement\", found "
        "\"maker: manual\"");
  CHECK(with("/data_sheet/random_read_iops_dept_1", figure("maker: manual")) ==
        "test.json: /data_sheet: expected a figure that running a drive finds, found \"random_read_iops_dept_1\" (did "
        "you "
        "mean \"random_read_iops_depth_1\"?)");
  CHECK(with("/measured_figures/random_read_iops_depth_0", figure("measured: a review"))
            .starts_with("test.json: /measured_figures: expected a figure that running a drive finds"));
  auto json = plain_drive();
  json["data_sheet"]["random_read_iops_depth_1"] = figure("maker: manual");
  json["measured_figures"]["random_read_iops_depth_1"] = figure("measured: a review");
  const auto model = model_of(json);
  REQUIRE(model->sheet.size() == 1);
  REQUIRE(model->measured.size() == 1);
  CHECK(model->sheet[0].source == "manual");
  CHECK(model->measured[0].source == "a review");
  CHECK(held_to(*model) == "data sheet");
  json.erase("data_sheet");
  CHECK(held_to(*model_of(json)) == "measured");
}

TEST_CASE("what a write-back cache needs") {
  const auto buffered = [](const Json& more) {
    auto json = plain_drive();
    json.update({{"buffer_segments", 2}, {"segment_sectors", 60}});
    json.update(more);
    return complaint(json);
  };
  CHECK(buffered({{"write_back", true}, {"write_segments", 2}}).empty());
  CHECK(buffered({{"write_back", true}}) ==
        "test.json: /write_back: expected \"write_segments\" of 1 or more beside it, found none");
  CHECK(buffered({{"write_segments", 3}}) ==
        "test.json: /write_segments: expected at most the buffer's 2 segments, found 3");
  CHECK(with("/own_write_segment", true) ==
        "test.json: /own_write_segment: expected \"buffer_segments\" of 1 or more beside it, found none");
  CHECK(buffered({{"read_ahead_until", "track"}})
            .starts_with("test.json: /read_ahead_until: expected a known name, found \"track\""));
  // Its bus is the reads' unless the file says more.
  auto json = plain_drive();
  json.update({{"buffer_segments", 2}, {"segment_sectors", 60}, {"bus_ms_per_sector", 0.5}});
  const auto bus = [&] { return std::get<MechanicalModel>(model_of(json)->kind).interface.write_bus_s_per_sector; };
  CHECK(!bus());
  json.update({{"write_back", true}, {"write_segments", 1}});
  CHECK(bus() == 0.5e-3);
}
