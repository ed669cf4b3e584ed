// clairvoyant: what can be reached by who knows what nobody does. A reference, not a proposal: the upper bracket to the
// bound's lower one (sim/bound/).
//
// Rule. It knows every wanted block from the start (`knows: all`), or each once a node that points at it is in memory
// (`knows: parents`: what a bad order costs is then told apart from what not knowing costs), and is told what each read
// takes by the drive itself (ServiceOracle; without one, as on real disks, addresses stand for times).
//  * Copies: blocks go to the machine that has least to do of those that hold them, in pieces of neighbours, so that each
//    keeps to its own part of the addresses; a machine with nothing left takes from others' what it holds as well.
//  * Neighbours are read together, gaps of up to 32 KiB between them read over; with `knows: parents` no block is.
//  * Order, where heads move: one read at a time, chosen among the next `window` in a sweep that begins again at its end.
//    Of the nearest in time those are looked at further: the time of the `lookahead` reads that would come next, each the
//    nearest from where the one before ended. The more blocks there are the less is looked at, so that a decision
//    costs no more than a read's other work.
//  * Who learns of blocks from their parents reads nodes first where heads move, and leaves when all of them are known.
//  * Where few are left, all orders and copies are compared (M. Held, R. Karp, J. SIAM 10(1), 1962), and the best kept to.
//  * Drives without heads get all that they hold at once, in the order of addresses. So does every drive beside somebody
//    who visits a range (Range::is_visited): they wait for what has been asked for, and read for themselves, far from the
//    heads, what has not.
// A failed read is tried from the other copies, block by block, then the branch is left out.
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "core/id_set.h"
#include "core/policies/clairvoyant_plan.h"
#include "core/wanted.h"

namespace headway {

namespace {

using clairvoyant::Reach;
using clairvoyant::Unit;

constexpr std::uint64_t gap_bytes = 32 << 10;
constexpr std::uint64_t most_read_bytes_no_heads = 128 << 10;
constexpr std::size_t few_units = 9;

class Clairvoyant final : public Strategy {
 public:
  Clairvoyant(const Context& context, const Parameters& values);

  void add(HandleId handle, const Range& range) override;
  void complete(const Read& read, int error) override;

 private:
  static constexpr std::uint32_t nowhere = UINT32_MAX;

  struct Want2 {
    BlockId block = no_block;
    PointerId top = no_top;
  };
  // A copy of a block on its machine.
  struct Place {
    std::uint64_t offset = 0;  // bytes on the device
    BlockId block = no_block;
    std::uint8_t copy = 0;  // counted from 0
  };
  // Where a copy is found: a place in a machine's order.
  struct Spot {
    std::uint32_t machine = nowhere;
    std::uint32_t rank = 0;
  };
  // One that does a read after the other, or everything at once: an actuator, or a drive without heads.
  struct Machine {
    DeviceIndex device = 0;
    bool heads = true;
    std::vector<Place> order;         // of all that it holds, by address
    IdSet ready, own;                 // places in `order`: asked for and not yet read; and of those its own to read
    std::uint32_t own_count = 0;
    std::uint32_t sweep = 0;
    std::uint64_t head_byte = 0;      // where the last read will end
    double free_s = 0;                // and when
    std::uint32_t under_way = 0;
    std::vector<Unit> plan;           // what is left of it, the next last
  };

