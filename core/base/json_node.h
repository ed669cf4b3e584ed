// Reading JSON that people write: every access checks, and every complaint names file, path, expected and found.
#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json_fwd.hpp>  // the whole is most of what a file costs to compile
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

using Json = nlohmann::ordered_json;

// One value inside a JSON document. Cheap to copy; keeps its document alive.
class JsonNode {
 public:
  // Throws InputError when the file cannot be read, is larger than 64 MiB, is not JSON (with line and column), or
  // gives a key of one object twice.
  static JsonNode read_file(const std::filesystem::path& path);
  // The same for text; `name` stands for the file in messages.
  static JsonNode parse(std::string_view text, std::string name);

  const std::string& file() const;
  const std::string& path() const { return path_; }  // "/devices/0/queue", "" at the top: a JSON pointer
  const Json& json() const { return *value_; }

  // Objects.
  bool has(std::string_view key) const;                    // false for a non-object as well
  JsonNode at(std::string_view key) const;                 // fails when missing
  std::optional<JsonNode> find(std::string_view key) const;  // fails when this is no object
  std::vector<std::pair<std::string, JsonNode>> members() const;
  // Fails for a member that is not in `keys`, with the nearest of them.
  void allow_only(const std::vector<std::string>& keys) const;

  // Arrays.
  std::vector<JsonNode> items() const;

  // Scalars. Numbers must be finite and within [low, high]; `what` ends the sentence "expected ..." with a unit.
  double number(double low, double high, std::string_view what = "") const;
  double positive(std::string_view what = "") const;      // > 0
  double not_negative(std::string_view what = "") const;  // >= 0
  // Whole numbers may be written 1e9 or 1.0, up to 2^53.
  std::int64_t integer(std::int64_t low, std::int64_t high, std::string_view what = "") const;
  std::uint64_t unsigned_integer(std::uint64_t low = 0, std::uint64_t high = UINT64_MAX,
                                 std::string_view what = "") const;
  std::optional<std::int64_t> whole() const;  // nothing where none stands
  bool boolean() const;
  std::string string() const;
  std::string choice(const std::vector<std::string>& known) const;

  [[noreturn]] void fail(std::string_view expected) const;  // "found" is this value, shortened
  [[noreturn]] void fail(std::string_view expected, std::string_view found) const;

 private:
  struct Document;
  JsonNode(std::shared_ptr<const Document> document, const Json* value, std::string path)
      : document_(std::move(document)), value_(value), path_(std::move(path)) {}

  std::shared_ptr<const Document> document_;
  const Json* value_;
  std::string path_;
};

}  // namespace headway
