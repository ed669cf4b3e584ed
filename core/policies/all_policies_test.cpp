// What must hold of every policy, on random layouts: without faults every wanted block is read exactly once, or found in
// memory and reported as a hit where others bring it there; with faults every handle still finishes; nothing is left in
// flight; and the contract of strategy.h at each decision (port_check.h). Where memory has a bound a block may be read
// again.
//
// HEADWAY_CASES sets the number of cases for each policy, HEADWAY_SEED the first seed.
#include <doctest/doctest.h>

#include <algorithm>
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
  if (values.find("pid")) values.set("pid", std::int64_t{dice(5)});
  if (values.find("ram_bytes") && dice.percent(60)) {  // so that memory is full with 3 to 400 blocks
    values.set("ram_bytes", std::int64_t{1} << 20);
    values.set("entry_bytes", std::int64_t{128} << dice(8));
    values.set("soft_limit_percent", std::int64_t{dice.between(1, 100)});
    values.set("in_flight_bytes", std::int64_t{1} << dice.between(0, 24));
    values.set("extent_gap_bytes", std::int64_t{1} << dice.between(0, 22));
    values.set("read_gap_bytes", std::int64_t{1} << dice.between(0, 18));
  }
  for (const auto& [name, most] : {std::pair("start_leaves", 8), {"group_leaves", 20}, {"groups_ahead", 2},
                                   {"lead_leaves", 12}, {"buffer_blocks", 8}, {"leaves_ahead", 16}, {"nodes_ahead", 2}}) {
    if (values.find(name) && dice.percent(80)) values.set(name, std::int64_t{dice.between(1, most)});
  }
  if (policy.name == "e2fsck") values.set("window_bytes", std::int64_t{node_bytes} * dice(20));
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
    bool read_over = false;  // while it was
  };

  void live() {
    warm_up();
    const Parameters values = random_values(policy_, Dice(case_.seed));
    world_.make([&](const Context& context) { return policy_.make(context, values); });
    restartable_ = world_.strategy().restart_interval_s() > 0;
    int added = 0, restarts = 0;
    while (why_.empty() &&
           (added < case_.handles || !world_.in_flight().empty() || can_visit() || can_restart(restarts))) {
      intrude();
      if (dice_.percent(30)) visit();
      const int open = added - static_cast<int>(world_.finished().size());
      if (added < case_.handles && (open < case_.together || world_.in_flight().empty())) {
        add();
        ++added;
      } else if (!world_.in_flight().empty()) {
        complete();
      } else if (can_visit()) {
        visit();
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

  // Who visits a handle's range: its blocks in key order, from the last one on.
  struct Visit {
    HandleId handle = 0;
    std::vector<BlockId> blocks{};
  };

  bool can_visit() const { return !visits_.empty(); }

  void visit() {
    if (visits_.empty()) return;
    const std::size_t which = dice_(static_cast<std::uint32_t>(visits_.size()));
    Visit& visit = visits_[which];
    const BlockId block = visit.blocks.back();
    visit.blocks.pop_back();
    const HandleId handle = visit.handle;
    if (visit.blocks.empty()) visits_.erase(visits_.begin() + static_cast<std::ptrdiff_t>(which));
    world_.strategy().visited(handle, block);
    count_issued();
  }

  void warm_up() {
    const std::set<BlockId> roots = root_blocks();
    if (case_.room > 0) world_.set_room(roots.size() + static_cast<std::size_t>(case_.room));
    for (BlockId block = 0; block < world_.forest().blocks(); ++block) {
      const bool warm = dice_.percent(case_.warm);
      if (warm) world_.bring(block);
      state_[block].was_there = warm || roots.contains(block);
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
    std::vector<BlockId> blocks;
    want(root.root, nullptr, start, end, blocks);
    const bool is_visited = dice_.percent(case_.visits);
    if (is_visited) {
      std::reverse(blocks.begin(), blocks.end());
      visits_.push_back({world_.handles(), std::move(blocks)});
    }
    world_.add(root.objectid, start, end, is_visited);
  }

  std::set<BlockId> root_blocks() const {
    std::set<BlockId> roots;
    for (const TreeRoot& tree : world_.forest().trees) roots.insert(tree.root);
    return roots;
  }

  // The same as a search would visit, by the plainest means: a child is wanted if any key it may hold is.
  void want(BlockId block, const Key* top, const Key& start, const Key& end, std::vector<BlockId>& blocks) {
    const Forest& forest = world_.forest();
    state_[block].wanted = true;
    blocks.push_back(block);
    for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
      const Key next = p + 1 < forest.first_pointer[block + 1] ? forest.key(p + 1) : top ? *top : max_key;
      const bool bounded = p + 1 < forest.first_pointer[block + 1] || top;
      if (forest.key(p) < end && (!bounded || next > start))
        want(forest.child[p], bounded ? &next : nullptr, start, end, blocks);
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
    world_.bring(*block);
    state_[*block].was_there = true;
  }

  // Memory does not change while a policy decides: what it has read over was there.
  void count_issued() {
    decisions_ += world_.decisions().size();
    for (; counted_ < world_.issued().size(); ++counted_) {
      const Read& read = world_.issued()[counted_];
      for (BlockId b = read.block; b < read.block + read.blocks; ++b) {
        state_[b].reads += !world_.memory().holds(b);
        state_[b].read_over |= world_.memory().holds(b);
      }
    }
  }

  void at_end(int added) {
    if (static_cast<int>(world_.finished().size()) != added) why_ = "a handle that did not finish, or finished twice";
    std::set<HandleId> handles(world_.finished().begin(), world_.finished().end());
    if (handles.size() != world_.finished().size()) why_ = "a handle finished twice";
    if (case_.errors > 0 || !reads_all(policy_, case_)) return;
    const std::set<BlockId> hits(world_.hits().begin(), world_.hits().end());
    for (BlockId b = 0; b < state_.size(); ++b) {
      const auto& [wanted, was_there, reads, read_over] = state_[b];
      const bool served = reads > 0 || (was_there && (read_over || hits.contains(b)));
      if ((reads > 1 && case_.room == 0) || (wanted && !served))
        why_ = fmt::format("block {} was read {} times", world_.forest().logical[b], reads);
    }
  }

  const Policy& policy_;
  const Case case_;
  Dice dice_;
  World world_;
  std::vector<BlockState> state_;
  std::vector<Visit> visits_;
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
