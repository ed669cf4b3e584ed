// The JSON that READMEs show: what the schema takes the reader takes, what it refuses the reader refuses.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "core/base/error.h"
#include "core/base/testing/schema_check.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scenario_shape.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

struct Snippet {
  std::string file;
  std::string text;
};

std::string without_line_breaks(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// Fenced blocks marked json, and what stands between backquotes and begins like an object or a member.
std::vector<Snippet> snippets_of(const std::string& file, std::string text) {
  std::vector<Snippet> all;
  std::string prose;
  const std::string fence = "```";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find(fence, at), text.size());
    prose += text.substr(at, begin - at);
    const std::size_t line = std::min(text.find('\n', begin), text.size());
    const std::size_t end = std::min(text.find(fence, line), text.size());
    if (text.compare(begin, line - begin, fence + "json") == 0) all.push_back({file, text.substr(line, end - line)});
    at = end + fence.size();
  }
  static const std::regex quoted("`(\\{[^`]*\\}|\"[^`]*\": *[\\[{][^`]*)`");
  for (std::sregex_iterator match(prose.begin(), prose.end(), quoted), last; match != last; ++match)
    all.push_back({file, without_line_breaks((*match)[1])});
  return all;
}

std::vector<Snippet> all_snippets() {
  std::vector<Snippet> all;
  const auto source = source_directory();
  auto folders = std::filesystem::recursive_directory_iterator(source);
  for (auto entry = begin(folders); entry != end(folders); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() &&
        (name.starts_with("build") || name == "out" || name == "node_modules" || name == ".git"))
      entry.disable_recursion_pending();
    if (name != "README.md") continue;
    for (auto& snippet : snippets_of(relative(entry->path(), source).string(), bytes_of(entry->path())))
      all.push_back(std::move(snippet));
  }
  return all;
}

// A snippet that fits nothing, and why that is right.
bool is_no_json(const Snippet& snippet) {
  return snippet.text.find("...") != std::string::npos;
}  // something is left out

// Where in a scenario the snippet belongs: the sound first scenario with it in its place. Nothing for one that
// belongs nowhere.
std::optional<Json> as_scenario(const Json& snippet) {
  const auto has = [&](const char* key) { return snippet.contains(key); };
  Json scenario = first_look();
  const auto put = [&](const char* pointer, const Json& value) {
    scenario[Json::json_pointer(pointer)] = value;
    return scenario;
  };
  if (has("policies") && has("layout")) return snippet;
  if (has("format") && has("file"))
    return put("/workload/1", {{"name", "others"}, {"kind", "foreground"}, {"trace", snippet}});
  if (has("name") && has("kind")) return put("/workload/0", snippet);
  if (has("kind")) return put("/faults", Json::array({snippet}));
  if (has("until")) return put("/replicates", snippet);
  if (has("metric")) return put("/expect/0", snippet);
  if (has("bytes_per_s")) return put("/buses", Json::array({snippet}));
  if (has("workers")) return put("/cpu", snippet);
  if (has("drive")) return put("/devices/0", snippet);
  if (has("discipline")) return put("/devices/0/queue", snippet);
  static const Json schema = Json::parse(scenario_schema());
  if (snippet.size() != 1 || !schema["properties"].contains(snippet.begin().key())) return std::nullopt;
  scenario.update(snippet);
  return scenario;
}

bool schema_takes(const Json& scenario) {
  static const std::string schema = scenario_schema();
  return schema_accepts(schema, scenario.dump());
}

std::string complaint(const Json& scenario) {
  try {
    read_scenario(JsonNode::parse(scenario.dump(), "s.json"), source_directory() / "scenarios/s.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// Every object of it with a key too many, and with each of its keys left out or null.
std::vector<Json> mistakes_in(const Json& json) {
  std::vector<Json> all;
  if (json.is_object()) {
    all.push_back(json);
    all.back()["x-tra"] = 1;
  }
  for (const auto& [key, member] : json.items()) {
    const auto with = [&, &key = key](const Json& value) {
      Json other = json;
      (json.is_object() ? other[key] : other[std::stoul(key)]) = value;
      all.push_back(other);
    };
    with(nullptr);
    if (json.is_object()) {
      all.push_back(json);
      all.back().erase(key);
    }
    if (member.is_structured()) std::ranges::for_each(mistakes_in(member), with);
  }
  return all;
}

}  // namespace

TEST_CASE("snippets are found in prose and in fences") {
  const auto all =
      snippets_of("f", "a `{\"b\":\n1}` `c` `\"d\": [{}]` `x {}`\n```json\n{\"e\": 2}\n```\n```sh\n{}\n```\n`{}`");
  std::vector<std::string> texts;
  for (const auto& snippet : all) texts.push_back(snippet.text);
  CHECK(texts == std::vector<std::string>{"\n{\"e\": 2}\n", "{\"b\": 1}", "\"d\": [{}]", "{}"});
}

TEST_CASE("schema and reader take all JSON that the READMEs show, and agree on what is wrong with it") {
  std::size_t found = 0;
  for (const auto& snippet : all_snippets()) {
    CAPTURE(snippet.file);
    CAPTURE(snippet.text);
    if (is_no_json(snippet)) continue;
    const bool member = snippet.text.starts_with('"');
    const Json json = Json::parse(member ? "{" + snippet.text + "}" : snippet.text);
    REQUIRE(json.is_object());
    const auto scenario = as_scenario(json);
    REQUIRE_MESSAGE(scenario, "this JSON belongs nowhere in a scenario");
    ++found;
    CHECK(schema_takes(*scenario));
    CHECK(complaint(*scenario) == "");
    for (const auto& mistake : mistakes_in(json)) {
      if (mistake.empty()) continue;
      const auto wrong = as_scenario(mistake);
      if (!wrong) continue;  // without that key it is something else
      CAPTURE(mistake);
      const std::string says = complaint(*wrong);
      CAPTURE(says);
      CHECK(schema_takes(*wrong) == says.empty());
    }
  }
  CHECK(found >= 10);
}
