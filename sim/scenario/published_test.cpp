// What a scenario says has been published: every mistake in it with its place, and with the nearest name.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "sim/scenario/scenario.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

Json published() {
  return {{"what", "2011: readahead over tree search"},
          {"value", 0.12},
          {"metric", "elapsed_s"},
          {"policy", "reada-2011"},
          {"relative_to", "walk"},
          {"source", "a letter"}};
}

Json publishing(const Json& with) {
  Json json = first_look(), entry = published();
  entry.update(with);
  json["published"] = Json::array({entry});
  return json;
}

// Beside the scenario stand a sweep and another scenario with fewer policies.
std::string complaint(const Json& with = Json::object()) {
  const TemporaryDirectory directory;
  directory.write("sweep.json", "{}");
  Json other = first_look();
  other["policies"] = {{"walk", Json::object()}};
  other["workload"][0]["name"] = "other";
  directory.write("other.json", other.dump());
  const auto file = directory.write("s.json", publishing(with).dump());
  try {
    read_scenario(file);
  } catch (const InputError& error) {
    std::string text = error.what();
    while (text.find(directory.path().string() + "/") != std::string::npos)
      text.erase(text.find(directory.path().string() + "/"), directory.path().string().size() + 1);
    return text;
  }
  return "";
}

}  // namespace

TEST_CASE("what was published is read, and bad input has its place and the nearest name") {
  CHECK(complaint() == "");
  CHECK(complaint({{"to", 0.2}, {"range", {{"sweep", "sweep.json"}, {"least", 0.1}, {"most", 0.3}}}}) == "");
  CHECK(complaint({{"metric", "elapsed"}}) ==
        "s.json: /published/0/metric: expected a known name, found \"elapsed\" (did you mean \"elapsed_s\"?)");
  CHECK(complaint({{"policy", "reada-2012"}}) ==
        "s.json: /published/0/policy: expected a known name, found \"reada-2012\" (did you mean \"reada-2011\"?)");
  CHECK(complaint({{"relative_to", "wolk"}}) ==
        "s.json: /published/0/relative_to: expected a known name, found \"wolk\" (did you mean \"walk\"?)");
  CHECK(complaint({{"workload", "file"}}) ==
        "s.json: /published/0/workload: expected a known name, found \"file\" (did you mean \"files\"?)");
  CHECK(complaint({{"relative_to_workload", "filets"}}) ==
        "s.json: /published/0/relative_to_workload: expected a known name, found \"filets\" (did you mean \"files\"?)");
  CHECK(complaint({{"value", "fast"}}) == "s.json: /published/0/value: expected a number, found \"fast\"");
  CHECK(complaint({{"value", nullptr}}) == "s.json: /published/0/value: expected a number, found null");
  CHECK(complaint({{"to", 0.1}}) == "s.json: /published/0/to: expected a number not below the value, found 0.1");
  CHECK(complaint({{"relative_to", "reada-2011"}}) ==
        "s.json: /published/0: expected another figure for it to be relative to, found itself");
  CHECK(complaint({{"range", {{"sweep", "sweep.json"}, {"least", 0.4}, {"most", 0.3}}}})
            .starts_with("s.json: /published/0/range: expected a least that is not above the most, found "));
  CHECK(complaint({{"range", {{"sweep", "swoop.json"}, {"least", 0.1}, {"most", 0.3}}}}) ==
        "s.json: /published/0/range/sweep: expected a sweep's file, found swoop.json: no such file");
}

TEST_CASE("relative to another scenario, names are those that it has") {
  const Json to_other = {{"relative_to_scenario", "other.json"}};
  const auto with = [&](Json more) {
    more.update(to_other);
    return complaint(more);
  };
  CHECK(with(Json::object()) == "");
  CHECK(with({{"relative_to_workload", "other"}}) == "");
  CHECK(with({{"relative_to", "reada-2011"}}) ==
        "s.json: /published/0/relative_to: expected a known name, found \"reada-2011\"; known are walk");
  CHECK(with({{"workload", "files"}}) ==
        "s.json: /published/0/workload: expected a known name, found \"files\"; known are other");
  CHECK(complaint({{"relative_to_scenario", "./s.json"}}) ==
        "s.json: /published/0/relative_to_scenario: expected another scenario's file, found itself");
  CHECK(complaint({{"relative_to_scenario", "none.json"}}) ==
        "s.json: /published/0/relative_to_scenario: expected a scenario's file, found none.json: no such file");
  CHECK(complaint({{"relative_to_scenario", "sweep.json"}}).starts_with("sweep.json: "));
}