  void make_machines();
  void ask(HandleId handle, const Want2& want);
  void gather(HandleId handle, BlockId block, PointerId top);
  void make_ready(BlockId block);
  void divide();
  void go_on();
  void issue_next(std::size_t machine);
  void issue(Machine& machine, const Unit& unit);
  void take(BlockId block);
  bool plan_few();
  bool brought_by_others(const Unit& unit);
  void hit(BlockId block);
  Unit unit_at(std::size_t machine, std::uint32_t rank, const IdSet& set) const;
  bool may_read_over(BlockId from, BlockId to) const;
  std::size_t most_calls() const;
  std::vector<Unit> window(std::size_t machine) const;
  std::size_t best_of(const Machine& machine, const std::vector<Unit>& units) const;
  void ended(BlockId block, bool there);
  void retry(const Read& read, BlockId block);
  bool is_ready(BlockId block) const { return ready_.holds(block); }
  bool has_failed(BlockId block, std::size_t copy) const {
    if (tried_.empty()) return false;
    const auto failed = tried_.find(block);
    return failed != tried_.end() && (failed->second >> copy & 1) != 0;
  }
  // Of its copies, as many as it has.
  std::span<const Spot> spots(BlockId block) const {
    std::span<const Spot> own(spots_.data() + block * each_, each_);
    while (own.size() > 1 && own.back().machine == nowhere) own = own.first(own.size() - 1);
    return own;
  }
  const Place& place(const Spot& spot) const { return machines_[spot.machine].order[spot.rank]; }

