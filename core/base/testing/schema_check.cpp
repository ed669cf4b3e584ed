#include "core/base/testing/schema_check.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace headway::testing {

namespace {

using Plain = nlohmann::json;  // what valijson's adapter knows

// JSON Schema counts 1e9 and 1.0 among the integers (draft-06 and later); valijson does not.
void write_whole_numbers_out(Plain& value) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (number == std::trunc(number) && std::abs(number) < 0x1p63) value = static_cast<std::int64_t>(number);
  }
  if (value.is_structured()) {
    for (auto& member : value) write_whole_numbers_out(member);
  }
}

}  // namespace

bool schema_accepts(const std::string& schema_text, const std::string& value_text) {
  const Plain schema_json = Plain::parse(schema_text);
  Plain value = Plain::parse(value_text);
  write_whole_numbers_out(value);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json), schema);
  return valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(value), nullptr);
}

}  // namespace headway::testing
