// The keys of a JSON object, each declared once beside the struct that it fills: its name, member, range, unit and
// sentence. Checking, reading and the JSON Schema come from that, defaults from a default-made struct:
//
//   struct BusSpec { std::string name; double latency_s = 0; std::vector<std::uint64_t> devices; };
//   const Fields<BusSpec> bus_fields = Fields<BusSpec>()
//       .required("name", &BusSpec::name, json::name(), "What messages call it.")
//       .optional("latency_s", &BusSpec::latency_s, json::not_negative("seconds"), "Of a network.")
//       .required("devices", &BusSpec::devices, json::list(json::whole(), "device", 1), "devids.");
//   BusSpec bus = bus_fields.read(node);
//
// A setter may stand for the member: [](BusSpec& bus, double value) { ... }; then() adds what no schema can say; with()
// takes in the keys of a part. Tables that other files' constants are made from are functions, not objects: constants
// of different files are made in no certain order.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/shape.h"

namespace headway {

// A shape, and what a value of it becomes. An aggregate: anybody may make one that json:: below does not have.
template <class T>
struct Value {
  Shape shape;
  std::function<T(const JsonNode&)> take;          // of a value that fits the shape
  std::function<std::string(const T&)> text = {};  // as JSON, for defaults; none: the schema shows no default

  Value named(std::string definition) const { return {shape.named(std::move(definition)), take, text}; }

  // Made into something else, and `back`, without which the schema shows no default.
  template <class Make>
  auto as(Make make) const {
    using To = std::invoke_result_t<Make, T>;
    return Value<To>{shape, [take = take, make](const JsonNode& node) -> To { return make(take(node)); }};
  }
  template <class Make, class Back>
  auto as(Make make, Back back) const {
    auto made = as(make);
    using To = std::invoke_result_t<Make, T>;
    made.text = [text = text, back](const To& value) { return text(back(value)); };
    return made;
  }
};

namespace json {

inline Value<JsonNode> any() {
  return {Shape::any(), [](const JsonNode& node) { return node; }};
}
Value<bool> flag();
Value<std::string> text();
Value<std::string> name(std::string_view expected = "a name");  // not empty
Value<std::string> pattern(std::string regex, std::string expected);
Value<double> number(double low, double high, std::string unit = "");
Value<double> finite();
Value<double> positive(std::string unit = "", double most = Shape::no_bound);
Value<double> not_negative(std::string unit = "", double most = Shape::no_bound);
// Dates and durations of the simulated clock, a double of seconds: at the end of this range, three years, it still
// tells 15 ns apart. (What a run comes to may be longer: sim/driver/driver.h.)
inline constexpr double longest_s = 1e8;
inline Value<double> seconds() { return not_negative("seconds", longest_s); }
inline Value<double> some_seconds() { return positive("seconds", longest_s); }
Value<std::uint64_t> whole(std::uint64_t low = 0, std::uint64_t high = UINT64_MAX, std::string unit = "");
Value<std::int64_t> integer(std::int64_t low, std::int64_t high, std::string unit = "");
Value<std::uint64_t> whole_out_of(std::vector<std::uint64_t> numbers, std::string expected);
Value<std::uint64_t> multiple_of(std::uint64_t step, const Value<std::uint64_t>& value, std::string expected);
Value<std::string> choice(std::vector<std::string> names);

// Names that stand for values: choice<Pattern>({{"random", Pattern::random}, {"sequential", Pattern::sequential}}).
template <class T>
Value<T> choice(std::vector<std::pair<std::string, T>> known) {
  std::vector<std::string> names;
  for (const auto& entry : known) names.push_back(entry.first);
  const auto value_of = [known](const std::string& name) -> T {
    std::size_t i = 0;
    while (known[i].first != name) ++i;
    return known[i].second;
  };
  const auto name_of = [known](const T& value) -> std::string {
    std::size_t i = 0;
    while (known[i].second != value) ++i;
    return known[i].first;
  };
  return choice(std::move(names)).as(value_of, name_of);
}

// An array; `noun` is for complaints: "at least one device", "each device once".
template <class T>
Value<std::vector<T>> list(const Value<T>& item, std::string noun, std::size_t least = 0, bool unique = false) {
  return {Shape::list(item.shape, std::move(noun), least, unique), [take = item.take](const JsonNode& node) {
            std::vector<T> all;
            for (const auto& one : node.items()) all.push_back(take(one));
            return all;
          }};
}

// An object with any keys: its members in the order in which they stand there.
template <class T>
Value<std::vector<std::pair<std::string, T>>> map(const Value<T>& member, std::string at_least_one = "") {
  return {Shape::object({{}, {}, member.shape, std::move(at_least_one)}), [take = member.take](const JsonNode& node) {
            std::vector<std::pair<std::string, T>> all;
            for (const auto& [key, one] : node.members()) all.emplace_back(key, take(one));
            return all;
          }};
}

}  // namespace json

template <class Object>
class Fields {
 public:
  // `member` is a pointer to one, or a setter (Object&, T). Numbers are converted to the member's type, whose range the
  // value must not leave; an std::optional member stays empty without the key.
  template <class Member, class T>
  Fields& required(std::string key, Member member, const Value<T>& value, std::string sentence) {
    return add({std::move(key), value.shape, std::move(sentence), true, ""}, member, value);
  }
  template <class Member, class T>
  Fields& optional(std::string key, Member member, const Value<T>& value, std::string sentence) {
    const bool part = is_part<Member, T>();
    return add({std::move(key), value.shape, std::move(sentence), false, default_of(member, value), part}, member,
               value);
  }
  // A key that is checked, and read by somebody else or nobody.
  Fields& unread(std::string key, const Shape& shape, std::string sentence, bool required = false) {
    object_.keys.push_back({std::move(key), shape, std::move(sentence), required, ""});
    return *this;
  }
  // The keys of a part, or of a base, among the own ones.
  template <class Part>
  Fields& with(Part Object::*part, const Fields<Part>& fields) {
    object_.add(fields.object());
    return then([part, fields](const JsonNode& node, Object& object) { fields.fill(node, object.*part); });
  }

