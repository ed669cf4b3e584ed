#include "core/base/json_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/input_file.h"

namespace headway {

namespace {

constexpr std::uint64_t max_file_bytes = 64u << 20;

std::string line_and_column(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte, text.size()));
  const auto newline = before.rfind('\n');
  const auto column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  return fmt::format("line {}, column {}", 1 + std::count(before.begin(), before.end(), '\n'), column);
}

// The text as the parser takes it, byte by byte: all copies stand at one place, which can be asked for.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char** at;

  reference operator*() const { return **at; }
  Cursor& operator++() { return ++*at, *this; }
  bool operator==(const Cursor& other) const { return *at == *other.at; }
};

// What nlohmann's parser takes and a person wants to know: it keeps the last of two equal keys; and values nested deeper
// than any file of ours would overflow the stack of who shows or frees them. In a pass of its own: the parser's callback
// looks through the whole of an array at the end of each object in it.
class Watch final : public nlohmann::json_sax<Json> {
 public:
  // `at`: the byte of `text` that the parser reads next.
  Watch(const std::string& name, std::string_view text, const char* const& at) : name_(name), text_(text), at_(at) {}

  bool start_object(std::size_t /*elements*/) override {
    deeper();
    if (depth_ == levels_.size()) levels_.emplace_back();
    levels_[depth_++].count = 0;
    return true;
  }
  bool end_object() override {
    --nesting_;
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*elements*/) override {
    deeper();
    return true;
  }
  bool end_array() override {
    --nesting_;
    return true;
  }
  bool key(std::string& key) override {
    auto& [keys, count] = levels_[depth_ - 1];
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::find(keys.begin(), end, key) != end)
      throw InputError(name_, place(key.size() + 2), "each key once", fmt::format("\"{}\" twice in one object", key));
    if (count == keys.size()) keys.emplace_back();
    keys[count++] = key;
    return true;
  }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(std::int64_t /*value*/) override { return true; }
  bool number_unsigned(std::uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return true; }
  bool string(std::string& /*value*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  // Who makes the values says it in full.
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& /*error*/) override {
    return false;
  }

 private:
  // The keys of an object that is open: the first `count`. What is behind them is kept for the next object, since a
  // file of results has hundreds of thousands of them, with a dozen keys each.
  struct Level {
    std::vector<std::string> keys;
    std::size_t count = 0;
  };

  void deeper() {
    constexpr int most_levels = 100;
    if (++nesting_ > most_levels)
      throw InputError(name_, place(1),
                       fmt::format("at most {} levels of objects and arrays in each other", most_levels), "more");
  }

  // Of what has just been read, so many bytes before.
  std::string place(std::size_t bytes) const {
    const auto read = static_cast<std::size_t>(at_ - text_.data());
    return line_and_column(text_, read - std::min(bytes, read));
  }

  const std::string& name_;
  std::string_view text_;
  const char* const& at_;
  std::vector<Level> levels_;
  std::size_t depth_ = 0;  // in objects
  int nesting_ = 0;        // in objects and arrays
};

