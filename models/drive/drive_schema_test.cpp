// The JSON Schema is for editors and other people's tools, the reader is what decides: both come from drive_shape().
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "core/base/testing/schema_check.h"
#include "models/drive/test_drive.h"

using namespace headway;

namespace {

const std::filesystem::path folder = testing::source_directory() / "models/drive";

Json library_file(const std::string& name) { return JsonNode::read_file(folder / "library" / (name + ".json")).json(); }

bool schema_accepts(const Json& drive) {
  static const std::string schema = drive_schema();
  return testing::schema_accepts(schema, drive.dump());
}

bool reader_accepts(const Json& drive) {
  try {
    read_drive(JsonNode::parse(drive.dump(), "drive.json"));
  } catch (const InputError&) {
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every library drive fits the schema") {
  for (const auto& name : drive_names()) {
    CAPTURE(name);
    CHECK(schema_accepts(library_file(name)));
    CHECK(reader_accepts(library_file(name)));
  }
  CHECK(schema_accepts(test::plain_drive()));
}

TEST_CASE("schema and reader refuse the same") {
  const Json whole = library_file("seagate-constellation2-1tb");
  REQUIRE(reader_accepts(whole));
  for (const auto& [pointer, value] :
       std::vector<std::pair<std::string, Json>>{{"/rpm", 0},
                                                 {"/rmp", 7200},
                                                 {"/kind", "tape"},
                                                 {"/kind", "constant"},
                                                 {"/surfaces", 1.5},
                                                 {"/head_switch_ms", -1},
                                                 {"/bus_ms_per_sector", 0.1},
                                                 {"/physical_sector_bytes", 100},
                                                 {"/range_cylinders", 0},
                                                 {"/shingle", Json::parse(R"({"band_bytes": 1048576})")},
                                                 {"/seek_two_piece", Json::object()},
                                                 {"/$schema", 1},
                                                 {"/source", 1},

                                                 {"/seek_curve_ms", Json::parse("[[1, 1], [5, 2]]")},
                                                 {"/seek_ms/average", 0},
                                                 {"/seek_ms/full_stroke", 5000},
                                                 {"/head_switch_ms", 5000},
                                                 {"/read_miss_overhead_ms", 5000},
                                                 {"/seek_ms/mean", 1},
                                                 {"/zoning/outer_to_inner", 0.5},
                                                 {"/zones", Json::array()},
                                                 {"/track_order", "spiral"},
                                                 {"/band_tracks", 0},
                                                 {"/seek_ms/settle", 0},
                                                 {"/zoning/step_skew_turn", 1.5},
                                                 {"/spares_per", "disk"},
                                                 {"/origins/rpm", "hearsay"},
                                                 {"/data_sheet/capacity_bytes/value", -1},
                                                 {"/measured_figures", Json::parse(R"({"x": {"value": 1}})")},
                                                 {"/positioning_margin_ms", -0.5},
                                                 {"/actuators", 0}}) {
    CAPTURE(pointer);
    Json drive = whole;
    drive[Json::json_pointer(pointer)] = value;
    CHECK(!schema_accepts(drive));
    CHECK(!reader_accepts(drive));
  }
  for (const char* key : {"rpm", "cylinders", "zoning", "seek_ms", "segment_sectors", "drive"}) {
    CAPTURE(key);
    Json drive = whole;
    drive.erase(key);
    CHECK(!schema_accepts(drive));
    CHECK(!reader_accepts(drive));
  }
  for (const auto& [name, key] : std::vector<std::pair<std::string, std::string>>{
           {"intel-p3700-800gb", "/channels"}, {"constant", "/bytes_per_s"}, {"constant", "/kind"}}) {
    CAPTURE(key);
    Json drive = library_file(name);
    for (const Json& value : {Json(0), Json(-1), Json("x"), Json()}) {
      drive[Json::json_pointer(key)] = value;
      CHECK(!schema_accepts(drive));
      CHECK(!reader_accepts(drive));
    }
    drive.erase(key.substr(1));
    CHECK(!schema_accepts(drive));
    CHECK(!reader_accepts(drive));
  }
}

TEST_CASE("schema and reader of a queue accept and refuse the same") {
  const std::string schema = queue_shape().schema_document("A queue", "");
  const auto reads = [](const std::string& text) {
    try {
      read_queue(JsonNode::parse(text, "q.json"));
    } catch (const InputError&) {
      return false;
    }
    return true;
  };
  std::vector<std::string> sound{"{}", R"({"depth": 65536, "max_age_s": 0.5})", R"({"depth": 3.2e1})"};
  for (const Kind& kind : disciplines()) sound.push_back(fmt::format(R"({{"discipline": "{}"}})", kind.name));
  for (const Kind& kind : schedulers()) sound.push_back(fmt::format(R"({{"scheduler": "{}"}})", kind.name));
  for (const auto& text : sound) {
    CAPTURE(text);
    CHECK(testing::schema_accepts(schema, text));
    CHECK(reads(text));
  }
  for (const std::string text : {"1", R"({"discipline": "sptff"})", R"({"depth": 0})", R"({"depth": 65537})",
                                 R"({"max_age_s": 0})", R"({"dept": 4})", R"({"scheduler": "deadline"})"}) {
    CAPTURE(text);
    CHECK(!testing::schema_accepts(schema, text));
    CHECK(!reads(text));
  }
  const Json known = Json::parse(schema)["properties"]["discipline"];
  CHECK(known["enum"] == Json(names_of(disciplines())));
  CHECK(known["default"] == "fcfs");
}
