// See trial.h.
#include "core/properties/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/properties/random_values.h"

namespace headway {

namespace {

using namespace headway::testing;

constexpr std::array<Property, 13> all_properties{{
    {PropertyId::throws_nothing, "throws-nothing", "No call throws."},
    {PropertyId::sound_reads, "sound-reads", "Reads are of blocks that there are, from copies that lie there."},
    {PropertyId::not_in_memory, "not-in-memory", "No read begins or ends with a block that is in memory."},
    {PropertyId::not_in_flight, "not-in-flight", "No read takes in a block that the policy has in flight."},
    {PropertyId::sound_hits, "sound-hits", "What it reports as a hit is in memory."},
    {PropertyId::sound_zones, "sound-zones", "A zone that it names is one."},
    {PropertyId::finishes, "finishes", "Each handle ends, once, whatever fails; reads come to an end."},
    {PropertyId::ends_in_time, "ends-in-time", "A handle does not end before all that it wanted is there."},
    {PropertyId::reads_once, "reads-once", "Where nothing fails and memory has room no block is read twice."},
    {PropertyId::brings_all, "brings-all", "Each wanted block is read, or was there and is reported a hit."},
    {PropertyId::lets_go, "lets-go", "Where memory has a bound it holds no block any more in the end."},
    {PropertyId::deterministic, "deterministic", "The same work is decided alike again, wherever objects lie."},
    {PropertyId::returns, "returns", "Each call returns, and does not end the process."},
}};

struct Broken {
  Failure failure;
};

[[noreturn]] void fail(PropertyId id, std::string what) { throw Broken{{id, std::move(what)}}; }

PropertyId property_of(Clause clause) {
  switch (clause) {
    case Clause::memory: return PropertyId::not_in_memory;
    case Clause::flight: return PropertyId::not_in_flight;
    case Clause::hit: return PropertyId::sound_hits;
    case Clause::zone: return PropertyId::sound_zones;
    case Clause::handle: return PropertyId::finishes;
    case Clause::place: break;
  }
  return PropertyId::sound_reads;
}

// The engines of the reada family refuse some profiles and leave branches out on purpose (their own tests say when).
bool has_to_read_all(const Policy& policy, const Case& c) {
  if (c.errors > 0) return false;
  if (!of_reada_family(policy)) return true;
  const Profile profile = case_profiles[static_cast<std::size_t>(c.profile)];
  const bool crosses = c.crossing > 0 && profile != Profile::single;
  return c.mismatches == 0 && !crosses && Volume::copies_of(profile) <= 2 && profile != Profile::dup;
}

// The work, once.
class Work {
 public:
  Work(const Policy& policy, const Case& c, const Trial::Teller& teller)
      : policy_(policy),
        case_(c),
        teller_(teller),
        dice_(c.seed ^ 0x2545f491u),
        world_(layout()),
        state_(world_.forest().blocks()) {}

  // Throws Broken.
  void run(bool may_leave_out) {
    try {
      live(may_leave_out);
    } catch (const BrokenContract& broken) {
      tell();
      fail(property_of(broken.clause), broken.what());
    } catch (const std::exception& error) {
      tell();
      fail(PropertyId::throws_nothing, error.what());
    } catch (const Broken&) {
      tell();
      throw;
    } catch (...) {
      tell();
      fail(PropertyId::throws_nothing, "what is no std::exception");
    }
  }

  std::uint64_t decisions() const { return decisions_; }
  bool whole() const { return whole_; }
  const std::vector<std::string>& story() const { return story_; }
  const World& world() const { return world_; }

 private:
  struct BlockState {
    bool wanted = false;
    bool was_there = false;  // other than by the policy's reads, before it was wanted or since
    int reads = 0;           // while it was not in memory
    bool read_over = false;  // while it was
  };

  void live(bool may_leave_out) {
    warm_up();
    const Parameters values = random_values(policy_, Dice(case_.seed));
    for (const Parameter& parameter : values.declared())
      note(fmt::format("{} = {}", parameter.name, to_string(values.value(parameter.name))));
    world_.make([&](const Context& context) { return policy_.make(context, values); });
    restartable_ = world_.strategy().restart_interval_s() > 0;
    int added = 0, restarts = 0;
    while (added < case_.handles || !world_.in_flight().empty() || can_visit() || can_restart(restarts)) {
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
        note("restart");
        world_.strategy().restart();
        ++restarts;
      }
      look();
    }
    at_end(added, may_leave_out && !world_.strategy().left_out().empty());
    static_cast<void>(world_.strategy().dump());
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
    note(fmt::format("whoever visits for {} comes to {}", handle, logical(block)));
    world_.strategy().visited(handle, block);
    look();
  }