constexpr std::string_view comment = "a comment, which JSON has none of";
constexpr std::string_view typographic = "a typographic quote, where JSON has plain ones";
// What other languages and word processors have, by how it begins.
constexpr std::pair<std::string_view, std::string_view> foreign[] = {
    {"//", comment},
    {"/*", comment},
    {"#", comment},
    {"'", "a single quote, where JSON has double ones"},
    {"\xe2\x80\x98", typographic},
    {"\xe2\x80\x99", typographic},
    {"\xe2\x80\x9c", typographic},
    {"\xe2\x80\x9d", typographic},
    {"\xc2\xa0", "a non-breaking space, where JSON has plain ones"},
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What stands where the parser stopped at `byte`, for somebody who has written JavaScript, Python or YAML; its own
// `reason` where we know no better. Moves `byte` to where that begins.
std::string not_json(std::string_view text, std::size_t& byte, std::string_view reason) {
  const auto rest = text.substr(std::min(byte, text.size()));
  const auto says = [&](std::string_view words) { return reason.find(words) != std::string_view::npos; };
  for (const auto& [begin, name] : foreign) {
    if (rest.starts_with(begin)) return std::string(name);
  }
  const auto last = text.substr(0, byte).find_last_not_of(" \t\r\n");
  if ((rest.starts_with("}") || rest.starts_with("]")) && last != std::string_view::npos && text[last] == ',')
    return fmt::format("a comma before the closing {}", rest[0]);
  std::size_t begin = std::min(byte, text.size()), end = begin;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  while (end < text.size() && is_word(text[end])) ++end;
  const bool is_value = end == byte && begin < end && std::isdigit(static_cast<unsigned char>(text[begin])) != 0;
  if (begin < end && !is_value && (says("invalid literal") || says("invalid number"))) {
    byte = begin;
    return fmt::format("{}, which is neither in quotes nor a number, true, false or null",
                       text.substr(begin, std::min<std::size_t>(end - begin, 40)));
  }
  if (!says("unexpected end") && (says("expected '}'") || says("expected ']'")))
    return "no comma between two values";
  const auto from = reason.find(" - "), to = reason.find("; last read");  // as long as the file may be
  const auto begins = from == std::string_view::npos ? 0 : from + 3;
  return std::string(reason.substr(begins, to == std::string_view::npos ? to : to - begins));
}

// The offending value as it stands, cut to what fits a line.
std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 60) {
    text.resize(57);
    text += "...";
  }
  return text;
}

std::string bounds(std::string_view kind, std::string_view what, const std::string& low, const std::string& high) {
  if (low == high) return low;
  const std::string noun = fmt::format("{}{}{}", kind, what.empty() ? "" : " of ", what);
  if (high == std::to_string(UINT64_MAX)) return fmt::format("{}, {} or more", noun, low);
  return fmt::format("{} from {} to {}", noun, low, high);
}

// 100000000 and not 1e+08.
std::string as_written(double bound) {
  return bound == std::trunc(bound) && std::abs(bound) < 1e15 ? fmt::format("{:.0f}", bound) : fmt::format("{}", bound);
}

// The whole number that stands there, also as 1e9 or 1.0: up to 2^53, beyond which a double skips some.
std::optional<std::int64_t> signed_value(const Json& value) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) > 0x1p53 || number != std::trunc(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    return std::nullopt;
  return value.get<std::int64_t>();
}

std::optional<std::uint64_t> unsigned_value(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  const auto number = signed_value(value);
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

}  // namespace

struct JsonNode::Document {
  std::string name;
  Json root;
};

const std::string& JsonNode::file() const { return document_->name; }

JsonNode JsonNode::read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  using enum std::filesystem::file_type;
  if (kind == fifo || kind == character || kind == block || kind == socket)  // whose digest would be another's
    throw InputError(path.string(), "", "a JSON file", "a pipe or a device, which can be read but once");
  return parse(read_text_file(path, "a JSON file", max_file_bytes), path.string());
}

JsonNode JsonNode::parse(std::string_view text, std::string name) {
  auto document = std::make_shared<Document>();
  document->name = std::move(name);
  try {
    const char* at = text.data();
    const char* end = at + text.size();
    Watch watch(document->name, text, at);
    Json::sax_parse(Cursor{&at}, Cursor{&end}, &watch);
    document->root = Json::parse(text);
  } catch (const Json::parse_error& error) {
    std::size_t byte = error.byte == 0 ? 0 : error.byte - 1;
    std::string_view what = error.what();  // "[json.exception...] parse error at line 1, column 2: reason"
    if (const auto reason = what.find(": "); reason != std::string_view::npos) what.remove_prefix(reason + 2);
    const std::string found = not_json(text, byte, what);
    throw InputError(document->name, line_and_column(text, byte), "JSON", found);
  } catch (const Json::out_of_range& error) {  // "[json.exception...] number overflow parsing '1e999'"
    const std::string_view what = error.what();
    const auto from = std::min(what.find('\''), what.size() - 1) + 1;
    const auto number = what.substr(from, what.rfind('\'') - from);
    throw InputError(document->name, line_and_column(text, text.find(number)), "a number of less than 1.8e308", number);
  }
  const Json* root = &document->root;
  return JsonNode(std::move(document), root, "");
}

