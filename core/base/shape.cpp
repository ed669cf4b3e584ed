#include "core/base/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/pattern.h"

namespace headway {

// What a schema is made of while it is rendered: the definitions that it has named so far.
struct Shape::Renderer {
  Json definitions = Json::object();

  Json schema(const Shape& shape);
  Json object(const ObjectShape& object);
  Json key(const KeyShape& key);
};

struct Shape::Form {
  std::string type;  // as JSON Schema has it; empty: any
  std::function<void(const JsonNode&)> check;
  std::function<Json(Renderer&)> schema;
  std::function<Json(const JsonNode&)> filled = {};  // none: the value itself
};

namespace {

using Kind = KeyRule::Kind;

Json required(const std::vector<std::string>& keys) { return {{"required", keys}}; }

// A bound as people write it: 65536, not 65536.0.
Json written(double value) {
  if (value == std::trunc(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

// Many a validator keeps integers in 64 bits with a sign.
Json written(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<double>(value);
  return value;
}

Json bounded(Json schema, double most) {
  if (most < Shape::no_bound) schema["maximum"] = written(most);
  return schema;
}

std::string quoted(const std::vector<std::string>& keys, std::string_view before_the_last) {
  std::string all;
  for (std::size_t i = 0; i < keys.size(); ++i)
    all += fmt::format("{}\"{}\"", i == 0 ? "" : i + 1 == keys.size() ? before_the_last : ", ", keys[i]);
  return all;
}

std::string expected_by(const KeyRule& rule) {
  if (!rule.expected.empty()) return rule.expected;
  switch (rule.kind) {
    case Kind::exactly_one:
      return "one of " + quoted(rule.keys, " and ");
    case Kind::at_most_one:
      return "at most one of " + quoted(rule.keys, " and ");
    case Kind::at_least_one:
      return quoted(rule.keys, " or ");
    case Kind::needs:
      return fmt::format("\"{}\" beside \"{}\"", rule.keys[1], rule.keys[0]);
    case Kind::excludes:
      return fmt::format("nothing beside \"{}\"", rule.keys[0]);
  }
  return "";
}

void check_rule(const KeyRule& rule, const JsonNode& node) {
  std::vector<std::string> given;
  for (const auto& key : rule.keys) {
    if (node.has(key)) given.push_back(key);
  }
  const std::string found = given.empty() ? "none of them" : quoted(given, " and ");
  switch (rule.kind) {
    case Kind::exactly_one:
      if (given.size() != 1) node.fail(expected_by(rule), found);
      break;
    case Kind::at_most_one:
      if (given.size() > 1) node.fail(expected_by(rule), found);
      break;
    case Kind::at_least_one:
      if (given.empty()) node.fail(expected_by(rule), found);
      break;
    case Kind::needs:
      if (node.has(rule.keys[0]) && !node.has(rule.keys[1])) node.fail(expected_by(rule), "none");
      break;
    case Kind::excludes:
      if (!node.has(rule.keys[0])) break;
      for (std::size_t i = 1; i < rule.keys.size(); ++i) {
        if (const auto other = node.find(rule.keys[i])) other->fail(expected_by(rule));
      }
      break;
  }
}

void add_schema(const KeyRule& rule, Json& all_of) {
  const auto& keys = rule.keys;
  Json each = Json::array();
  for (const auto& key : keys) each.push_back(required({key}));
  switch (rule.kind) {
    case Kind::exactly_one:
      all_of.push_back({{"oneOf", each}});
      break;
    case Kind::at_least_one:
      all_of.push_back({{"anyOf", each}});
      break;
    case Kind::needs:
      all_of.push_back({{"dependencies", {{keys[0], Json::array({keys[1]})}}}});
      break;
    case Kind::at_most_one:
      for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = i + 1; j < keys.size(); ++j) all_of.push_back({{"not", required({keys[i], keys[j]})}});
      }
      break;
    case Kind::excludes:
      for (std::size_t i = 1; i < keys.size(); ++i) all_of.push_back({{"not", required({keys[0], keys[i]})}});
      break;
  }
}

std::vector<std::string> key_names(const ObjectShape& object) {
  std::vector<std::string> all;
  for (const auto& key : object.keys) all.push_back(key.key);
  return all;
}

void check_object(const ObjectShape& object, const JsonNode& node) {
  const auto known = key_names(object);
  if (!object.others) node.allow_only(known);
  for (const auto& key : object.keys) {
    if (key.required)
      key.shape.check(node.at(key.key));
    else if (const auto member = node.find(key.key))
      key.shape.check(*member);
  }
  if (object.others) {
    for (const auto& [name, member] : node.members()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) object.others->check(member);
    }
  }
  for (const auto& rule : object.rules) check_rule(rule, node);
  if (!object.at_least_one.empty() && node.members().empty())
    node.fail(fmt::format("at least one {}", object.at_least_one));
}

// Whether a key may join those that are there.
bool may_join(const std::string& key, const ObjectShape& object, const Json& json) {
  const auto among = [](const auto& keys, const std::string& one) {
    return std::find(keys.begin(), keys.end(), one) != keys.end();
  };
  for (const auto& rule : object.rules) {
    if (!among(rule.keys, key)) continue;
    const bool others = std::any_of(rule.keys.begin(), rule.keys.end(), [&](const auto& other) {
      return other != key && json.contains(other);
    });
    if (rule.kind == Kind::exactly_one || rule.kind == Kind::at_most_one) {
      if (others) return false;
    } else if (rule.kind == Kind::needs) {
      if (key == rule.keys[0] && !others) return false;
    } else if (rule.kind == Kind::excludes) {
      if (key == rule.keys[0] ? others : json.contains(rule.keys[0])) return false;
    }
  }
  return true;
}

// What stands for a key that is not there; null where nothing does, as where the default is a word of the program's own
// that no file may say.
Json default_of(const KeyShape& key) {
  if (key.required || (key.default_json.empty() && !key.is_part)) return nullptr;
  const JsonNode node = JsonNode::parse(key.default_json.empty() ? "{}" : key.default_json, "");
  try {
    key.shape.check(node);
  } catch (const InputError&) {
    return nullptr;
  }
  return key.shape.filled(node);
}

Json filled_object(const ObjectShape& object, const JsonNode& node) {
  Json json = Json::object();
  for (const auto& [name, member] : node.members()) {
    const auto key = std::find_if(object.keys.begin(), object.keys.end(),
                                  [&name = name](const KeyShape& one) { return one.key == name; });
    const Shape* shape = key != object.keys.end() ? &key->shape : object.others ? &*object.others : nullptr;
    json[name] = shape != nullptr ? shape->filled(member) : member.json();
  }
  for (const auto& key : object.keys) {
    if (json.contains(key.key) || !may_join(key.key, object, json)) continue;
    if (Json value = default_of(key); !value.is_null()) json[key.key] = std::move(value);
  }
  return json;
}

std::vector<std::string> tag_names(const TaggedShape& tagged) {
  std::vector<std::string> all;
  for (const auto& one : tagged.cases) all.insert(all.end(), one.names.begin(), one.names.end());
  return all;
}

// JSON on one line where it fits, as people write it.
std::string on_one_line(const Json& json) {
  if (!json.is_structured()) return json.dump();
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items())
    parts.push_back((json.is_object() ? Json(key).dump() + ": " : "") + on_one_line(value));
  return fmt::format("{}{}{}", json.is_object() ? "{" : "[", fmt::join(parts, ", "), json.is_object() ? "}" : "]");
}

void write(const Json& json, std::size_t indent, std::size_t before, std::string& text) {
  constexpr std::size_t columns = 120;
  const std::string line = on_one_line(json);
  if (!json.is_structured() || before + line.size() < columns) {
    text += line;
    return;
  }
  const bool object = json.is_object();
  text += object ? "{\n" : "[\n";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!std::exchange(first, false)) text += ",\n";
    const std::string head = std::string(indent + 2, ' ') + (object ? Json(key).dump() + ": " : "");
    text += head;
    write(value, indent + 2, head.size(), text);
  }
  text += "\n" + std::string(indent, ' ') + (object ? "}" : "]");
}

}  // namespace