  static constexpr std::uint64_t over = UINT64_MAX;

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  const double& now_s_;
  const Reach reach_;
  const bool knows_all_;
  const std::size_t window_size_, lookahead_;
  const std::uint64_t join_bytes_;
  std::size_t each_ = 1;
  std::vector<Machine> machines_;
  std::vector<Spot> spots_;  // by block and copy
  Memory ready_, in_flight_;
  std::size_t ready_count_ = 0, most_ready_ = 0;
  IdSet fresh_;  // ready, and nobody's yet
  std::size_t fresh_count_ = 0;
  std::size_t open_nodes_ = 0;  // that are asked for and not there
  std::vector<BlockId> held_back_;
  Wanted wanted_;
  std::vector<Want> arrived_;
  std::vector<std::uint64_t> outstanding_;  // by handle: blocks that it waits for, or `over`
  std::vector<Range> ranges_;               // by handle
  std::vector<HandleId> closing_;           // handles that may be at their end
  std::map<BlockId, std::uint32_t> tried_;  // copies that failed
  bool planned_ = false;
  bool visited_ = false;
};

Clairvoyant::Clairvoyant(const Context& context, const Parameters& values)
    : volume_(context.volume),
      forest_(context.forest),
      memory_(context.memory),
      port_(context.port),
      now_s_(context.now_s),
      reach_(context.oracle, context.traits),
      knows_all_(values.choice("knows") == "all"),
      window_size_(static_cast<std::size_t>(values.integer("window"))),
      lookahead_(static_cast<std::size_t>(values.integer("lookahead"))),
      join_bytes_(static_cast<std::uint64_t>(values.integer("aggregation_bytes"))),
      ready_(context.forest.blocks()),
      in_flight_(context.forest.blocks()),
      fresh_(static_cast<std::uint32_t>(context.forest.blocks())),
      wanted_(context.forest.blocks()) {
  make_machines();
}

void Clairvoyant::make_machines() {
  std::vector<std::uint32_t> first_machine;  // by device
  for (DeviceIndex device = 0; device < volume_.devices().size(); ++device) {
    first_machine.push_back(static_cast<std::uint32_t>(machines_.size()));
    for (std::uint32_t m = 0; m < reach_.machines(device); ++m) {
      machines_.emplace_back();
      machines_.back().device = device;
      machines_.back().heads = reach_.heads(device);
    }
  }
  for (const Chunk& chunk : volume_.chunks())
    each_ = std::max<std::size_t>(each_, static_cast<std::size_t>(Volume::copies_of(chunk.profile)));
  for (BlockId block = 0; block < forest_.blocks(); ++block) {
    const Mapping at = volume_.map_in(volume_.chunk_of_set(forest_.stripe_set[block]), forest_.logical[block]);
    for (std::uint8_t c = 0; c < at.copies; ++c) {
      const std::uint64_t offset = at.copy[c].physical;
      const std::uint32_t m = first_machine[at.copy[c].device] + reach_.machine_of(at.copy[c].device, offset);
      machines_[m].order.push_back({offset, block, c});
    }
  }
  spots_.resize(forest_.blocks() * each_);
  for (std::uint32_t m = 0; m < machines_.size(); ++m) {
    Machine& machine = machines_[m];
    const auto address = [](const Place& p) { return std::pair(p.offset, p.block); };
    if (!std::ranges::is_sorted(machine.order, {}, address)) std::ranges::sort(machine.order, {}, address);
    for (std::uint32_t rank = 0; rank < machine.order.size(); ++rank) {
      const Place& at = machine.order[rank];
      spots_[at.block * each_ + at.copy] = {m, rank};
    }
    machine.ready = machine.own = IdSet(static_cast<std::uint32_t>(machine.order.size()));
  }
}

void Clairvoyant::add(HandleId handle, const Range& range) {
  if (handle >= ranges_.size()) {
    ranges_.resize(handle + 1);
    outstanding_.resize(handle + 1);
  }
  ranges_[handle] = range;
  visited_ |= range.is_visited;
  ask(handle, {forest_.trees[range.tree].root, no_top});
  closing_.push_back(handle);
  go_on();
}

// Recurses once a level at most: levels fall.
void Clairvoyant::ask(HandleId handle, const Want2& want) {
  if (memory_.holds(want.block)) {
    hit(want.block);
    return gather(handle, want.block, want.top);
  }
  const bool known = wanted_.any(want.block);
  wanted_.add(want.block, {handle, want.top});
  ++outstanding_[handle];
  open_nodes_ += !known && forest_.level[want.block] > 0;
  if (!known && !in_flight_.holds(want.block)) make_ready(want.block);
  if (knows_all_) gather(handle, want.block, want.top);
}

void Clairvoyant::gather(HandleId handle, BlockId block, PointerId top) {
  for_each_child_in(forest_, block, top, ranges_[handle], [&](PointerId pointer, PointerId child_top) {
    ask(handle, {forest_.child[pointer], child_top});
  });
}

void Clairvoyant::make_ready(BlockId block) {
  const auto own = spots(block);
  const bool waits = !knows_all_ && forest_.level[block] == 0 && open_nodes_ > 0;
  if (waits && machines_[own[0].machine].heads) return held_back_.push_back(block);
  for (std::size_t c = 0; c < own.size(); ++c) {
    if (!has_failed(block, c)) machines_[own[c].machine].ready.insert(own[c].rank);
  }
  ready_.insert(block);
  fresh_.insert(block);
  ++fresh_count_;
  most_ready_ = std::max(most_ready_, ++ready_count_);
  planned_ = false;
}

// Gives fresh blocks to machines: those with one copy first, then pieces of neighbours to who has least.
void Clairvoyant::divide() {
  const std::size_t piece = std::max<std::size_t>(1, fresh_count_ / (8 * machines_.size()));
  for (const bool shared : {false, true}) {
    std::uint32_t set = UINT32_MAX;
    std::size_t chosen = 0;
    std::size_t left = 0;
    for (BlockId block = 0; (block = fresh_.first_in(block, fresh_.size())) < fresh_.size(); ++block) {
      const auto own = spots(block);
      if ((own.size() > 1) != shared) continue;
      fresh_.erase(block);
      if (forest_.stripe_set[block] != set || left == 0 || has_failed(block, chosen)) {
        set = forest_.stripe_set[block];
        left = piece;
        std::uint32_t least = UINT32_MAX;
        for (std::size_t c = 0; c < own.size(); ++c) {
          if (has_failed(block, c) || machines_[own[c].machine].own_count >= least) continue;
          least = machines_[own[c].machine].own_count;
          chosen = c;
        }
      }
      --left;
      Machine& machine = machines_[own[chosen].machine];
      machine.own.insert(own[chosen].rank);
      ++machine.own_count;
    }
  }
  fresh_count_ = 0;
}

void Clairvoyant::go_on() {
  do {  // again where a hit has made others ready
    if (open_nodes_ == 0) {
      for (const BlockId block : std::exchange(held_back_, {})) make_ready(block);
    }
    if (fresh_count_ > 0) divide();
    if (!planned_ && !visited_ && ready_count_ > 0 && ready_count_ <= 8 * few_units) planned_ = plan_few();
    for (std::size_t m = 0; m < machines_.size(); ++m) issue_next(m);
  } while (fresh_count_ > 0 || (open_nodes_ == 0 && !held_back_.empty()));
  while (!closing_.empty()) {
    const HandleId handle = closing_.back();
    closing_.pop_back();
    if (outstanding_[handle] != 0) continue;
    outstanding_[handle] = over;
    port_.finish(handle);
  }
}

void Clairvoyant::issue_next(std::size_t m) {
  Machine& machine = machines_[m];
  if (!machine.heads || visited_) {
    for (std::uint32_t at = 0; !planned_ && (at = machine.own.first_in(at, machine.own.size())) < machine.own.size();) {
      const Unit unit = unit_at(m, at, machine.own);
      if (!brought_by_others(unit)) issue(machine, unit);
    }
    return;
  }
  while (machine.under_way < reach_.at_once(machine.device)) {
    Unit next;
    if (planned_) {
      if (machine.plan.empty()) return;  // others do the rest
      next = machine.plan.back();
      machine.plan.pop_back();
      if (!is_ready(next.block)) continue;  // read over meanwhile
    } else {
      const std::vector<Unit> units = window(m);
      if (units.empty()) return;
      next = units[best_of(machine, units)];
    }
    if (!brought_by_others(next)) issue(machine, next);
  }
}

// What of it is in memory is a hit; the rest is as ready as before, and the plan is off.
bool Clairvoyant::brought_by_others(const Unit& unit) {
  bool any = false;
  for (BlockId block = unit.block; block < unit.block + unit.blocks; ++block) {
    if (!is_ready(block) || !memory_.holds(block)) continue;
    any = true;
    take(block);
    hit(block);
    ended(block, true);
  }
  if (any) planned_ = false;
  return any;
}

void Clairvoyant::hit(BlockId block) {
  const Spot& first = spots(block)[0];
  port_.hit({.block = block,
             .device = machines_[first.machine].device,
             .mirror = 1,
             .level = forest_.level[block],
             .bytes = forest_.node_bytes,
             .logical = forest_.logical[block],
             .physical = place(first).offset});
}

// A ready block with the ready ones that follow it closely on the same copy.
Unit Clairvoyant::unit_at(std::size_t m, std::uint32_t rank, const IdSet& set) const {
  const Machine& machine = machines_[m];
  const Place& first = machine.order[rank];
  Unit unit{.block = first.block,
            .blocks = 1,
            .copy = first.copy,
            .offset = first.offset,
            .end = first.offset + forest_.node_bytes};
  if (!tried_.empty() && tried_.contains(unit.block)) return unit;  // alone, to tell whether it can be read
  const std::uint64_t most = machine.heads ? join_bytes_ : std::min(join_bytes_, most_read_bytes_no_heads);
  const std::uint64_t gap = machine.heads ? gap_bytes : 0;
  for (std::uint32_t next = rank; (next = set.first_in(next + 1, set.size())) < set.size();) {
    const auto& [offset, block, copy] = machine.order[next];
    if (copy != unit.copy || forest_.stripe_set[block] != forest_.stripe_set[unit.block]) break;
    if (offset < unit.end || offset - unit.end > gap || offset + forest_.node_bytes - unit.offset > most) break;
    if (memory_.holds(block) || !may_read_over(unit.block + unit.blocks, block)) break;
    unit.blocks = block - unit.block + 1;
    unit.end = offset + forest_.node_bytes;
  }
  return unit;
}

// Who knows only what parents told reads no block that nobody asked for.
bool Clairvoyant::may_read_over(BlockId from, BlockId to) const {
  if (!knows_all_ && from != to) return false;
  for (BlockId block = from; block < to; ++block) {
    if (in_flight_.holds(block)) return false;
  }
  return from <= to && (tried_.empty() || !tried_.contains(to));
}

// So many reads may be reckoned for a decision.
std::size_t Clairvoyant::most_calls() const {
  constexpr double work = 1.6e7;
  return static_cast<std::size_t>(std::clamp(work / static_cast<double>(most_ready_), 16.0, 4000.0));
}

// The next units of the sweep; of others' blocks where it has none of its own.
std::vector<Unit> Clairvoyant::window(std::size_t m) const {
  const Machine& machine = machines_[m];
  const std::size_t most = std::min(window_size_, most_calls());
  std::vector<Unit> units;
  for (const IdSet* set : {&machine.own, &machine.ready}) {
    const std::uint32_t size = set->size();
    for (const auto& [from, to] : {std::pair(machine.sweep, size), std::pair(0u, machine.sweep)}) {
      for (std::uint32_t at = set->first_in(from, to); at < to && units.size() < most;) {
        units.push_back(unit_at(m, at, *set));
        const Unit& unit = units.back();
        at = set->first_in(spots(unit.block + unit.blocks - 1)[unit.copy].rank + 1, to);
      }
    }
    if (!units.empty()) break;
  }
  return units;
}

std::size_t Clairvoyant::best_of(const Machine& machine, const std::vector<Unit>& units) const {
  return clairvoyant::best_next(reach_, machine.device, machine.head_byte, now_s_, units, lookahead_, most_calls());
}

void Clairvoyant::issue(Machine& machine, const Unit& unit) {
  for (BlockId block = unit.block; block < unit.block + unit.blocks; ++block) {
    take(block);
    in_flight_.insert(block);
  }
  machine.free_s = now_s_ + reach_.service_s(machine.device, machine.head_byte, unit.offset, unit.bytes(), now_s_);
  machine.head_byte = unit.end;
  // The sweep stands at the first that is left, and begins again when none is before its end.
  const std::uint32_t left = machine.own.first_in(machine.sweep, machine.own.size());
  machine.sweep = left < machine.own.size() ? left : 0;
  ++machine.under_way;
  port_.issue({.block = unit.block,
               .blocks = unit.blocks,
               .device = machine.device,
               .mirror = static_cast<std::uint8_t>(unit.copy + 1),
               .level = forest_.level[unit.block],
               .bytes = unit.bytes(),
               .logical = forest_.logical[unit.block],
               .physical = unit.offset});
}

// A block is nobody's to read any more.
void Clairvoyant::take(BlockId block) {
  if (!ready_.holds(block)) return;
  ready_.evict(block);
  --ready_count_;
  for (const Spot& spot : spots(block)) {
    Machine& machine = machines_[spot.machine];
    machine.ready.erase(spot.rank);
    if (!machine.own.contains(spot.rank)) continue;
    machine.own.erase(spot.rank);
    --machine.own_count;
  }
}

// Compares all ways to read what is left, if that is little.
bool Clairvoyant::plan_few() {
  std::vector<clairvoyant::Start> starts;
  for (std::size_t m = 0; m < machines_.size(); ++m) {
    machines_[m].plan.clear();
    starts.push_back({machines_[m].device, machines_[m].heads, machines_[m].head_byte,
                      machines_[m].under_way > 0 ? std::max(now_s_, machines_[m].free_s) : now_s_});
  }
  std::vector<std::vector<clairvoyant::Choice>> choices;  // by group of neighbours, where each of its copies is
  Memory grouped(forest_.blocks());
  for (std::size_t m = 0; m < machines_.size(); ++m) {
    const IdSet& ready = machines_[m].ready;
    for (std::uint32_t at = 0; (at = ready.first_in(at, ready.size())) < ready.size(); ++at) {
      const BlockId begin = machines_[m].order[at].block;
      if (memory_.holds(begin)) return false;  // a hit: it will be met
      if (grouped.holds(begin)) continue;
      Unit unit = unit_at(m, at, ready);
      choices.emplace_back();
      if (choices.size() > few_units) return false;
      for (BlockId block = unit.block; block < unit.block + unit.blocks; ++block) grouped.insert(block);
      for (const Spot& spot : spots(unit.block)) {
        if (!machines_[spot.machine].ready.contains(spot.rank)) continue;
        const Place& first = place(spot);
        Unit other = unit;
        other.copy = first.copy;
        other.offset = first.offset;
        other.end = first.offset + unit.bytes();
        choices.back().push_back({spot.machine, other});
      }
    }
  }
  auto plans = clairvoyant::best_plans(reach_, starts, choices);
  for (std::size_t m = 0; m < machines_.size(); ++m) {
    if (machines_[m].heads) {
      machines_[m].plan = std::move(plans[m]);
      continue;
    }
    for (auto unit = plans[m].rbegin(); unit != plans[m].rend(); ++unit) issue(machines_[m], *unit);
    machines_[m].plan.clear();
  }
  return true;
}

void Clairvoyant::complete(const Read& read, int error) {
  --machines_[spots(read.block)[read.mirror - 1u].machine].under_way;
  for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
    in_flight_.evict(block);
    if (error == 0 || memory_.holds(block))
      ended(block, true);
    else
      retry(read, block);
  }
  go_on();
}

void Clairvoyant::retry(const Read& read, BlockId block) {
  if (!wanted_.any(block)) return;  // read over
  // A read of several tells of no block that it cannot be read.
  std::uint32_t& tried = tried_[block];
  if (read.blocks == 1) tried |= 1u << (read.mirror - 1);
  if (tried + 1 == 1u << spots(block).size()) {
    tried_.erase(block);
    return ended(block, false);
  }
  make_ready(block);
}

void Clairvoyant::ended(BlockId block, bool there) {
  if (!tried_.empty()) tried_.erase(block);
  wanted_.take(block, arrived_);
  open_nodes_ -= forest_.level[block] > 0 && !arrived_.empty();
  for (const Want& want : arrived_) {
    if (there && !knows_all_) gather(want.handle, block, want.top);
    if (--outstanding_[want.handle] == 0) closing_.push_back(want.handle);
  }
}

std::vector<Parameter> parameters() {
  return {{.name = "knows",
           .default_value = std::string("all"),
           .sentence = "What it knows of blocks: all from the start, or each when a node that points at it is there.",
           .choices = {"all", "parents"}},
          {.name = "window",
           .default_value = std::int64_t{40},
           .unit = "reads",
           .sentence = "Of a sweep, so many are compared for which is next.",
           .low = 1,
           .high = 4096},
          {.name = "lookahead",
           .default_value = std::int64_t{5},
           .unit = "reads",
           .sentence = "So many reads behind the next are thought through.",
           .low = 0,
           .high = 64},
          {.name = "aggregation_bytes",
           .default_value = std::int64_t{1} << 20,
           .unit = "bytes",
           .sentence = "Length of a joined read at most; of a drive without heads 128 KiB.",
           .low = 0,
           .high = std::int64_t{1} << 26}};
}

}  // namespace

extern const Policy policy_clairvoyant;
const Policy policy_clairvoyant{
    .name = "clairvoyant",
    .sentence = "Reference: knows all blocks and what each read takes; the best order and copies that it finds.",
    .source = "none; what can be reached, beside the bound that cannot be passed",
    .parameters = parameters(),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<Clairvoyant>(context, values);
    },
    .foresees = [](const Parameters& values) { return values.choice("knows") == "all"; }};

}  // namespace headway
