// --set: where a place leads, and that what is set is what runs and is told.
#include "sim/scenario/overrides.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "sim/scenario/in_full.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

const char* const document = R"({"policies": {"mine": {"depth": 1}, "v1.2=new": {}, "a/b~c": {}, "v1": {"2": 3}},
  "list": [{"name": "one", "x": 1}, {"x": 2}, {"name": "one.two"}, 5], "text": "t"})";

SetDocument set(const std::vector<std::string>& words) { return set_in(JsonNode::parse(document, "s.json"), words); }

// What one word sets, and the whole of what then stands at its pointer.
std::string one(const std::string& word) {
  const SetDocument made = set({word});
  const auto& [pointer, value] = made.set.at(0);
  CHECK(made.document.json()[Json::json_pointer(pointer)].dump() == value);
  CHECK(made.document.file() == "s.json with --set " + made.set[0].word());
  return made.set[0].word();
}

std::string complaint(const std::string& word) {
  try {
    set({word});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a place is a pointer, or a path with dots; a value is JSON, or a text") {
  CHECK(one("/policies/mine/depth=12") == "/policies/mine/depth=12");
  CHECK(one("policies.mine.depth=12") == "/policies/mine/depth=12");
  CHECK(one("text=walk") == "/text=\"walk\"");
  CHECK(one("text=\"12\"") == "/text=\"12\"");
  CHECK(one("text=") == "/text=\"\"");
  CHECK(one("text=a=b") == "/text=\"a=b\"");
  CHECK(one("text=1e999") == "/text=\"1e999\"");
  CHECK(one("list=[1, {\"a\": null}]") == "/list=[1,{\"a\":null}]");
}

TEST_CASE("keys are those of the document, whatever is in them") {
  CHECK(one("policies.v1.2=new.depth=4") == "/policies/v1.2=new/depth=4");
  CHECK(one("/policies/v1.2=new/depth=4") == "/policies/v1.2=new/depth=4");
  CHECK(one("/policies/a~1b~0c/depth=4") == "/policies/a~1b~0c/depth=4");
  CHECK(one("policies.a/b~c.depth=4") == "/policies/a~1b~0c/depth=4");
  CHECK(one("policies.v1.2=4") == "/policies/v1/2=4");
}

TEST_CASE("elements of lists go by number or name, and there is one behind the last") {
  CHECK(one("list.0.x=7") == "/list/0/x=7");
  CHECK(one("/list/one/x=7") == "/list/0/x=7");
  CHECK(one("list.one.two.x=7") == "/list/2/x=7");
  CHECK(one("list.3=7") == "/list/3=7");
  CHECK(one("list.-=7") == "/list/4=7");
  CHECK(one("list.-.name=new") == "/list/4/name=\"new\"");
}

TEST_CASE("new keys may be set, a policy that is not there may not be changed") {
  CHECK(one("cache.warm_fraction=0.5") == "/cache/warm_fraction=0.5");
  CHECK(one("policies.other={}") == "/policies/other={}");
  CHECK(complaint("policies.mien.depth=1") ==
        "--set: s.json: expected a place in the scenario, or a new key of an object there, found "
        "\"policies.mien.depth=1\": no \"mien\" (did you mean \"mine\"?) in /policies");
  CHECK(complaint("list.4.x=1").find("no \"4\"; known are 0, 1, 2, 3, one, one.two in /list") != std::string::npos);
  CHECK(complaint("text.x.y=1").find("no \"x\", for nothing is there in /text") != std::string::npos);
}

TEST_CASE("words take effect one after the other") {
  const auto made = set({"policies.mine={}", "policies.mine.depth=2", "policies.mine.depth=3"});
  CHECK(made.document.json()["policies"]["mine"].dump() == "{\"depth\":3}");
  CHECK(words_of(made.set).size() == 3);
  CHECK(set({}).document.file() == "s.json");
  // What is told of it can be set again.
  CHECK(set(words_of(made.set)).document.json() == made.document.json());
}

TEST_CASE("a scenario with values set is the scenario that has them") {
  const TemporaryDirectory directory;
  Json json = first_look();
  const auto file = directory.write("s.json", json.dump());
  const Scenario set = read_scenario(
      file, {"policies.reada-2011.max_in_flight=12", "seed=7", "devices.0.queue.depth=4", "cache.warm_fraction=0.25"});
  json["policies"]["reada-2011"]["max_in_flight"] = 12;
  json["seed"] = 7;
  json["devices"][0]["queue"]["depth"] = 4;
  json["cache"]["warm_fraction"] = 0.25;
  const Scenario written = read_scenario(directory.write("s2.json", json.dump()));
  CHECK(in_full(set) == in_full(written));
  CHECK(set.seed == 7);
  CHECK(set.set.size() == 4);
  try {
    const Scenario more = read_scenario(file, {"devices.0.count=9"});
    static_cast<void>(load_scenario_layout(more));
    FAIL("nine drives for four devices");
  } catch (const InputError& error) {
    const std::string says = error.what();
    CHECK(says.find("s.json with --set /devices/0/count=9: /devices: ") != std::string::npos);
  }
}
