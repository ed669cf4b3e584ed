// Random values fit the schema that they are made from, as a validator that is not ours sees it, and try all that it
// has.
#include "core/base/testing/random_instance.h"

#include <doctest/doctest.h>

#include <set>

#include "core/base/shape.h"
#include "core/base/testing/schema_check.h"

using namespace headway;
using namespace headway::testing;

namespace {

Shape everything() {
  ObjectShape square{{{"side_m", Shape::positive("metres"), "", true, ""}}, {}, {}, ""};
  ObjectShape circle{{{"radius_m", Shape::number(0.5, 2, "metres"), "", false, "1"},
                      {"diameter_m", Shape::not_negative("metres"), "", false, ""}},
                     {{KeyRule::Kind::exactly_one, {"radius_m", "diameter_m"}, ""}},
                     {},
                     ""};
  const Shape figure =
      Shape::tagged({.tag = "kind",
                     .sentence = "",
                     .cases = {{{"square"}, "", square, "square"}, {{"circle", "disk"}, "", circle, ""}},
                     .default_name = "circle"})
          .named("figure");
  ObjectShape all{{{"version", Shape::whole(3, 3, ""), "", true, ""},
                   {"figures", Shape::list(figure, "figure", 1), "", true, ""},
                   {"numbers", Shape::list(Shape::whole(0, 3, ""), "number", 2, true), "", false, ""},
                   {"seed", Shape::whole(0, INT64_MAX, ""), "", false, "1"},
                   {"below", Shape::integer(-5, 5, ""), "", false, ""},
                   {"bytes", Shape::whole(512, 4096, "bytes").multiple_of(512, "sectors"), "", false, ""},
                   {"size", Shape::whole_out_of({1, 2, 4}, "a power of two"), "", false, ""},
                   {"on", Shape::either({Shape::flag(), Shape::choice({"on", "off"})}, ""), "", false, "true"},
                   {"pair", Shape::tuple({Shape::whole(0, 1, ""), Shape::text()}, "two"), "", false, ""},
                   {"min", Shape::finite(), "", false, ""},
                   {"equals", Shape::finite(), "", false, ""},
                   {"tolerance", Shape::number(0, 1, ""), "", false, ""},
                   {"others", Shape::object({{}, {}, Shape::name("a name"), "other"}), "", false, ""}},
                  {{KeyRule::Kind::at_most_one, {"min", "equals"}, ""},
                   {KeyRule::Kind::needs, {"tolerance", "equals"}, ""},
                   {KeyRule::Kind::excludes, {"size", "bytes", "below"}, ""},
                   {KeyRule::Kind::at_least_one, {"seed", "on"}, ""}},
                  {},
                  ""};
  return Shape::object(all);
}

}  // namespace

TEST_CASE("random instances fit their schema, and have every key and every choice of it") {
  const std::string text = everything().schema_document("everything", "");
  const Json schema = Json::parse(text);
  std::set<std::string> drawn;
  for (std::uint32_t index = 0; index < 300; ++index) {
    Dice dice(1, index);
    BeyondSchema nothing;
    const Json value = RandomInstance(schema, dice, nothing).make();
    CAPTURE(value.dump());
    CHECK(schema_accepts(text, value.dump()));
    everything().check(JsonNode::parse(value.dump(), "instance"));
    for (const auto& [key, own] : value.items()) drawn.insert(key);
    for (const Json& figure : value["figures"]) {
      drawn.insert(figure.value("kind", "no kind"));
      for (const auto& [key, own] : figure.items()) drawn.insert(key);
    }
  }
  const Json flat = schema["properties"];
  for (const auto& [key, own] : flat.items()) CHECK_MESSAGE(drawn.contains(key), key);
  for (const char* name : {"square", "circle", "disk", "no kind", "side_m", "radius_m", "diameter_m"})
    CHECK_MESSAGE(drawn.contains(name), name);
}

TEST_CASE("what only its user knows of a value is asked for") {
  struct Names final : BeyondSchema {
    std::optional<Json> value(const std::string& path, const Json&, const Json&) override {
      return path == "/name" ? std::optional<Json>("known") : std::nullopt;
    }
    Range narrowed(const std::string& path, Range range) override { return path == "/count" ? Range{7, 7} : range; }
  };
  const Json schema = Json::parse(R"({"type": "object", "required": ["name", "count"], "properties": {
      "name": {"type": "string", "pattern": "^k"}, "count": {"type": "integer", "minimum": 0, "maximum": 9}}})");
  Dice dice(1);
  Names names;
  CHECK(RandomInstance(schema, dice, names).make() == Json({{"name", "known"}, {"count", 7}}));
  BeyondSchema nothing;
  CHECK_THROWS_AS(RandomInstance(schema, dice, nothing).make(), std::logic_error);
}
