// The engine against its plain twin, decision by decision, on random layouts; and what must hold of any run.
//
// HEADWAY_CASES sets the number of cases (`make fuzz` takes 10,000), HEADWAY_SEED the first seed.
#include <doctest/doctest.h>

#include <cstdlib>

#include "core/base/testing/sanitized.h"
#include "core/reada/engine.h"
#include "core/testing/plain_reada.h"
#include "core/testing/random_world.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Drives both implementations through the same events and compares their answers to each.
class Duel {
 public:
  explicit Duel(const Case& c)
      : case_(c), dice_(c.seed ^ 0x9e3779b9u), engine_(world()), plain_(world()), issues_(engine_.forest().blocks()) {
    engine_.make([](const Context& context) { return std::make_unique<reada::Engine>(context, reada::Settings{}); });
    plain_.make([](const Context& context) { return std::make_unique<PlainReada>(context); });
  }

  // What went wrong first; empty if nothing did.
  std::string fight() {
    try {
      live();
    } catch (const std::logic_error& broken) {  // the contract
      return broken.what();
    }
    return why_;
  }

  std::uint64_t decisions() const { return decisions_; }

 private:
  void live() {
    warm_up();
    int added = 0;
    while (why_.empty() && (added < case_.handles || !engine_.in_flight().empty())) {
      intrude();
      const int open = added - static_cast<int>(engine_.finished().size());
      if (added < case_.handles && (open < case_.together || engine_.in_flight().empty())) {
        add();
        ++added;
      } else {
        complete();
      }
      compare();
    }
    if (why_.empty()) at_end(added);
  }

  World world() const {
    RandomLayout layout = random_layout(case_);
    return World(std::move(layout.volume), std::move(layout.forest));
  }

  void warm_up() {
    for (BlockId block = 0; block < engine_.forest().blocks(); ++block) {
      if (!dice_.percent(case_.warm)) continue;
      engine_.memory().insert(block);
      plain_.memory().insert(block);
    }
  }

  void add() {
    const std::uint64_t tree = 256 + dice_(static_cast<std::uint32_t>(engine_.forest().trees.size()));
    Key start = min_key, end = max_key;
    if (dice_.percent(case_.ranges)) {
      start.objectid = (static_cast<std::uint64_t>(dice_(1u << 20)) << 20);
      end.objectid = start.objectid + (static_cast<std::uint64_t>(dice_(1u << 20)) << 20) + 1;
    }
    event_ = fmt::format("add of tree {}", tree);
    engine_.add(tree, start, end);
    plain_.add(tree, start, end);
  }

  void complete() {
    const auto& in_flight = engine_.in_flight();
    const std::size_t which = case_.shuffled ? dice_(static_cast<std::uint32_t>(in_flight.size())) : 0;
    const Read read = in_flight[which];
    const int error = dice_.percent(case_.errors) ? 5 : 0;
    if (error) failed_ = true;
    event_ = fmt::format("complete of {} with error {}", read.logical, error);
    engine_.complete(read, error);
    plain_.complete(read, error);
  }

  void intrude() {
    const auto block = random_intruder(case_, dice_, engine_);
    if (!block) return;
    engine_.memory().insert(*block);
    plain_.memory().insert(*block);
  }

  void compare() {
    const auto mine = engine_.decisions();
    const auto theirs = plain_.decisions();
    decisions_ += mine.size();
    if (mine != theirs)
      why_ = fmt::format("after {}:\n  engine {}\n  plain  {}", event_, fmt::join(mine, ", "), fmt::join(theirs, ", "));
    std::map<DeviceIndex, int> in_flight;
    for (const auto& read : engine_.in_flight()) {
      if (++in_flight[read.device] > 6) why_ = "more than six in flight";
    }
  }

  void at_end(int added) {
    if (static_cast<int>(engine_.finished().size()) != added) why_ = "a handle that never finished";
    for (const Read& read : engine_.issued()) {
      if (++issues_[read.block] > 1 && !failed_) why_ = fmt::format("block {} read twice", read.logical);
    }
    auto& engine = dynamic_cast<reada::Engine&>(engine_.strategy());
    for (HandleId handle = 0; handle < engine_.handles(); ++handle) engine.wait(handle);
    if (engine.live_controls() != 0) why_ = "a control that was not freed";
    if (engine.live_records() != 0) why_ = "a record that was not freed";
    for (DeviceIndex device = 0; device < engine.zones().devices(); ++device) {
      if (engine.zones().in_flight(device) != 0) why_ = "a count of reads in flight that did not return to zero";
      for (auto zone = engine.zones().first_zone(device); zone < engine.zones().end_zone(device); ++zone) {
        if (engine.zones().elements(zone) != 0) why_ = "a zone's count that did not return to zero";
      }
    }
    if (!dynamic_cast<PlainReada&>(plain_.strategy()).empty()) why_ = "the plain twin holds on to something";
  }

  const Case case_;
  Dice dice_;
  World engine_;
  World plain_;
  std::vector<int> issues_;  // by block
  std::string event_;
  std::string why_;
  bool failed_ = false;
  std::uint64_t decisions_ = 0;
};

}  // namespace

TEST_CASE("the engine decides as its plain twin does, on random layouts") {
  const std::uint64_t cases = from_environment("HEADWAY_CASES", 500);
  const auto first = static_cast<std::uint32_t>(from_environment("HEADWAY_SEED", 1));
  std::uint64_t decisions = 0;
  for (std::uint32_t seed = first; seed < first + cases; ++seed) {
    Duel duel(random_case(seed));
    const std::string why = duel.fight();
    decisions += duel.decisions();
    if (why.empty()) continue;
    const Case least = shrink(random_case(seed), [](const Case& c) { return !Duel(c).fight().empty(); });
    FAIL("seed ", seed, ", shrunk to: ", describe(least), "\n", Duel(least).fight());
  }
  MESSAGE(cases, " cases, ", decisions, " decisions");
}

TEST_CASE("the same holds all warm beyond 10,000 blocks, where works end and queue others" *
          doctest::skip(testing::sanitized)) {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    const Case c{.seed = seed, .profile = 1, .devices = 5, .nodes = 26000, .fanout = 400, .levels = 4, .handles = 2,
                 .together = 2, .warm = 100};
    Duel duel(c);
    CHECK(duel.fight() == "");
    CHECK(duel.decisions() > 10000);
  }
}
