// What must hold of every policy, on random layouts: without faults every wanted block is read exactly once, or found in
// memory and reported as a hit where others bring it there; with faults every handle still finishes; nothing is left in
// flight; and the contract of strategy.h at each decision (port_check.h).
//
// HEADWAY_CASES sets the number of cases for each policy, HEADWAY_SEED the first seed.
#include <doctest/doctest.h>

#include <cstdlib>

#include "core/testing/random_world.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// The engines of the reada family refuse some profiles and leave branches out on purpose (their own tests say when).
bool of_reada_family(const Policy& policy) { return policy.name.starts_with("reada"); }

bool reads_all(const Policy& policy, const Case& c) {
  if (!of_reada_family(policy)) return true;
  const Profile profile = case_profiles[static_cast<std::size_t>(c.profile)];
  const bool crosses = c.crossing > 0 && profile != Profile::single;
  return c.mismatches == 0 && !crosses && Volume::copies_of(profile) <= 2 && profile != Profile::dup;
}

Parameters random_values(const Policy& policy, Dice dice) {
  Parameters values(policy.parameters);
  if (of_reada_family(policy)) return values;
  for (const Parameter& parameter : policy.parameters) {
    if (std::holds_alternative<bool>(parameter.default_value)) values.set(parameter.name, dice.percent(50));
    if (!parameter.choices.empty())
      values.set(parameter.name, parameter.choices[dice(static_cast<std::uint32_t>(parameter.choices.size()))]);
  }
  values.set("pid", std::int64_t{dice(5)});
  if (values.find("ram_bytes") && dice.percent(60)) {  // so that memory is full with 3 to 400 blocks
    values.set("ram_bytes", std::int64_t{1} << 20);
    values.set("entry_bytes", std::int64_t{128} << dice(8));
    values.set("soft_limit_percent", std::int64_t{dice.between(1, 100)});
    values.set("in_flight_bytes", std::int64_t{1} << dice.between(0, 24));
    values.set("extent_gap_bytes", std::int64_t{1} << dice.between(0, 22));
    values.set("read_gap_bytes", std::int64_t{1} << dice.between(0, 18));
  }
  return values;
}

class Trial {
 public:
  Trial(const Policy& policy, const Case& c)
      : policy_(policy), case_(c), dice_(c.seed ^ 0x2545f491u), world_(layout()), state_(world_.forest().blocks()) {}

  // What went wrong first; empty if nothing did.
  std::string run() {
    try {
      live();
    } catch (const std::logic_error& broken) {  // the contract
      return broken.what();
    }
    return why_;
  }

  std::uint64_t decisions() const { return decisions_; }

 private:
  struct BlockState {
    bool wanted = false;
    bool was_there = false;  // other than by the policy's reads, before it was wanted or since
    int reads = 0;           // while it was not in memory
  };

  void live() {
    warm_up();
    const Parameters values = random_values(policy_, Dice(case_.seed));
    world_.make([&](const Context& context) { return policy_.make(context, values); });
    restartable_ = world_.strategy().restart_interval_s() > 0;
    int added = 0, restarts = 0;
    while (why_.empty() && (added < case_.handles || !world_.in_flight().empty() || can_restart(restarts))) {
      intrude();
      const int open = added - static_cast<int>(world_.finished().size());
      if (added < case_.handles && (open < case_.together || world_.in_flight().empty())) {
        add();
        ++added;
      } else if (!world_.in_flight().empty()) {
        complete();
      } else {
        world_.strategy().restart();
        ++restarts;
      }
      count_issued();
    }
    if (why_.empty()) at_end(added);
  }

  World layout() const {
    RandomLayout made = random_layout(case_);
    return World(std::move(made.volume), std::move(made.forest));
  }

  bool can_restart(int restarts) const {
    return world_.finished().size() < world_.handles() && restartable_ && restarts < 1000;
  }

  void warm_up() {
    for (BlockId block = 0; block < world_.forest().blocks(); ++block) {
      if (dice_.percent(case_.warm)) world_.memory().insert(block);
      state_[block].was_there = world_.memory().holds(block);
    }
    for (DeviceIndex device = 0; device < world_.volume().devices().size(); ++device)
      world_.traits(device) = {.rotational = dice_.percent(50), .optimal_io_bytes = dice_(2) * 65536};
  }

