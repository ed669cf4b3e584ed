// Keys declared once: what the checks refuse the schema refuses, what they take it takes, and the rest is read.
#include "core/base/fields.h"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/testing/schema_check.h"

using namespace headway;
using headway::testing::schema_accepts;

namespace {

enum class Colour { red, green };

struct Window {
  double from_s = 0;
  double to_s = std::numeric_limits<double>::infinity();
};

struct Thing {
  std::string name;
  std::uint32_t depth = 4;
  double share = 0.5;
  bool quick = false;
  Colour colour = Colour::green;
  std::vector<std::uint64_t> devices;
  std::optional<std::uint32_t> requests;
  double seek_s = 0.002;
  Window window;
};

const Fields<Window> window_fields =
    Fields<Window>()
        .optional("from_s", &Window::from_s, json::not_negative("seconds"), "When it begins.")
        .optional("to_s", &Window::to_s, json::positive("seconds"), "When it ends.")
        .then([](const JsonNode& node, Window& window) {
          if (window.to_s <= window.from_s) node.at("to_s").fail("a date after from_s");
        });

const Fields<Thing> thing_fields =
    Fields<Thing>()
        .required("name", &Thing::name, json::name(), "Its name.")
        .optional("depth", &Thing::depth, json::whole(1, 64, "reads"), "Reads at once.")
        .optional("share", &Thing::share, json::number(0, 1), "")
        .optional("quick", &Thing::quick, json::flag(), "Whether it hurries.")
        .optional("colour", &Thing::colour, json::choice<Colour>({{"red", Colour::red}, {"green", Colour::green}}), "")
        .optional("devices", &Thing::devices, json::list(json::whole(), "device", 1, true).named("devices"), "devids.")
        .optional("requests", &Thing::requests, json::multiple_of(8, json::whole(8, 800), "eights"), "How many.")
        .optional("seek_ms", &Thing::seek_s,
                  json::not_negative("milliseconds")
                      .as([](double ms) { return ms / 1000; }, [](double s) { return s * 1000; }),
                  "A seek.")
        .with(&Thing::window, window_fields)
        .unread("note", json::text().shape, "Left alone.")
        .excludes("requests", {"quick"}, "nothing: requests take their time")
        .needs("from_s", "to_s");

JsonNode parsed(const std::string& text) { return JsonNode::parse(text, "t.json"); }

std::string complaint(auto&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

void check_both(const Shape& shape, const std::string& schema, const std::vector<std::string>& sound,
                const std::vector<std::string>& unsound) {
  for (const auto& text : sound) {
    CAPTURE(text);
    CHECK(complaint([&] { shape.check(parsed(text)); }) == "");
    CHECK(schema_accepts(schema, text));
  }
  for (const auto& text : unsound) {
    CAPTURE(text);
    CHECK(complaint([&] { shape.check(parsed(text)); }) != "");
    CHECK_FALSE(schema_accepts(schema, text));
  }
}

void check_both(const Shape& shape, const std::vector<std::string>& sound, const std::vector<std::string>& unsound) {
  check_both(shape, shape.schema_document("t", ""), sound, unsound);
}

}  // namespace

TEST_CASE("an object is read, with defaults where nothing stands") {
  const Thing thing = thing_fields.read(parsed(R"({"name": "x", "depth": 1e1, "share": 1, "colour": "red",
      "devices": [3, 1], "requests": 16, "seek_ms": 8, "from_s": 1, "to_s": 2, "note": "n"})"));
  CHECK(thing.name == "x");
  CHECK(thing.depth == 10);
  CHECK(thing.share == 1);
  CHECK(thing.colour == Colour::red);
  CHECK(thing.devices == std::vector<std::uint64_t>{3, 1});
  CHECK(thing.requests == 16);
  CHECK(thing.seek_s == 0.008);
  CHECK(thing.window.from_s == 1);
  CHECK(thing.window.to_s == 2);
  const Thing bare = thing_fields.read(parsed(R"({"name": "x"})"));
  CHECK(bare.depth == 4);
  CHECK(bare.colour == Colour::green);
  CHECK_FALSE(bare.requests);
}

TEST_CASE("schema and check of an object take the same") {
  check_both(thing_fields.shape(),
             {R"({"name": "x"})", R"({"name": "x", "depth": 64.0, "devices": [1]})",
              R"({"name": "x", "requests": 8, "to_s": 1, "from_s": 0})"},
             {"1",
              "{}",
              R"({"name": ""})",
              R"({"name": 1})",
              R"({"name": "x", "nmae": "x"})",
              R"({"name": "x", "depth": 0})",
              R"({"name": "x", "depth": 65})",
              R"({"name": "x", "depth": 1.5})",
              R"({"name": "x", "share": 1.01})",
              R"({"name": "x", "share": -1})",
              R"({"name": "x", "quick": 1})",
              R"({"name": "x", "colour": "blue"})",
              R"({"name": "x", "devices": []})",
              R"({"name": "x", "devices": [1, 1]})",
              R"({"name": "x", "devices": [-1]})",
              R"({"name": "x", "requests": 12})",
              R"({"name": "x", "requests": 8, "quick": true})",
              R"({"name": "x", "from_s": 1})",
              R"({"name": "x", "to_s": 0})",
              R"({"name": "x", "note": 1})"});
}

TEST_CASE("complaints say place, expected and found") {
  const auto of = [](const std::string& text) { return complaint([&] { thing_fields.read(parsed(text)); }); };
  CHECK(of("{}") == "t.json: /: expected an object with \"name\", found none");
  CHECK(of(R"({"nmae": "x"})") == "t.json: /: expected a known key, found \"nmae\" (did you mean \"name\"?)");
  CHECK(of(R"({"name": "x", "depth": 65})") ==
        "t.json: /depth: expected a whole number of reads from 1 to 64, found 65");
  CHECK(of(R"({"name": "x", "devices": []})") == "t.json: /devices: expected at least one device, found []");
  CHECK(of(R"({"name": "x", "devices": [2, 2]})") == "t.json: /devices/1: expected each device once, found 2");
  CHECK(of(R"({"name": "x", "requests": 12})") == "t.json: /requests: expected eights, found 12");
  CHECK(of(R"({"name": "x", "requests": 8, "quick": true})") ==
        "t.json: /quick: expected nothing: requests take their time, found true");
  CHECK(of(R"({"name": "x", "from_s": 1})") == "t.json: /: expected \"to_s\" beside \"from_s\", found none");
  CHECK(of(R"({"name": "x", "from_s": 2, "to_s": 1})") == "t.json: /to_s: expected a date after from_s, found 1");
}

TEST_CASE("a schema has sentences, ranges and the struct's own defaults") {
  const Json schema = Json::parse(thing_fields.shape().schema_document("A thing", "Some thing."));
  CHECK(schema["title"] == "A thing");
  CHECK(schema["required"] == Json::array({"name"}));
  CHECK(schema["properties"]["depth"] ==
        Json{{"type", "integer"}, {"minimum", 1}, {"maximum", 64}, {"default", 4}, {"description", "Reads at once."}});
  CHECK(schema["properties"]["share"]["default"] == 0.5);
  CHECK(schema["properties"]["colour"] == Json{{"enum", {"red", "green"}}, {"default", "green"}});
  CHECK(schema["properties"]["seek_ms"]["default"] == 2.0);
  CHECK(schema["properties"]["from_s"]["default"] == 0);
  CHECK_FALSE(schema["properties"]["to_s"].contains("default"));  // infinity
  CHECK_FALSE(schema["properties"]["requests"].contains("default"));
  CHECK(schema["properties"]["devices"]["allOf"][0]["$ref"] == "#/definitions/devices");
  CHECK(schema["definitions"]["devices"]["uniqueItems"] == true);
}

TEST_CASE("rules between keys") {
  const auto with = [](KeyRule::Kind kind) {
    ObjectShape object;
    for (const char* key : {"a", "b", "c"}) object.keys.push_back({key, Shape::any(), "", false, ""});
    object.rules.push_back({kind, {"a", "b", "c"}, ""});
    return Shape::object(object);
  };
  check_both(with(KeyRule::Kind::exactly_one), {R"({"a": 1})", R"({"c": 1})"},
             {"{}", R"({"a": 1, "b": 1})", R"({"a": 1, "b": 1, "c": 1})"});
  check_both(with(KeyRule::Kind::at_most_one), {"{}", R"({"c": 1})"}, {R"({"a": 1, "c": 1})", R"({"b": 1, "c": 1})"});
  check_both(with(KeyRule::Kind::at_least_one), {R"({"a": 1, "b": 1, "c": 1})", R"({"c": 1})"}, {"{}"});
  check_both(with(KeyRule::Kind::excludes), {"{}", R"({"a": 1})", R"({"b": 1, "c": 1})"},
             {R"({"a": 1, "b": 1})", R"({"a": 1, "c": 1})"});
  CHECK(complaint([&] { with(KeyRule::Kind::exactly_one).check(parsed(R"({"a": 1, "b": 1})")); }) ==
        "t.json: /: expected one of \"a\", \"b\" and \"c\", found \"a\" and \"b\"");
}

TEST_CASE("numbers, tuples, maps, patterns and alternatives") {
  check_both(Shape::finite(), {"1", "-1e300"}, {"\"1\"", "null"});
  check_both(Shape::integer(-3, 3, ""), {"-3", "3.0"}, {"-4", "4", "0.5"});
  check_both(Shape::whole(1, 1, ""), {"1", "1.0"}, {"2", "0", "\"1\""});
  check_both(Shape::whole_out_of({4, 8}, "4 or 8"), {"4", "8.0"}, {"6", "16", "\"4\""});
  check_both(Shape::pattern("^(a|b)(:|$)", "a or b"), {"\"a\"", "\"b: x\""}, {"\"ab\"", "1"});
  check_both(Shape::tuple({json::whole().shape, json::whole(0, 255).shape}, "a pair"), {"[1, 255]"},
             {"[1]", "[1, 256]", "[1, 2, 3]", "{}"});
  check_both(json::map(json::flag(), "switch").shape, {R"({"x": true})"}, {"{}", R"({"x": 1})", "[]"});
  check_both(Shape::either({json::text().shape, json::list(json::text(), "file", 1).shape}, "a file or files"),
             {"\"x\"", R"(["x"])"}, {"[]", "[1]", "1"});
  check_both(Shape::either({json::whole(0, 1).shape, json::whole(5, 6).shape}, "x"), {"0", "6"}, {"3"});
  CHECK(complaint([] {
          Shape::either({json::text().shape, json::list(json::text(), "file", 1).shape}, "a file").check(parsed("[]"));
        }) == "t.json: /: expected at least one file, found []");
  const auto all = json::map(json::whole()).take(parsed(R"({"b": 1, "a": 2})"));
  CHECK(all == std::vector<std::pair<std::string, std::uint64_t>>{{"b", 1}, {"a", 2}});
}

TEST_CASE("a tag picks one of several objects") {
  TaggedShape tagged;
  tagged.common = Fields<Thing>().required("name", &Thing::name, json::name(), "").object();
  tagged.cases = {{{"slow", "lame"}, "Takes longer.", window_fields.object(), ""},
                  {{"gone"},
                   "Is no more.",
                   Fields<Window>().required("from_s", &Window::from_s, json::positive(), "").object(),
                   "gone"}};
  const Shape must = Shape::tagged(tagged);
  check_both(must,
             {R"({"kind": "slow", "name": "n"})", R"({"kind": "lame", "name": "n", "to_s": 1})",
              R"({"kind": "gone", "name": "n", "from_s": 1})"},
             {R"({"name": "n"})", R"({"kind": "slo", "name": "n"})", R"({"kind": "slow"})",
              R"({"kind": "gone", "name": "n"})", R"({"kind": "gone", "name": "n", "from_s": 1, "to_s": 1})", "1"});
  tagged.default_name = "lame";
  check_both(Shape::tagged(tagged),
             {R"({"name": "n"})", R"({"name": "n", "to_s": 3})", R"({"kind": "slow", "name": "n"})"},
             {R"({"kind": "gone", "name": "n"})", R"({"name": "n", "from_s": -1})", R"({"kind": "gon", "name": "n"})"});
  CHECK(complaint([&] { must.check(parsed(R"({"kind": "slo"})")); }) ==
        "t.json: /kind: expected a known name, found \"slo\" (did you mean \"slow\"?)");
  CHECK(complaint([&] { must.check(parsed(R"({"name": "n"})")); }) ==
        "t.json: /: expected an object with \"kind\", found none");
}

TEST_CASE("what the clock cannot carry is refused") {
  struct Wait {
    double from_s = 0, for_s = 1;
  };
  const auto fields = Fields<Wait>()
                          .optional("from_s", &Wait::from_s, json::seconds(), "")
                          .optional("for_s", &Wait::for_s, json::some_seconds(), "");
  const std::string schema = fields.shape().schema_document("A wait", "");
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      fields.read(JsonNode::parse(text, "w"));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  for (const std::string text :
       {R"({"from_s": 0})", R"({"from_s": 1e8})", R"({"for_s": 1e8})", R"({"for_s": 1e-300})"}) {
    CAPTURE(text);
    CHECK(schema_accepts(schema, text));
    CHECK(complaint(text).empty());
  }
  for (const std::string text : {R"({"from_s": 1.1e8})", R"({"from_s": 1e300})", R"({"from_s": -1e-9})",
                                 R"({"for_s": 1.1e8})", R"({"for_s": 0})"}) {
    CAPTURE(text);
    CHECK_FALSE(schema_accepts(schema, text));
    CHECK_FALSE(complaint(text).empty());
  }
  CHECK(complaint(R"({"for_s": 1e9})") ==
        "w: /for_s: expected a number of seconds above 0, up to 100000000, found 1000000000.0");
}

TEST_CASE("defaults are filled in where they may stand, and read as before") {
  struct Outer {
    Thing thing;
    std::optional<Window> pause;  // absent and empty are not the same
    Window window;
    std::vector<Window> list;
  };
  const Fields<Outer> fields = Fields<Outer>()
                                   .optional("pause", &Outer::pause, window_fields.value(), "")
                                   .optional("window", &Outer::window, window_fields.value(), "")
                                   .optional("list", &Outer::list, json::list(window_fields.value(), "window"), "");
  const auto filled = [](const Shape& shape, const std::string& text) { return shape.filled(parsed(text)).dump(); };
  CHECK(filled(fields.shape(), "{}") == R"({"window":{"from_s":0}})");
  CHECK(filled(fields.shape(), R"({"list": [{}, {"from_s": 1, "to_s": 2}], "pause": {}})") ==
        R"({"list":[{"from_s":0},{"from_s":1,"to_s":2}],"pause":{"from_s":0},"window":{"from_s":0}})");
  // Behind what is there; not quick, which excludes requests; no from_s, which needs to_s.
  CHECK(filled(thing_fields.shape(), R"({"share": 1, "name": "x", "requests": 8})") ==
        R"({"share":1,"name":"x","requests":8,"depth":4,"colour":"green","seek_ms":2})");

  TaggedShape tagged{.cases = {{{"slow"}, "", thing_fields.object(), ""}, {{"gone"}, "", window_fields.object(), ""}},
                     .default_name = "gone"};
  CHECK(filled(Shape::tagged(tagged), "{}") == R"({"from_s":0,"kind":"gone"})");
  const Shape either = Shape::either({json::text().shape, window_fields.shape()}, "");
  CHECK(filled(either, R"("x")") == R"("x")");
  CHECK(filled(either, "{}") == R"({"from_s":0})");
  CHECK(filled(json::map(window_fields.value()).shape, R"({"a": {}})") == R"({"a":{"from_s":0}})");
}
