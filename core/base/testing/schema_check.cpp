#include "core/base/testing/schema_check.h"

#include <cmath>
#include <memory>
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

struct ParsedSchema {
  explicit ParsedSchema(const std::string& schema) : text(schema), json(Plain::parse(schema)) {
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(json), parsed);
  }

  const std::string text;
  const Plain json;
  valijson::Schema parsed;
};

// Tests hold many values against one schema, which takes far longer to parse than a value to check.
const ParsedSchema& parsed(const std::string& schema) {
  static std::unique_ptr<const ParsedSchema> last;
  if (!last || last->text != schema) last = std::make_unique<const ParsedSchema>(schema);
  return *last;
}

}  // namespace

bool schema_accepts(const std::string& schema, const std::string& value_text) {
  Plain value = Plain::parse(value_text);
  write_whole_numbers_out(value);
  return valijson::Validator().validate(parsed(schema).parsed, valijson::adapters::NlohmannJsonAdapter(value), nullptr);
}

}  // namespace headway::testing
