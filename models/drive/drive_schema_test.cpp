// The JSON Schema is for editors and other people's tools; the reader is what decides. They must agree.
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "models/drive/test_drive.h"

using namespace headway;

namespace {

using Plain = nlohmann::json;  // what valijson's adapter knows

const std::filesystem::path folder = testing::source_directory() / "models/drive";

Plain plain(const std::filesystem::path& file) { return Plain::parse(JsonNode::read_file(file).json().dump()); }

bool schema_accepts(const Plain& drive) {
  static const Plain text = plain(folder / "drive.schema.json");
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(drive), nullptr);
}

bool reader_accepts(const Plain& drive) {
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
    CHECK(schema_accepts(plain(folder / "library" / (name + ".json"))));
  }
  CHECK(schema_accepts(Plain::parse(test::plain_drive().dump())));
}

TEST_CASE("schema and reader refuse the same") {
  const Plain whole = plain(folder / "library" / "seagate-constellation2-1tb.json");
  REQUIRE(reader_accepts(whole));
  for (const auto& [pointer, value] :
       std::vector<std::pair<std::string, Plain>>{{"/rpm", 0},
                                                  {"/rmp", 7200},
                                                  {"/kind", "tape"},
                                                  {"/kind", "constant"},
                                                  {"/surfaces", 1.5},
                                                  {"/head_switch_ms", -1},
                                                  {"/bus_ms_per_sector", 0.1},
                                                  {"/seek_curve_ms", Plain::parse("[[1, 1], [5, 2]]")},
                                                  {"/seek_ms/average", 0},
                                                  {"/seek_ms/mean", 1},
                                                  {"/zoning/outer_to_inner", 0.5},
                                                  {"/zones", Plain::array()},
                                                  {"/track_order", "spiral"},
                                                  {"/spares_per", "disk"},
                                                  {"/origins/rpm", "hearsay"},
                                                  {"/data_sheet/capacity_bytes/value", -1},
                                                  {"/actuators", 0}}) {
    CAPTURE(pointer);
    Plain drive = whole;
    drive[Plain::json_pointer(pointer)] = value;
    CHECK(!schema_accepts(drive));
    CHECK(!reader_accepts(drive));
  }
  for (const char* key : {"rpm", "cylinders", "zoning", "seek_ms", "segment_sectors", "drive"}) {
    CAPTURE(key);
    Plain drive = whole;
    drive.erase(key);
    CHECK(!schema_accepts(drive));
    CHECK(!reader_accepts(drive));
  }
}