Json Shape::Renderer::schema(const Shape& shape) {
  if (shape.definition_.empty()) return shape.form_->schema(*this);
  if (!definitions.contains(shape.definition_)) {
    definitions[shape.definition_] = nullptr;  // keeps its place before those that it names itself
    Json own = shape.form_->schema(*this);
    definitions[shape.definition_] = std::move(own);
  }
  assert(definitions[shape.definition_] == shape.form_->schema(*this));  // one name, one shape
  return {{"$ref", "#/definitions/" + shape.definition_}};
}

Json Shape::Renderer::key(const KeyShape& key) {
  Json own = schema(key.shape);
  if (key.sentence.empty() && key.default_json.empty()) return own;
  if (own.contains("$ref")) own = {{"allOf", Json::array({own})}};  // draft-07 ignores what stands beside a $ref
  if (!key.default_json.empty()) own["default"] = Json::parse(key.default_json);
  if (!key.sentence.empty()) own["description"] = key.sentence;
  return own;
}

Json Shape::Renderer::object(const ObjectShape& object) {
  Json json{{"type", "object"}};
  std::vector<std::string> must;
  Json properties = Json::object(), all_of = Json::array();
  for (const auto& one : object.keys) {
    if (one.required) must.push_back(one.key);
    properties[one.key] = key(one);
  }
  for (const auto& rule : object.rules) add_schema(rule, all_of);
  if (!must.empty()) json["required"] = must;
  if (!object.at_least_one.empty()) json["minProperties"] = 1;
  if (!all_of.empty()) json["allOf"] = all_of;
  json["additionalProperties"] = object.others ? schema(*object.others) : Json(false);
  if (!properties.empty()) json["properties"] = properties;
  return json;
}