  void warm_up() {
    const std::set<BlockId> roots = root_blocks();
    if (case_.room > 0) world_.set_room(roots.size() + static_cast<std::size_t>(case_.room));
    for (BlockId block = 0; block < world_.forest().blocks(); ++block) {
      const bool warm = dice_.percent(case_.warm);
      if (warm) world_.bring(block);
      if (warm && !roots.contains(block)) note(fmt::format("{} is in memory", logical(block)));
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
    wanted_.push_back(blocks);
    const bool is_visited = dice_.percent(case_.visits);
    if (is_visited) {
      std::reverse(blocks.begin(), blocks.end());
      visits_.push_back({world_.handles(), std::move(blocks)});
    }
    note(fmt::format("add {}: tree {}{}", world_.handles(), root.objectid, of_keys(start, end)));
    world_.add(root.objectid, start, end, is_visited);
  }

  static std::string of_keys(const Key& start, const Key& end) {
    if (start == min_key && end == max_key) return "";
    return fmt::format(", keys from {} up to {}", start.objectid, end.objectid);
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
    const int error = dice_.percent(case_.errors) ? 5 : 0;
    note(fmt::format("{} {}", error == 0 ? "there is" : "cannot be read:", read.logical));
    world_.complete(read, error);
  }

  void intrude() {
    const auto block = random_intruder(case_, dice_, world_);
    if (!block || world_.memory().holds(*block)) return;
    note(fmt::format("somebody else brings {}", logical(*block)));
    world_.bring(*block);
    state_[*block].was_there = true;
  }

  std::uint64_t logical(BlockId block) const { return world_.forest().logical[block]; }

  // What was decided since the last time. Memory does not change while a policy decides: what it has read over was
  // there.
  void look() {
    tell();
    for (; counted_ < world_.issued().size(); ++counted_) {
      const Read& read = world_.issued()[counted_];
      for (BlockId b = read.block; b < read.block + read.blocks; ++b) {
        state_[b].reads += !world_.memory().holds(b);
        state_[b].read_over |= world_.memory().holds(b);
      }
    }
    if (counted_ > most_reads())
      fail(PropertyId::finishes, fmt::format("{} reads of {} blocks, and no end", counted_, state_.size()));
    for (; ended_ < world_.finished().size(); ++ended_) note_end(world_.finished()[ended_]);
  }

  // Errors are tried again from each copy; a block that has left a bounded memory, for each block of each readahead.
  std::size_t most_reads() const {
    const std::size_t blocks = state_.size();
    return 1000 + blocks * max_copies * static_cast<std::size_t>(case_.handles) * (case_.room > 0 ? blocks : 1);
  }

  void note(std::string line) {
    if (teller_) teller_(line);
    story_.push_back(std::move(line));
  }

  void tell() {
    std::vector<std::string> decisions = world_.decisions();
    decisions_ += decisions.size();
    for (std::string& decision : decisions) note("  " + std::move(decision));
  }

  // Whether all was there by then. What left out nothing can be told in the end.
  void note_end(HandleId handle) {
    if (case_.room > 0 || !has_to_read_all(policy_, case_) || !early_.empty()) return;
    for (const BlockId block : wanted_[handle]) {
      if (world_.memory().holds(block)) continue;
      early_ = fmt::format("handle {} ended, and block {}, which it wanted, was not there", handle, logical(block));
      return;
    }
  }

  void at_end(int added, bool has_left_out) {
    std::set<HandleId> ended(world_.finished().begin(), world_.finished().end());
    for (HandleId handle = 0; handle < static_cast<HandleId>(added); ++handle) {
      if (!ended.contains(handle)) fail(PropertyId::finishes, fmt::format("handle {} did not end", handle));
    }
    check_holders();
    whole_ = !has_left_out && has_to_read_all(policy_, case_);
    if (!whole_) return;
    const std::set<BlockId> hits(world_.hits().begin(), world_.hits().end());
    for (BlockId b = 0; b < state_.size(); ++b) {
      const auto& [wanted, was_there, reads, read_over] = state_[b];
      const bool served = reads > 0 || (was_there && (read_over || hits.contains(b)));
      if (reads > 1 && case_.room == 0)
        fail(PropertyId::reads_once, fmt::format("block {} was read {} times", logical(b), reads));
      if (wanted && !served)
        fail(PropertyId::brings_all, fmt::format("block {} was {}", logical(b),
                                                 was_there ? "there, and no hit" : "not read"));
    }
    if (!early_.empty()) fail(PropertyId::ends_in_time, early_);
  }

  void check_holders() const {
    if (world_.bound() == nullptr) return;
    std::vector<std::uint32_t> by_world(state_.size());
    for (const TreeRoot& tree : world_.forest().trees) ++by_world[tree.root];
    for (BlockId b = 0; b < state_.size(); ++b) {
      if (world_.bound()->holders(b) != by_world[b])
        fail(PropertyId::lets_go, fmt::format("block {} is held when all has ended", logical(b)));
    }
  }

  const Policy& policy_;
  const Case case_;
  const Trial::Teller& teller_;
  Dice dice_;
  World world_;
  std::vector<BlockState> state_;
  std::vector<std::vector<BlockId>> wanted_;  // by handle
  std::vector<Visit> visits_;
  std::size_t counted_ = 0, ended_ = 0;
  std::string early_;
  bool restartable_ = false;
  bool whole_ = false;
  std::uint64_t decisions_ = 0;
  std::vector<std::string> story_;
};

// While it lives, what is allocated lies elsewhere and in another order than it would: between, before and behind what
// this has taken and given back.
class OtherAddresses {
 public:
  explicit OtherAddresses(std::uint32_t seed) {
    Dice dice(seed);
    for (int i = 0; i < 600; ++i) kept_.emplace_back(std::size_t{16} << dice(6));
    for (std::size_t i = kept_.size(); i > 1; --i) std::swap(kept_[i - 1], kept_[dice(static_cast<std::uint32_t>(i))]);
    kept_.resize(kept_.size() / 2);
  }

