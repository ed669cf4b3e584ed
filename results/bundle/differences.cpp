// See differences.h.
#include "results/bundle/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json_node.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_told = 10, most_shown = 60;

std::string shown(const std::string& text) {
  return text.size() > most_shown ? text.substr(0, most_shown - 3) + "..." : text;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw InputError(path.string(), "", "a file that can be read", "none");
  return text;
}

class Teller {
 public:
  void tell(const std::string& place, const std::string& before, const std::string& after) {
    if (told_.sentences.size() == most_told)
      ++told_.more;
    else
      told_.sentences.push_back(fmt::format("{} was {}, is {}", place, shown(before), shown(after)));
  }
  void tell(std::string sentence) { told_.sentences.push_back(std::move(sentence)); }

  Differences told_;
};

// Two values of JSON, walked side by side.
class JsonTeller : public Teller {
 public:
  void compare(const std::string& place, const Json& before, const Json& after) {
    if (before == after) return;
    if (before.is_object() && after.is_object()) return compare_objects(place, before, after);
    if (before.is_array() && after.is_array() && before.size() == after.size()) {
      for (std::size_t i = 0; i < before.size(); ++i) compare(element(place, before[i], i), before[i], after[i]);
      return;
    }
    tell(place, text_of(before), text_of(after));
  }

 private:
  static std::string text_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

  // A run goes by its policy and seed.
  static std::string element(const std::string& place, const Json& value, std::size_t i) {
    if (place == "/runs" && value.is_object() && value.contains("policy") && value.contains("seed"))
      return fmt::format("run {}, seed {}: ", value["policy"].is_string() ? value["policy"].get<std::string>() : "?",
                         text_of(value["seed"]));
    return fmt::format("{}/{}", place, i);
  }

  void compare_objects(const std::string& place, const Json& before, const Json& after) {
    for (const auto& [key, value] : before.items()) {
      const std::string inside = fmt::format("{}/{}", place, key);
      if (after.contains(key))
        compare(inside, value, after[key]);
      else
        tell(inside, text_of(value), "not there");
    }
    for (const auto& [key, value] : after.items()) {
      if (!before.contains(key)) tell(fmt::format("{}/{}", place, key), "not there", text_of(value));
    }
  }
};

Differences of_json(const fs::path& before, const fs::path& after) {
  Json one = JsonNode::read_file(before).json(), other = JsonNode::read_file(after).json();
  const bool other_program = one.is_object() && other.is_object() && one.contains("headway") &&
                             other.contains("headway") && one["headway"] != other["headway"];
  if (other_program) one["headway"] = other["headway"];
  JsonTeller teller;
  teller.compare("", one, other);
  if (!teller.told_.sentences.empty()) return teller.told_;
  teller.told_.of_program_only = other_program && one.dump() == other.dump();
  if (!teller.told_.of_program_only) teller.tell("the same values, written otherwise");
  return teller.told_;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return cells;
}

Differences of_lines(const std::string& before, const std::string& after, bool table) {
  Teller teller;
  const auto one = lines_of(before), other = lines_of(after);
  if (one.size() != other.size()) teller.tell(fmt::format("had {} lines, has {}", one.size(), other.size()));
  const auto columns = table && !one.empty() ? cells_of(one[0]) : std::vector<std::string>();
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    if (one[i] == other[i]) continue;
    const auto then = cells_of(one[i]), now = cells_of(other[i]);
    // A cell in quotes may hold a comma: then its line is told whole.
    if (!table || then.size() != columns.size() || now.size() != columns.size()) {
      teller.tell(fmt::format("line {}", i + 1), one[i], other[i]);
      continue;
    }
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (then[j] != now[j]) teller.tell(fmt::format("line {}, {}", i + 1, columns[j]), then[j], now[j]);
    }
  }
  return teller.told_;
}

Differences of_bytes(const std::string& before, const std::string& after) {
  Teller teller;
  if (before.size() != after.size())
    teller.tell(fmt::format("had {} bytes, has {}", before.size(), after.size()));
  const auto at = std::ranges::mismatch(before, after).in1 - before.begin();
  teller.tell(fmt::format("differs from byte {} on", at));
  return teller.told_;
}

}  // namespace

Differences differences(const fs::path& before, const fs::path& after) {
  const std::string one = bytes_of(before), other = bytes_of(after);
  if (one == other) return {};
  const auto ending = before.extension();
  if (ending == ".json") return of_json(before, after);
  const bool table = ending == ".csv";
  return table || ending == ".txt" || ending == ".svg" ? of_lines(one, other, table) : of_bytes(one, other);
}

}  // namespace headway
