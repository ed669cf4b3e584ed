#include "core/base/json_node.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/base/error.h"

using namespace headway;

namespace {

std::string complaint(auto&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a complaint names file, path, expected and found") {
  const auto node = JsonNode::parse(R"({"devices": [{"drive": "x", "count": 0}]})", "a.json");
  const auto device = node.at("devices").items()[0];
  CHECK(complaint([&] { device.at("count").integer(1, 9, "drives"); }) ==
        "a.json: /devices/0/count: expected a whole number of drives from 1 to 9, found 0");
  CHECK(complaint([&] { device.at("queue"); }) ==
        "a.json: /devices/0: expected an object with \"queue\", found none");
  CHECK(complaint([&] { device.allow_only({"drive", "counts"}); }) ==
        "a.json: /devices/0: expected a known key, found \"count\" (did you mean \"counts\"?)");
  CHECK(complaint([&] { device.at("drive").choice({"hdd", "ssd"}); }) ==
        "a.json: /devices/0/drive: expected a known name, found \"x\"; known are hdd, ssd");
}

TEST_CASE("a complaint can be printed, whatever stands in the file and whatever it is called") {
  const auto node = JsonNode::parse("{\"\\u001b[2J\": \"\u009b31m\\n\"}", "a\x1b[31m\nb\xff.json");
  CHECK_THROWS_WITH(node.at("\x1b[2J").number(0, 1e8, "seconds"),
                    "a\\x1b[31m\\nb\\xff.json: /\\x1b[2J: expected a number of seconds from 0 to 100000000, found "
                    "\"\\u{9b}31m\\n\"");
}

TEST_CASE("broken text is placed by line and column") {
  CHECK(complaint([] { JsonNode::parse("{\n \"a\": }", "b.json"); }).starts_with("b.json: line 2, column 7: "));
  CHECK(complaint([] { JsonNode::parse(R"({"a": 1, "a": 2})", "b.json"); }) ==
        "b.json: line 1, column 10: expected each key once, found \"a\" twice in one object");
  CHECK(complaint([] { JsonNode::parse(R"({"a": {"b": {"c": 1}, "d": 2}, "a": 3})", "b.json"); }) ==
        "b.json: line 1, column 32: expected each key once, found \"a\" twice in one object");
  CHECK(complaint([] { JsonNode::parse(R"([{"a": {"a": 1, "b": 2}, "b": [{"a": 3}]}, {"b": 4, "a": 5}])", "b.json"); }) ==
        "");
  CHECK(complaint([] { JsonNode::parse("[1,\n 10E547200]", "b.json"); }) ==
        "b.json: line 2, column 2: expected a number of less than 1.8e308, found 10E547200");
}

TEST_CASE("what other languages allow is called by its name, where it begins") {
  const auto found = [](const char* text) {
    const std::string all = complaint([&] { JsonNode::parse(text, "b.json"); });
    constexpr std::string_view before = "b.json: line 1, column ";
    return all.starts_with(before) ? all.substr(before.size()) : all;
  };
  const std::string bare = ", which is neither in quotes nor a number, true, false or null";
  CHECK(found("[1, 2,]") == "7: expected JSON, found a comma before the closing ]");
  CHECK(found("{\"a\": 1, }") == "10: expected JSON, found a comma before the closing }");
  CHECK(found("[1 // one\n]") == "4: expected JSON, found a comment, which JSON has none of");
  CHECK(found("[1,\xc2\xa0" "2]") == "4: expected JSON, found a non-breaking space, where JSON has plain ones");
  CHECK(found("[1/2]") == "3: expected JSON, found no comma between two values");
  CHECK(found("{'a': 1}") == "2: expected JSON, found a single quote, where JSON has double ones");
  CHECK(found("[nan, 1]") == "2: expected JSON, found nan" + bare);
  CHECK(found("[-Infinity]") == "3: expected JSON, found Infinity" + bare);
  CHECK(found("[1, None]") == "5: expected JSON, found None" + bare);
  CHECK(found("{name: 1}") == "2: expected JSON, found name" + bare);
  CHECK(found("[1 2]") == "4: expected JSON, found no comma between two values");
  CHECK(found("[\"a\"") == "5: expected JSON, found unexpected end of input; expected ']'");
  CHECK(found(("[\"" + std::string(10'000, 'a')).c_str()).size() < 100);  // not the whole of it
  CHECK(found("") == "1: expected JSON, found unexpected end of input; expected '[', '{', or a literal");
  CHECK(found("\xef\xbb\xbf[1]") == "");
}

TEST_CASE("whole numbers may be written with a point or an exponent") {
  const auto items = JsonNode::parse("[1e9, 1.0, -2e3, 9007199254740992.0, 1.5, 9007199254740994.0, 1e30, -1.0, 1e-3]",
                                     "c.json")
                         .items();
  CHECK(items[0].unsigned_integer() == 1'000'000'000);
  CHECK(items[1].integer(1, 1) == 1);
  CHECK(items[2].integer(-2000, 0) == -2000);
  CHECK(items[3].unsigned_integer() == std::uint64_t{1} << 53);
  for (std::size_t i = 4; i < items.size(); ++i) {
    CAPTURE(items[i].path());
    CHECK(complaint([&] { items[i].unsigned_integer(0, 9, "bytes"); })
              .starts_with("c.json: " + items[i].path() + ": expected a whole number of bytes from 0 to 9, found "));
  }
  CHECK(items[7].integer(-1, 0) == -1);
  CHECK(items[0].whole() == 1'000'000'000);
  CHECK_FALSE(items[4].whole());
  CHECK_FALSE(items[5].whole());  // a double that may stand for its odd neighbour
  CHECK_FALSE(items[6].whole());
  CHECK(JsonNode::parse("18446744073709551615", "c.json").unsigned_integer() == UINT64_MAX);
}

TEST_CASE("JSON that is nested without end is refused, not recursed into") {
  const std::string arrays(100'000, '['), objects = [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
    return text;
  }();
  for (const std::string& text : {arrays, objects, arrays + std::string(100'000, ']')})
    CHECK(complaint([&] { JsonNode::parse(text, "deep.json"); })
              .ends_with(": expected at most 100 levels of objects and arrays in each other, found more"));
  CHECK(JsonNode::parse(std::string(100, '[') + std::string(100, ']'), "deep.json").items().size() == 1);
}

TEST_CASE("a long list of objects is read in no more than its length") {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += fmt::format("{}{{\"a\": {{\"b\": {}}}}}", i == 0 ? "" : ",", i);
  const auto items = JsonNode::parse(text + "]", "long.json").items();  // took minutes
  CHECK(items.size() == 100'000);
  CHECK(items.back().at("a").at("b").integer(0, 100'000) == 99'999);
}