 private:
  std::vector<std::vector<char>> kept_;
};

std::vector<std::string> describe(const World& world) {
  std::vector<std::string> lines;
  const Forest& forest = world.forest();
  for (const Chunk& chunk : world.volume().chunks()) {
    std::string places;
    for (const Stripe& stripe : chunk.stripes)
      places += fmt::format(" {}:{}", world.volume().devices()[stripe.device].devid, stripe.physical);
    lines.push_back(fmt::format("chunk {} {} on{}", chunk.logical, to_string(chunk.profile), places));
  }
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    std::string children;
    for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p)
      children += fmt::format(" {}", forest.logical[forest.child[p]]);
    lines.push_back(fmt::format("block {} level {}{}{}", forest.logical[block], forest.level[block],
                                children.empty() ? "" : ", points at", children));
  }
  for (const TreeRoot& tree : forest.trees)
    lines.push_back(fmt::format("tree {} root {}", tree.objectid, forest.logical[tree.root]));
  return lines;
}

std::optional<std::string> difference(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  const auto [at, other] = std::ranges::mismatch(first, second);
  if (at == first.end() && other == second.end()) return std::nullopt;
  const auto text = [](const auto& place, const auto& end) {
    return place == end ? std::string("nothing more") : place->substr(place->find_first_not_of(' '));
  };
  return fmt::format("the second time \"{}\" instead of \"{}\"", text(other, second.end()), text(at, first.end()));
}

}  // namespace

std::span<const Property> properties() { return all_properties; }
const Property& property(PropertyId id) { return all_properties[static_cast<std::size_t>(id)]; }

std::optional<Failure> Trial::run(const Teller& teller) {
  const bool may_leave_out = leaves_out_ == LeavesOut::what_it_says;
  Work first(policy_, case_, teller);
  story_ = describe(first.world());
  if (teller) std::ranges::for_each(story_, teller);
  std::optional<Failure> failure;
  try {
    first.run(may_leave_out);
  } catch (const Broken& broken) {
    failure = broken.failure;
  }
  decisions_ = first.decisions();
  whole_ = first.whole();
  story_.insert(story_.end(), first.story().begin(), first.story().end());
  if (failure) return failure;
  const OtherAddresses other(case_.seed);
  const Teller nobody;
  if (teller) teller("the same once more");
  Work second(policy_, case_, nobody);
  try {
    second.run(may_leave_out);
  } catch (const Broken& broken) {
    return Failure{PropertyId::deterministic, fmt::format("only the second time: {}", broken.failure.what)};
  }
  if (const auto what = difference(first.story(), second.story())) return Failure{PropertyId::deterministic, *what};
  return std::nullopt;
}

}  // namespace headway
