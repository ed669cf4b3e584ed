// For tests: random values that fit a JSON Schema, of the kind that Shape renders (shape.h). A table that gets a row,
// and a row that gets a key, is then tried without anybody's doing. What a schema cannot say, its user does: that a
// device is there, that a name is taken, how much is too much for a test.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "core/base/testing/dice.h"

namespace headway::testing {

// What holds beyond the schema. A path is a JSON pointer to the value that is to be made; `beside` is the object or
// array that it will stand in, as far as that is made: keys come in the schema's order.
class BeyondSchema {
 public:
  virtual ~BeyondSchema() = default;
  // The value itself, where it takes more than the schema to make one.
  virtual std::optional<Json> value(const std::string& /*path*/, const Json& /*schema*/, const Json& /*beside*/) {
    return std::nullopt;
  }
  // Whether an optional key may be there, and whether of several schemas a value may be of that one.
  virtual bool allows_key(const std::string& /*path*/) { return true; }
  virtual bool allows_alternative(const std::string& /*path*/, const Json& /*schema*/) { return true; }
  struct Range {
    double low;
    double high;
  };
  // Narrows the range of a number: what the schema allows and a test can bear.
  virtual Range narrowed(const std::string& /*path*/, Range range) { return range; }
};

class RandomInstance {
 public:
  // `document`: a whole schema, whose definitions its parts refer to. All outlive this.
  RandomInstance(const Json& document, Dice& dice, BeyondSchema& beyond)
      : document_(document), dice_(dice), beyond_(beyond) {}

  Json make() { return make(document_, "", nullptr); }
  // Of a part of the document.
  Json make(const Json& part, const std::string& path, const Json& beside) {
    const Json schema = resolved(part);
    if (auto known = beyond_.value(path, schema, beside)) return *std::move(known);
    return make_plainly(schema, path);
  }
  // The same without asking for the value at `path` itself.
  Json make_plainly(const Json& part, const std::string& path) {
    const Json schema = resolved(part);
    for (const char* several : {"oneOf", "anyOf"}) {
      if (schema.contains(several)) return make_plainly(alternative(schema, several, path), path);
    }
    if (schema.contains("const")) return schema["const"];
    if (schema.contains("enum")) return pick(schema["enum"]);
    const std::string type = schema.value("type", "");
    if (type == "object") return object(schema, path);
    if (type == "array") return array(schema, path);
    if (type == "boolean") return dice_.percent(50);
    if (type == "integer" || type == "number") return number(schema, path);
    if (type == "string" && !schema.contains("pattern")) return text();
    throw std::logic_error("what value there may be at " + path + " is more than its schema says");
  }

  // What references lead to; a default that stands beside one is kept.
  Json resolved(Json schema) const {
    while (schema.contains("$ref") || is_wrapped(schema)) {
      const Json outer = schema;
      const std::string to = is_wrapped(schema) ? schema["allOf"][0]["$ref"] : schema["$ref"];
      schema = document_.at(Json::json_pointer(to.substr(1)));
      if (outer.contains("default")) schema["default"] = outer["default"];
    }
    return schema;
  }

  // Short, and what careless code trips over.
  std::string text() {
    static const std::vector<std::string> texts{
        "a", "plain", "two words", "50%", "{}", "<b>&amp;", "\"'`", "a/b", "\\n", "\xc3\xa9\xe2\x82\xac", "-", ".."};
    return dice_.one_of(texts);
  }

 private:
  static bool is_wrapped(const Json& schema) {
    return schema.contains("allOf") && schema["allOf"].size() == 1 && schema["allOf"][0].contains("$ref");
  }

  Json pick(const Json& all) { return all[dice_(static_cast<std::uint32_t>(all.size()))]; }

  // One of several, with what the outer schema asks of all.
  Json alternative(const Json& schema, const char* several, const std::string& path) {
    Json allowed = Json::array();
    for (const Json& one : schema[several]) {
      Json own = resolved(one);
      if (beyond_.allows_alternative(path, own)) allowed.push_back(std::move(own));
    }
    if (allowed.empty()) throw std::logic_error("no alternative is allowed at " + path);
    Json taken = pick(allowed);
    for (const Json& key : schema.value("required", Json::array())) taken["required"].push_back(key);
    return taken;
  }

  double bound(const Json& schema, const char* key, double otherwise) const {
    return schema.contains(key) ? schema[key].get<double>() : otherwise;
  }

  // The default, an end of the range, or anything between, of every magnitude alike.
  Json number(const Json& schema, const std::string& path) {
    const bool whole = schema["type"] == "integer";
    const bool open = schema.contains("exclusiveMinimum");
    const double tiny = whole ? 1 : 1e-6;
    BeyondSchema::Range range{bound(schema, "minimum", open ? tiny : 0),
                              bound(schema, "maximum", whole ? 0x1p63 : 1e6)};
    range = beyond_.narrowed(path, range);
    const auto [low, high] = range;
    const int lot = dice_.between(0, 99);
    if (lot < 15 && schema.contains("default") && in(range, schema["default"])) return schema["default"];
    double value = lot < 25 ? low : lot < 35 ? high : 0;
    if (lot >= 35)
      value = low < 0 || (high <= 1 && !whole) ? low + (high - low) * dice_.share() : spread(low, high, tiny);
    if (!whole) return value;
    return multiple(schema, value, low);
  }

