// What a JSON value may be. One description checks what people wrote and renders itself as JSON Schema (draft-07) for
// their editors, so that the two cannot disagree. fields.h puts shapes, structs and sentences together.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

struct ObjectShape;
struct TaggedShape;

class Shape {
 public:
  static constexpr double no_bound = std::numeric_limits<double>::infinity();

  Shape() : Shape(any()) {}

  static Shape any();
  static Shape flag();
  static Shape text();
  static Shape name(std::string_view expected);  // a string that is not empty: "expected a name"
  static Shape pattern(std::string regex, std::string expected);
  static Shape number(double low, double high, std::string unit);
  static Shape finite();  // any number
  static Shape positive(std::string unit, double most = no_bound);  // more than 0
  static Shape not_negative(std::string unit, double most = no_bound);
  static Shape whole(std::uint64_t low, std::uint64_t high, std::string unit);
  static Shape integer(std::int64_t low, std::int64_t high, std::string unit);          // whole, and may be below 0
  static Shape whole_out_of(std::vector<std::uint64_t> numbers, std::string expected);  // such as powers of two
  static Shape choice(std::vector<std::string> names);
  // `noun` is for complaints: "at least one device", "each device once".
  static Shape list(Shape item, std::string noun, std::size_t least = 0, bool unique = false);
  static Shape tuple(std::vector<Shape> items, std::string expected);  // an array with these, in this order
  static Shape object(ObjectShape object);
  static Shape tagged(TaggedShape tagged);
  // One of several. The first whose type (a string, a number, ...) is that of the value decides what is wrong with it;
  // where none has it, `expected` says what is.
  static Shape either(std::vector<Shape> shapes, std::string expected);

  Shape multiple_of(std::uint64_t step, std::string expected) const;
  // The same schema, checked in words of its own. Must accept what the shape accepts.
  Shape checked_by(std::function<void(const JsonNode&)> check) const;
  // Stands once among the schema's definitions, under that name ([a-z0-9_-]).
  Shape named(std::string definition) const;

  // Throws InputError.
  void check(const JsonNode& node) const;
  // The value with every default in its place, behind the keys that are there; objects that may be left out and then
  // hold defaults are among them. What is filled in reads as the value itself does. Of a value that has been checked.
  Json filled(const JsonNode& node) const;
  // A whole schema as text, ready for a file.
  std::string schema_document(std::string_view title, std::string_view sentence) const;

 private:
  struct Form;
  struct Renderer;
  explicit Shape(Form form);
  Shape with(Form form) const;

  std::shared_ptr<const Form> form_;
  std::string definition_;
};

struct KeyShape {
  std::string key;
  Shape shape;
  std::string sentence;
  bool required = false;
  std::string default_json;  // empty: none
  bool is_part = false;      // an object; leaving it out and leaving out all of its keys is the same
};

// What holds between the keys of one object. An empty `expected` is filled in from the keys' names.
struct KeyRule {
  enum class Kind : std::uint8_t {
    exactly_one,
    at_most_one,
    at_least_one,
    needs,    // the first only with the second
    excludes  // the first with none of the others
  };
  Kind kind = Kind::exactly_one;
  std::vector<std::string> keys;
  std::string expected;
};

struct ObjectShape {
  std::vector<KeyShape> keys;
  std::vector<KeyRule> rules;
  std::optional<Shape> others;  // any other key: a map, or null: no other key
  std::string at_least_one;     // "policy": the object must not be empty

  ObjectShape& add(const ObjectShape& more);  // its keys and rules behind the own ones
};

// An object whose key `tag` says which of several it is.
struct TaggedShape {
  struct Case {
    std::vector<std::string> names;  // mostly one
    std::string sentence;
    ObjectShape object;      // without the tag
    std::string definition;  // empty: none, as in Shape::named()
  };
  std::string tag = "kind";
  std::string sentence;
  std::vector<Case> cases;
  std::string default_name = {};  // without the tag it is this one; empty: the tag must be there
  ObjectShape common = {};        // keys that all cases have

  Shape shape_of(const Case& one) const;  // an object of its own, the tag among its keys
};

// JSON text of a value, for defaults: "0.5", "\"fcfs\"", "true". Empty for what says "none"
// here, infinity and UINT64_MAX.
std::string json_text(double value);
std::string json_text(std::uint64_t value);
std::string json_text(std::int64_t value);
std::string json_text(bool value);
std::string json_text(const std::string& value);

}  // namespace headway