Shape::Shape(Form form) : form_(std::make_shared<Form>(std::move(form))) {}

Shape Shape::with(Form form) const {
  Shape other(std::move(form));
  other.definition_ = definition_;
  return other;
}

Shape Shape::any() {
  return Shape({"", [](const JsonNode&) {}, [](Renderer&) { return Json::object(); }});
}

Shape Shape::flag() {
  return Shape({"boolean", [](const JsonNode& node) { node.boolean(); },
                [](Renderer&) {
                  return Json{{"type", "boolean"}};
                }});
}

Shape Shape::text() {
  return Shape({"string", [](const JsonNode& node) { node.string(); },
                [](Renderer&) {
                  return Json{{"type", "string"}};
                }});
}

Shape Shape::name(std::string_view expected) {
  return Shape({"string",
                [expected = std::string(expected)](const JsonNode& node) {
                  if (node.string().empty()) node.fail(expected);
                },
                [](Renderer&) {
                  return Json{{"type", "string"}, {"minLength", 1}};
                }});
}

Shape Shape::pattern(std::string regex, std::string expected) {
  return Shape({"string",
                [regex, expected](const JsonNode& node) {
                  if (!fits_pattern(regex, node.string())) node.fail(expected);
                },
                [regex](Renderer&) {
                  return Json{{"type", "string"}, {"pattern", regex}};
                }});
}

Shape Shape::number(double low, double high, std::string unit) {
  return Shape({"number", [=](const JsonNode& node) { node.number(low, high, unit); },
                [=](Renderer&) {
                  return Json{{"type", "number"}, {"minimum", written(low)}, {"maximum", written(high)}};
                }});
}

Shape Shape::finite() {
  return Shape({"number",
                [](const JsonNode& node) {
                  if (!node.json().is_number()) node.fail("a number");
                },
                [](Renderer&) {
                  return Json{{"type", "number"}};
                }});
}

Shape Shape::positive(std::string unit, double most) {
  return Shape({"number",
                [=](const JsonNode& node) {
                  if (node.positive(unit) > most)
                    node.fail(fmt::format("a number of {} above 0, up to {}", unit, written(most).dump()));
                },
                [=](Renderer&) {
                  return bounded({{"type", "number"}, {"exclusiveMinimum", 0}}, most);
                }});
}

Shape Shape::not_negative(std::string unit, double most) {
  return Shape({"number",
                [=](const JsonNode& node) {
                  if (most < no_bound)
                    node.number(0, most, unit);
                  else
                    node.not_negative(unit);
                },
                [=](Renderer&) {
                  return bounded({{"type", "number"}, {"minimum", 0}}, most);
                }});
}

