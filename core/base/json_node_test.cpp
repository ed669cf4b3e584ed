#include "core/base/json_node.h"

#include <doctest/doctest.h>

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

TEST_CASE("broken text is placed by line and column") {
  CHECK(complaint([] { JsonNode::parse("{\n \"a\": }", "b.json"); }).starts_with("b.json: line 2, column 7: "));
  CHECK(complaint([] { JsonNode::parse(R"({"a": 1, "a": 2})", "b.json"); }) ==
        "b.json: expected each key once, found \"a\" twice in one object");
  CHECK(complaint([] { JsonNode::parse("[1,\n 10E547200]", "b.json"); }) ==
        "b.json: line 2, column 2: expected a number of less than 1.8e308, found 10E547200");
}