bool JsonNode::has(std::string_view key) const { return value_->is_object() && value_->contains(key); }

JsonNode JsonNode::at(std::string_view key) const {
  auto member = find(key);
  if (!member) fail(fmt::format("an object with \"{}\"", key), "none");
  return *member;
}

std::optional<JsonNode> JsonNode::find(std::string_view key) const {
  if (!value_->is_object()) fail("an object");
  const auto member = value_->find(std::string(key));
  if (member == value_->end()) return std::nullopt;
  return JsonNode(document_, &*member, fmt::format("{}/{}", path_, key));
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members() const {
  if (!value_->is_object()) fail("an object");
  std::vector<std::pair<std::string, JsonNode>> all;
  for (const auto& [key, value] : value_->items())
    all.emplace_back(key, JsonNode(document_, &value, fmt::format("{}/{}", path_, key)));
  return all;
}

void JsonNode::allow_only(const std::vector<std::string>& keys) const {
  for (const auto& [key, member] : members()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw InputError(file(), path_.empty() ? "/" : path_, "a known key", unknown_name(key, keys));
  }
}

std::vector<JsonNode> JsonNode::items() const {
  if (!value_->is_array()) fail("an array");
  std::vector<JsonNode> all;
  for (std::size_t i = 0; i < value_->size(); ++i)
    all.push_back(JsonNode(document_, &(*value_)[i], fmt::format("{}/{}", path_, i)));
  return all;
}

double JsonNode::number(double low, double high, std::string_view what) const {
  const auto expected = [&] { return bounds("a number", what, as_written(low), as_written(high)); };
  if (!value_->is_number()) fail(expected());
  const double value = value_->get<double>();
  if (!std::isfinite(value) || value < low || value > high) fail(expected());
  return value;
}

double JsonNode::positive(std::string_view what) const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>()) || value_->get<double>() <= 0)
    fail(fmt::format("a number{}{} above 0", what.empty() ? "" : " of ", what));
  return value_->get<double>();
}

double JsonNode::not_negative(std::string_view what) const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>()) || value_->get<double>() < 0)
    fail(fmt::format("a number{}{}, 0 or more", what.empty() ? "" : " of ", what));
  return value_->get<double>();
}

std::int64_t JsonNode::integer(std::int64_t low, std::int64_t high, std::string_view what) const {
  const auto value = signed_value(*value_);
  if (!value || *value < low || *value > high)
    fail(bounds("a whole number", what, std::to_string(low), std::to_string(high)));
  return *value;
}

std::uint64_t JsonNode::unsigned_integer(std::uint64_t low, std::uint64_t high, std::string_view what) const {
  const auto value = unsigned_value(*value_);
  if (!value || *value < low || *value > high)
    fail(bounds("a whole number", what, std::to_string(low), std::to_string(high)));
  return *value;
}

std::optional<std::int64_t> JsonNode::whole() const { return signed_value(*value_); }

bool JsonNode::boolean() const {
  if (!value_->is_boolean()) fail("true or false");
  return value_->get<bool>();
}

std::string JsonNode::string() const {
  if (!value_->is_string()) fail("a string");
  return value_->get<std::string>();
}

std::string JsonNode::choice(const std::vector<std::string>& known) const {
  const std::string name = string();
  if (std::find(known.begin(), known.end(), name) == known.end()) fail("a known name", unknown_name(name, known));
  return name;
}

void JsonNode::fail(std::string_view expected) const { fail(expected, shown(*value_)); }

void JsonNode::fail(std::string_view expected, std::string_view found) const {
  throw InputError(file(), path_.empty() ? "/" : path_, expected, found);
}

}  // namespace headway