Shape Shape::whole(std::uint64_t low, std::uint64_t high, std::string unit) {
  return Shape({"number", [=](const JsonNode& node) { node.unsigned_integer(low, high, unit); },
                [=](Renderer&) {
                  if (low == high) return Json{{"const", low}};
                  return Json{{"type", "integer"}, {"minimum", low}, {"maximum", written(high)}};
                }});
}

Shape Shape::integer(std::int64_t low, std::int64_t high, std::string unit) {
  return Shape({"number", [=](const JsonNode& node) { node.integer(low, high, unit); },
                [=](Renderer&) {
                  return Json{{"type", "integer"}, {"minimum", low}, {"maximum", high}};
                }});
}

Shape Shape::whole_out_of(std::vector<std::uint64_t> numbers, std::string expected) {
  return Shape({"number",
                [=](const JsonNode& node) {
                  const auto value = node.unsigned_integer(numbers.front(), numbers.back());
                  if (std::find(numbers.begin(), numbers.end(), value) == numbers.end()) node.fail(expected);
                },
                [=](Renderer&) {
                  return Json{{"enum", numbers}};
                }});
}

Shape Shape::choice(std::vector<std::string> names) {
  return Shape({"string", [=](const JsonNode& node) { node.choice(names); },
                [=](Renderer&) {
                  return names.size() == 1 ? Json{{"const", names[0]}} : Json{{"enum", names}};
                }});
}

Shape Shape::list(Shape item, std::string noun, std::size_t least, bool unique) {
  const auto check = [=](const JsonNode& node) {
    std::vector<const Json*> seen;
    for (const auto& one : node.items()) {
      item.check(one);
      if (!unique) continue;
      if (std::any_of(seen.begin(), seen.end(), [&](const Json* other) { return *other == one.json(); }))
        one.fail(fmt::format("each {} once", noun));
      seen.push_back(&one.json());
    }
    if (node.items().size() < least)
      node.fail(least == 1 ? fmt::format("at least one {}", noun) : fmt::format("{} {}s or more", least, noun));
  };
  return Shape({"array", check, [=](Renderer& renderer) {
                  Json json{{"type", "array"}};
                  if (least > 0) json["minItems"] = least;
                  if (unique) json["uniqueItems"] = true;
                  json["items"] = renderer.schema(item);
                  return json;
                },
                [=](const JsonNode& node) {
                  Json all = Json::array();
                  for (const auto& one : node.items()) all.push_back(item.filled(one));
                  return all;
                }});
}

Shape Shape::tuple(std::vector<Shape> items, std::string expected) {
  const auto check = [=](const JsonNode& node) {
    if (!node.json().is_array() || node.json().size() != items.size()) node.fail(expected);
    const auto parts = node.items();
    for (std::size_t i = 0; i < parts.size(); ++i) items[i].check(parts[i]);
  };
  return Shape(
      {"array", check, [=](Renderer& renderer) {
         Json each = Json::array();
         for (const auto& item : items) each.push_back(renderer.schema(item));
         return Json{{"type", "array"}, {"minItems", items.size()}, {"maxItems", items.size()}, {"items", each}};
       }});
}

Shape Shape::object(ObjectShape object) {
  return Shape({"object", [=](const JsonNode& node) { check_object(object, node); },
                [=](Renderer& renderer) { return renderer.object(object); },
                [=](const JsonNode& node) { return filled_object(object, node); }});
}

Shape Shape::tagged(TaggedShape tagged) {
  std::vector<std::pair<std::vector<std::string>, Shape>> cases;
  for (const auto& one : tagged.cases) cases.emplace_back(one.names, tagged.shape_of(one));
  const auto case_of = [=, known = tag_names(tagged)](const JsonNode& node) -> const Shape& {
    if (tagged.default_name.empty()) node.at(tagged.tag);  // must be there
    const auto tag = node.find(tagged.tag);
    const std::string name = tag ? tag->choice(known) : tagged.default_name;
    const auto has_name = [&](const auto& one) {
      return std::find(one.first.begin(), one.first.end(), name) != one.first.end();
    };
    return std::find_if(cases.begin(), cases.end(), has_name)->second;
  };
  const auto check = [=](const JsonNode& node) { case_of(node).check(node); };
  const auto filled = [=](const JsonNode& node) {
    Json json = case_of(node).filled(node);
    if (!json.contains(tagged.tag)) json[tagged.tag] = tagged.default_name;
    return json;
  };
  return Shape({"object", check, [=](Renderer& renderer) {
                  Json json{{"type", "object"}};
                  if (tagged.default_name.empty()) json["required"] = Json::array({tagged.tag});
                  const std::string none = tagged.default_name.empty() ? "" : json_text(tagged.default_name);
                  json["properties"] = {{tagged.tag, renderer.key({tagged.tag, choice(tag_names(tagged)),
                                                                   tagged.sentence, false, none})}};
                  json["oneOf"] = Json::array();
                  for (const auto& [names, shape] : cases) json["oneOf"].push_back(renderer.schema(shape));
                  return json;
                },
                filled});
}

