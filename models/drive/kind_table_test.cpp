// What every table of kinds keeps to, and what a name that is in none earns.
#include "models/drive/kind_table.h"

#include <doctest/doctest.h>

#include <set>

#include "core/base/error.h"
#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

using namespace headway;

TEST_CASE("every kind has a name of its own and a sentence") {
  for (const auto kinds : {disciplines(), schedulers(), std::span<const Kind>(DriveKinds::kinds)}) {
    std::set<std::string_view> names;
    for (const Kind& kind : kinds) {
      CAPTURE(kind.name);
      CHECK(!kind.name.empty());
      CHECK(names.insert(kind.name).second);
      CHECK(kind.sentence.size() > 10);
      CHECK(std::isupper(kind.sentence.front()));
      CHECK(kind.sentence.ends_with("."));
    }
  }
}

TEST_CASE("what is not said is the first of its table") {
  CHECK(QueueSpec().discipline == discipline_of("fcfs"));
  CHECK(QueueSpec().scheduler == scheduler_of("none"));
}

namespace {

struct One {
  static constexpr Kind kind{"one", "The first of two.", ""};
};
struct Two {
  static constexpr Kind kind{"two", "The second of two.", ""};
};

}  // namespace

TEST_CASE("a table makes the kind that stands at a name's place") {
  using Table = KindTable<One, Two>;
  CHECK(names_of(Table::kinds) == std::vector<std::string>{"one", "two"});
  CHECK(std::holds_alternative<One>(Table::make(place_of("one", Table::kinds, "number"))));
  CHECK(std::holds_alternative<Two>(Table::make(place_of("two", Table::kinds, "number"))));
  CHECK(Table::with<std::string_view>(1, []<class Type>() { return Type::kind.sentence; }) == "The second of two.");
  CHECK(with_sentences("Which.", Table::kinds) == "Which. one: The first of two. two: The second of two.");
  CHECK_THROWS_WITH_AS(place_of("four", Table::kinds, "number"),
                       "number: expected a known name, found \"four\"; known are one, two", InputError);
}