  static bool in(const BeyondSchema::Range& range, const Json& number) {
    return range.low <= number.get<double>() && number.get<double>() <= range.high;
  }

  double spread(double low, double high, double tiny) {
    if (low > 0) return dice_.log_uniform(low, high);
    return high > tiny ? dice_.log_uniform(tiny, high) : high;
  }

  static Json multiple(const Json& schema, double value, double low) {
    const auto step = schema.value("multipleOf", std::uint64_t{1});
    if (low < 0) return static_cast<std::int64_t>(value);
    const std::uint64_t number = value >= 0x1p64 ? UINT64_MAX : static_cast<std::uint64_t>(value);
    const std::uint64_t high = schema.contains("maximum") && schema["maximum"].is_number_integer()
                                   ? schema["maximum"].get<std::uint64_t>()
                                   : UINT64_MAX;
    return std::max(std::min(number, high) / step * step, static_cast<std::uint64_t>(low));
  }

  Json array(const Json& schema, const std::string& path) {
    const Json& items = schema["items"];
    Json made = Json::array();
    if (items.is_array()) {  // a tuple
      for (const Json& item : items) made.push_back(make(item, path + "/" + std::to_string(made.size()), made));
      return made;
    }
    const auto least = schema.value("minItems", std::size_t{0});
    const std::size_t count = least + (dice_.percent(40) ? 0 : dice_(3));
    for (std::size_t tries = 0; made.size() < count && tries < 20 + count; ++tries) {
      Json item = make(items, path + "/" + std::to_string(made.size()), made);
      const bool there = std::find(made.begin(), made.end(), item) != made.end();
      if (!there || !schema.value("uniqueItems", false)) made.push_back(std::move(item));
    }
    return made;
  }

  Json object(const Json& schema, const std::string& path) {
    const Json properties = schema.value("properties", Json::object());
    std::vector<std::string> taken = schema.value("required", std::vector<std::string>{});
    const int chance = dice_.percent(30) ? 10 : dice_.between(10, 80);
    for (const auto& [key, own] : properties.items()) {
      if (!contains(taken, key) && dice_.percent(chance) && beyond_.allows_key(path + "/" + key)) taken.push_back(key);
    }
    const Json rules = schema.value("allOf", Json::array());
    for (int round = 0; round < 4; ++round) {
      for (const Json& rule : rules) obey(rule, path, round == 0, taken);
    }
    Json made = Json::object();
    for (const auto& [key, own] : properties.items()) {
      if (contains(taken, key)) made[key] = make(own, path + "/" + key, made);
    }
    const Json others = schema.value("additionalProperties", Json(false));
    if (others.is_object()) add_others(others, schema, path, made);
    return made;
  }

  void add_others(const Json& others, const Json& schema, const std::string& path, Json& made) {
    const auto least = schema.value("minProperties", std::size_t{0});
    while (made.size() < least || dice_.percent(30)) {
      std::string key = text();
      while (made.contains(key) || schema.value("properties", Json::object()).contains(key)) key += "x";
      made[key] = make(others, path + "/" + key, made);
    }
  }

  static bool contains(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }

  static std::vector<std::string> keys_of(const Json& alternatives) {
    std::vector<std::string> keys;
    for (const Json& one : alternatives) keys.push_back(one["required"][0]);
    return keys;
  }

  // Adds and takes away keys until a rule between them holds (KeyRule).
  void obey(const Json& rule, const std::string& path, bool may_add, std::vector<std::string>& taken) {
    const auto drop = [&](const std::string& key) { std::erase(taken, key); };
    const auto add_one_of = [&](const std::vector<std::string>& keys) {
      std::vector<std::string> allowed;
      for (const auto& key : keys) {
        if (beyond_.allows_key(path + "/" + key)) allowed.push_back(key);
      }
      if (allowed.empty()) throw std::logic_error("none of the keys that must be is allowed at " + path);
      taken.push_back(dice_.one_of(allowed));
    };
    if (rule.contains("dependencies")) {
      for (const auto& [key, needed] : rule["dependencies"].items()) {
        if (!contains(taken, key) || contains(taken, needed[0])) continue;
        may_add ? taken.push_back(needed[0]) : drop(key);
      }
    } else if (rule.contains("not")) {
      const auto keys = rule["not"]["required"].get<std::vector<std::string>>();
      if (contains(taken, keys[0])) drop(keys[1]);
    } else {
      const auto keys = keys_of(rule.contains("oneOf") ? rule["oneOf"] : rule["anyOf"]);
      std::vector<std::string> given;
      for (const auto& key : keys) {
        if (contains(taken, key)) given.push_back(key);
      }
      if (given.empty()) add_one_of(keys);
      if (given.size() < 2 || !rule.contains("oneOf")) return;
      const std::string kept = dice_.one_of(given);
      for (const auto& key : given) {
        if (key != kept) drop(key);
      }
    }
  }

  const Json& document_;
  Dice& dice_;
  BeyondSchema& beyond_;
};

}  // namespace headway::testing