Shape Shape::either(std::vector<Shape> shapes, std::string expected) {
  // The one that the value is of. Throws where none takes it.
  const auto chosen = [=](const JsonNode& node) -> const Shape& {
    const std::string_view type = node.json().type_name();
    const auto fits = [&](const Shape& shape) { return shape.form_->type.empty() || shape.form_->type == type; };
    const auto first = std::find_if(shapes.begin(), shapes.end(), fits);
    if (first == shapes.end()) node.fail(expected);
    for (auto other = shapes.begin(); other != shapes.end(); ++other) {
      if (!fits(*other)) continue;
      try {
        other->check(node);
        return *other;
      } catch (const InputError&) {
      }
    }
    first->check(node);
    return *first;
  };
  const auto check = [=](const JsonNode& node) { chosen(node); };
  return Shape({"", check, [=](Renderer& renderer) {
                  Json each = Json::array();
                  for (const auto& shape : shapes) each.push_back(renderer.schema(shape));
                  return Json{{"anyOf", each}};
                },
                [=](const JsonNode& node) { return chosen(node).filled(node); }});
}

Shape Shape::multiple_of(std::uint64_t step, std::string expected) const {
  return with({form_->type,
               [=, before = form_](const JsonNode& node) {
                 before->check(node);
                 if (node.unsigned_integer() % step != 0) node.fail(expected);
               },
               [=, before = form_](Renderer& renderer) {
                 Json json = before->schema(renderer);
                 json["multipleOf"] = step;
                 return json;
               },
               form_->filled});
}

Shape Shape::checked_by(std::function<void(const JsonNode&)> check) const {
  return with({form_->type, std::move(check), form_->schema, form_->filled});
}

Shape Shape::named(std::string definition) const {
  Shape other = *this;
  other.definition_ = std::move(definition);
  return other;
}

void Shape::check(const JsonNode& node) const { form_->check(node); }

Json Shape::filled(const JsonNode& node) const { return form_->filled ? form_->filled(node) : node.json(); }

std::string Shape::schema_document(std::string_view title, std::string_view sentence) const {
  Renderer renderer;
  Json json{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}, {"description", sentence}};
  json.update(form_->schema(renderer));
  if (!renderer.definitions.empty()) json["definitions"] = renderer.definitions;
  std::string text;
  write(json, 0, 0, text);
  return text + "\n";
}

ObjectShape& ObjectShape::add(const ObjectShape& more) {
  keys.insert(keys.end(), more.keys.begin(), more.keys.end());
  rules.insert(rules.end(), more.rules.begin(), more.rules.end());
  if (more.others) others = more.others;
  if (at_least_one.empty()) at_least_one = more.at_least_one;
  return *this;
}

Shape TaggedShape::shape_of(const Case& one) const {
  const bool is_default = std::find(one.names.begin(), one.names.end(), default_name) != one.names.end();
  // Where no case may do without the tag, the schema says so once, outside.
  const bool must = !default_name.empty() && !is_default;
  ObjectShape whole{{{tag, Shape::choice(one.names), one.sentence, must, ""}}, {}, {}, ""};
  return Shape::object(whole.add(common).add(one.object)).named(one.definition);
}

std::string json_text(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }
std::string json_text(std::uint64_t value) { return value == UINT64_MAX ? "" : fmt::format("{}", value); }
std::string json_text(std::int64_t value) { return fmt::format("{}", value); }
std::string json_text(bool value) { return value ? "true" : "false"; }
std::string json_text(const std::string& value) {
  return Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace headway
