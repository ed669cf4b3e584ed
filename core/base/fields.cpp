#include "core/base/fields.h"

#include <limits>

namespace headway::json {

namespace {

// What every value of T goes through: its shape has been checked, so that any number of the type will do.
template <class T>
Value<T> value_of(Shape shape, T (*take)(const JsonNode&)) {
  return {std::move(shape), take, [](const T& value) { return json_text(value); }};
}

std::string text_of(const JsonNode& node) { return node.string(); }
double number_of(const JsonNode& node) {
  constexpr double most = std::numeric_limits<double>::max();
  return node.number(-most, most);
}
std::uint64_t whole_of(const JsonNode& node) { return node.unsigned_integer(); }
std::int64_t integer_of(const JsonNode& node) { return node.integer(INT64_MIN, INT64_MAX); }

}  // namespace

Value<bool> flag() {
  return value_of<bool>(Shape::flag(), [](const JsonNode& node) { return node.boolean(); });
}
Value<std::string> text() { return value_of(Shape::text(), text_of); }
Value<std::string> name(std::string_view expected) { return value_of(Shape::name(expected), text_of); }
Value<std::string> pattern(std::string regex, std::string expected) {
  return value_of(Shape::pattern(std::move(regex), std::move(expected)), text_of);
}
Value<double> number(double low, double high, std::string unit) {
  return value_of(Shape::number(low, high, std::move(unit)), number_of);
}
Value<double> finite() { return value_of(Shape::finite(), number_of); }
Value<double> positive(std::string unit, double most) {
  return value_of(Shape::positive(std::move(unit), most), number_of);
}
Value<double> not_negative(std::string unit, double most) {
  return value_of(Shape::not_negative(std::move(unit), most), number_of);
}
Value<std::uint64_t> whole(std::uint64_t low, std::uint64_t high, std::string unit) {
  return value_of(Shape::whole(low, high, std::move(unit)), whole_of);
}
Value<std::int64_t> integer(std::int64_t low, std::int64_t high, std::string unit) {
  return value_of(Shape::integer(low, high, std::move(unit)), integer_of);
}
Value<std::uint64_t> whole_out_of(std::vector<std::uint64_t> numbers, std::string expected) {
  return value_of(Shape::whole_out_of(std::move(numbers), std::move(expected)), whole_of);
}
Value<std::uint64_t> multiple_of(std::uint64_t step, const Value<std::uint64_t>& value, std::string expected) {
  return {value.shape.multiple_of(step, std::move(expected)), value.take, value.text};
}
Value<std::string> choice(std::vector<std::string> names) { return value_of(Shape::choice(std::move(names)), text_of); }

}  // namespace headway::json