  // Rules between keys; `expected` is made from their names unless it is given.
  Fields& exactly_one(std::vector<std::string> keys, std::string expected = "") {
    return rule(KeyRule::Kind::exactly_one, std::move(keys), std::move(expected));
  }
  Fields& at_most_one(std::vector<std::string> keys, std::string expected = "") {
    return rule(KeyRule::Kind::at_most_one, std::move(keys), std::move(expected));
  }
  Fields& at_least_one(std::vector<std::string> keys, std::string expected = "") {
    return rule(KeyRule::Kind::at_least_one, std::move(keys), std::move(expected));
  }
  Fields& needs(const std::string& key, const std::string& other, std::string expected = "") {
    return rule(KeyRule::Kind::needs, {key, other}, std::move(expected));
  }
  Fields& excludes(const std::string& key, std::vector<std::string> others, std::string expected = "") {
    others.insert(others.begin(), key);
    return rule(KeyRule::Kind::excludes, std::move(others), std::move(expected));
  }
  // What no schema can say, in the order of declaration: compares keys (with node.at(key).fail(...)), or derives.
  Fields& then(std::function<void(const JsonNode&, Object&)> step) {
    steps_.push_back(std::move(step));
    return *this;
  }

  const ObjectShape& object() const { return object_; }
  Shape shape() const { return Shape::object(object_); }
  Value<Object> value() const {
    return {shape(), [fields = *this](const JsonNode& node) {
              Object object;
              fields.fill(node, object);
              return object;
            }};
  }
  // Checks, then fills. Throws InputError.
  Object read(const JsonNode& node) const {
    shape().check(node);
    Object object;
    fill(node, object);
    return object;
  }
  // For a node that has been checked, by shape() or by one that these keys are a part of (with(), a tagged case).
  void fill(const JsonNode& node, Object& object) const {
    for (const auto& step : steps_) step(node, object);
  }

 private:
  template <class Member, class T>
  Fields& add(KeyShape key, Member member, const Value<T>& value) {
    then([key = key.key, member, take = value.take](const JsonNode& node, Object& object) {
      const auto given = node.find(key);
      if (!given) return;
      if constexpr (std::is_member_object_pointer_v<Member>)
        assign(object.*member, take(*given));
      else
        member(object, take(*given));
    });
    object_.keys.push_back(std::move(key));
    return *this;
  }

  template <class To, class From>
  static void assign(To& to, From from) {
    if constexpr (std::is_arithmetic_v<To>)
      to = static_cast<To>(from);
    else
      to = std::move(from);
  }
  template <class To, class From>
  static void assign(std::optional<To>& to, From from) {
    if constexpr (std::is_arithmetic_v<To>)
      to = static_cast<To>(from);
    else
      to = std::move(from);
  }

  // A struct that is there anyhow, so that its keys' defaults hold without the key.
  template <class Member, class T>
  static constexpr bool is_part() {
    if constexpr (std::is_member_object_pointer_v<Member>)
      return std::is_class_v<T> && std::is_same_v<Member, T Object::*>;
    else
      return false;
  }

  template <class Member, class T>
  static std::string default_of(Member member, const Value<T>& value) {
    if constexpr (std::is_member_object_pointer_v<Member>) {
      if (value.text) return default_text(Object{}.*member, value);
    }
    return "";
  }
  template <class To, class T>
  static std::string default_text(const To& made, const Value<T>& value) {
    if constexpr (std::is_same_v<To, T>)
      return value.text(made);
    else if constexpr (std::is_arithmetic_v<To>)
      return value.text(static_cast<T>(made));
    else
      return "";  // an std::optional that is empty, a path
  }

  Fields& rule(KeyRule::Kind kind, std::vector<std::string> keys, std::string expected) {
    object_.rules.push_back({kind, std::move(keys), std::move(expected)});
    return *this;
  }

  ObjectShape object_;
  std::vector<std::function<void(const JsonNode&, Object&)>> steps_;
};

}  // namespace headway