  void add() {
    const std::size_t tree = dice_(static_cast<std::uint32_t>(world_.forest().trees.size()));
    Key start = min_key, end = max_key;
    if (dice_.percent(case_.ranges)) {
      start.objectid = (static_cast<std::uint64_t>(dice_(1u << 20)) << 20);
      end.objectid = start.objectid + (static_cast<std::uint64_t>(dice_(1u << 20)) << 20) + 1;
    }
    const TreeRoot& root = world_.forest().trees[tree];
    want(root.root, nullptr, start, end);
    world_.add(root.objectid, start, end);
  }

  // The same as a search would visit, by the plainest means: a child is wanted if any key it may hold is.
  void want(BlockId block, const Key* top, const Key& start, const Key& end) {
    const Forest& forest = world_.forest();
    state_[block].wanted = true;
    for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
      const Key next = p + 1 < forest.first_pointer[block + 1] ? forest.key(p + 1) : top ? *top : max_key;
      const bool bounded = p + 1 < forest.first_pointer[block + 1] || top;
      if (forest.key(p) < end && (!bounded || next > start))
        want(forest.child[p], bounded ? &next : nullptr, start, end);
    }
  }

  void complete() {
    const auto& in_flight = world_.in_flight();
    const std::size_t which = case_.shuffled ? dice_(static_cast<std::uint32_t>(in_flight.size())) : 0;
    const Read read = in_flight[which];
    world_.complete(read, dice_.percent(case_.errors) ? 5 : 0);
  }

  void intrude() {
    const auto block = random_intruder(case_, dice_, world_);
    if (!block || world_.memory().holds(*block)) return;
    world_.memory().insert(*block);
    state_[*block].was_there = true;
  }

  // Memory does not change while a policy decides: what it has read over was there.
  void count_issued() {
    decisions_ += world_.decisions().size();
    for (; counted_ < world_.issued().size(); ++counted_) {
      const Read& read = world_.issued()[counted_];
      for (BlockId b = read.block; b < read.block + read.blocks; ++b) state_[b].reads += !world_.memory().holds(b);
    }
  }

  void at_end(int added) {
    if (static_cast<int>(world_.finished().size()) != added) why_ = "a handle that did not finish, or finished twice";
    std::set<HandleId> handles(world_.finished().begin(), world_.finished().end());
    if (handles.size() != world_.finished().size()) why_ = "a handle finished twice";
    if (case_.errors > 0 || !reads_all(policy_, case_)) return;
    const std::set<BlockId> hits(world_.hits().begin(), world_.hits().end());
    for (BlockId b = 0; b < state_.size(); ++b) {
      const auto& [wanted, was_there, reads] = state_[b];
      const bool served = reads == 1 || (was_there && hits.contains(b));
      if (reads > 1 || (wanted && !served))
        why_ = fmt::format("block {} was read {} times", world_.forest().logical[b], reads);
    }
  }

  const Policy& policy_;
  const Case case_;
  Dice dice_;
  World world_;
  std::vector<BlockState> state_;
  std::size_t counted_ = 0;
  std::string why_;
  bool restartable_ = false;
  std::uint64_t decisions_ = 0;
};

}  // namespace

TEST_CASE("every policy reads every wanted block exactly once and finishes, on random layouts") {
  const std::uint64_t cases = from_environment("HEADWAY_CASES", 500);
  const auto first = static_cast<std::uint32_t>(from_environment("HEADWAY_SEED", 1));
  for (const Policy* policy : policies()) {
    std::uint64_t decisions = 0;
    for (std::uint32_t seed = first; seed < first + cases; ++seed) {
      Trial trial(*policy, random_case(seed));
      const std::string why = trial.run();
      decisions += trial.decisions();
      if (why.empty()) continue;
      const Case least = shrink(random_case(seed), [&](const Case& c) { return !Trial(*policy, c).run().empty(); });
      FAIL(policy->name, ", seed ", seed, ", shrunk to: ", describe(least), "\n", Trial(*policy, least).run());
    }
    MESSAGE(policy->name, ": ", cases, " cases, ", decisions, " decisions");
  }
}
