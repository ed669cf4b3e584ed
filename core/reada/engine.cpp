#include "core/reada/engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace headway::reada {

namespace {

constexpr PointerId prefetched_ahead = 8;  // about the time that memory takes

// How far btrfs maps a request in one piece: on every profile but single no farther than to the end of the stripe,
// although the copies of a mirror go on (btrfs_get_io_geometry up to Linux 5.16; __btrfs_map_block in 2011).
std::uint64_t one_piece_bytes(const Volume& volume, std::uint32_t chunk_index, std::uint64_t logical) {
  const Chunk& chunk = volume.chunks()[chunk_index];
  const std::uint64_t bytes_left = volume.map_in(chunk_index, logical).bytes_left;
  if (chunk.profile == Profile::single) return bytes_left;
  return std::min(bytes_left, chunk.stripe_bytes - (logical - chunk.logical) % chunk.stripe_bytes);
}

std::vector<BlockId> find_straddling(const Volume& volume, const Forest& forest, const Zones& zones) {
  std::vector<BlockId> found;
  for (std::uint32_t s = 0; s < volume.stripe_set_count(); ++s) {
    const ZoneSet& set = zones.set(s);
    for (BlockId block = set.first; block < set.end; ++block) {
      if (one_piece_bytes(volume, set.chunk, forest.logical[block]) < forest.node_bytes) found.push_back(block);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Engine::Engine(const Context& context, const Settings& settings)
    : volume_(context.volume),
      forest_(context.forest),
      memory_(context.memory),
      port_(context.port),
      settings_(settings),
      zones_(context.volume, context.forest, settings),
      extents_(context.forest.blocks()),
      queued_(static_cast<std::uint32_t>(context.forest.blocks())),
      straddling_(find_straddling(context.volume, context.forest, zones_)),
      memory_faults_(context.memory_faults) {}

void Engine::add(HandleId handle, const Range& range) {
  const BlockId root = forest_.trees[range.tree].root;
  const ControlId control = controls_.add_handle(handle, range.start, range.end, root);
  const bool no_control_or_work = out_of_memory() || out_of_memory();
  if (no_control_or_work) count(Refusal::no_memory);
  const bool refused = no_control_or_work || !add_block(control, root, no_pointer, no_pointer);
  if (refused) {
    controls_.put(control);
    port_.finish(handle);
  }
  if (!no_control_or_work && (!refused || settings_.start_when_refused)) start_machine();
}

void Engine::complete(const Read& read, int error) {
  DeviceIndex scheduled_for = no_device;
  for (BlockId block = read.block; block < read.block + read.blocks; ++block) scheduled_for = hook(block, error);
  if (scheduled_for != no_device && settings_.count_until_completion) zones_.end_read(scheduled_for);
  start_machine();
}

void Engine::restart() {
  if (queued_works_ == 0 && running_works_ == 0) start_machine();
}

// Queues a work, which runs at once unless the driver runs works itself.
void Engine::start_machine() {
  ++queued_works_;
  if (!stepped_) run_works();
}

Engine::Refusal Engine::refusal(BlockId block) const {
  const ZoneSet& set = zones_.set(forest_.stripe_set[block]);
  if (set.copies > settings_.most_copies) return Refusal::many_copies;
  if (set.on_one_device && !settings_.dup_first_copy) return Refusal::one_device;
  const bool straddles = !straddling_.empty() && std::binary_search(straddling_.begin(), straddling_.end(), block);
  return straddles ? Refusal::straddling : Refusal::none;
}

bool Engine::add_block(ControlId control, BlockId block, PointerId pointer, PointerId top) {
  if (memory_faults_ && out_of_memory()) {  // of the extent, a zone or the record: the same to the caller
    count(Refusal::no_memory);
    return false;
  }
  if (!extents_.exists(block)) {
    if (const Refusal why = refusal(block); why != Refusal::none) {
      count(why);
      return false;
    }
    queued_.insert(block);
    zones_.count_up(forest_.stripe_set[block]);
  } else if (settings_.one_control_per_extent && extents_.first(block).control != control) {
    controls_.wait_for(control, extents_.first(block).control);
    return true;
  }
  extents_.add(block, {control, pointer}, top);
  ++controls_[control].elements;
  return true;
}

// The hook for a block that has been read, found or lost: its children join the queue, its records end, and so does the
// extent. Returns the device that it was scheduled for.
DeviceIndex Engine::hook(BlockId block, int error) {
  if (!extents_.exists(block)) return no_device;
  const DeviceIndex scheduled_for = extents_.scheduled_for(block);
  const PointerId top = extents_.top(block);
  hooked_.clear();
  extents_.take(block, hooked_);
  if (error == 0)
    add_children(block, top);
  else
    count(Refusal::failed);
  end_records();
  queued_.erase(block);
  zones_.count_down(forest_.stripe_set[block]);
  return scheduled_for;
}

// Children lie scattered over tables far larger than the caches.
void Engine::prefetch(BlockId block) const {
  extents_.prefetch(block);
  __builtin_prefetch(&forest_.stripe_set[block]);
}

void Engine::add_children(BlockId block, PointerId top) {
  const PointerId begin = forest_.first_pointer[block];
  const PointerId end = forest_.first_pointer[block + 1];
  if (begin == end) return;
  const std::uint64_t generation = forest_.generation[block];
  const auto matches = [&](const Record& record) {
    return record.pointer == no_pointer || forest_.child_generation[record.pointer] == generation ||
           controls_[record.control].trusts_generations;
  };
  for (PointerId pointer = begin; pointer < end; ++pointer) {
    if (pointer + prefetched_ahead < end) prefetch(forest_.child[pointer + prefetched_ahead]);
    const Key key = forest_.key(pointer);
    const PointerId next = pointer + 1 < end ? pointer + 1 : top;
    const Key next_key = next == no_pointer ? max_key : forest_.key(next);
    for (const Record& record : hooked_) {
      const Control& control = controls_[record.control];
      if (key < control.end && next_key > control.start && matches(record))
        add_block(record.control, forest_.child[pointer], pointer, next);
    }
  }
  for (const Record& record : hooked_) {
    if (matches(record)) continue;
    if (settings_.restart_on_mismatch)
      start_again(record.control, block, top);
    else
      count(Refusal::other_generation);
  }
}

// The node is not the one that its pointer meant; what is wanted below it is walked to anew, from the root.
void Engine::start_again(ControlId control, BlockId block, PointerId top) {
  const Key low = std::max(controls_[control].start, forest_.key(forest_.first_pointer[block]));
  const Key high = top == no_pointer ? controls_[control].end : std::min(controls_[control].end, forest_.key(top));
  const ControlId again = controls_.add_restart(control, low, high);
  add_block(again, controls_[again].root, no_pointer, no_pointer);
  if (controls_[again].elements == 0) {  // refused, or it would have to wait for itself
    controls_.put(again);
    drop_element(control);
  }
}

void Engine::end_records() {
  for (const Record& record : hooked_) drop_element(record.control);
}

void Engine::drop_element(ControlId control) {
  if (--controls_[control].elements > 0) return;
  controls_.put(control);
  if (controls_[control].parent != no_control) {
    drop_element(controls_[control].parent);
  } else {
    port_.finish(controls_[control].handle);
  }
  if (settings_.one_control_per_extent)
    controls_.release_waiters(control, [this](ControlId waiter) { drop_element(waiter); });
}

void Engine::put_handle(HandleId handle) { controls_.put(controls_.of_handle(handle)); }

void Engine::run_works() {
  StepCost ignored;
  while (queued_works_ > 0) {
    --queued_works_;
    ++running_works_;
    for (Work work; turn(work, ignored);) {
    }
    --running_works_;
  }
}

bool Engine::start_work(std::uint32_t& number) {
  if (queued_works_ == 0) return false;
  --queued_works_;
  ++running_works_;
  const auto idle = std::find_if(works_.begin(), works_.end(), [](const Work& work) { return !work.running; });
  number = static_cast<std::uint32_t>(idle - works_.begin());
  if (idle == works_.end()) works_.emplace_back();
  works_[number] = {.running = true};
  return true;
}

bool Engine::step_work(std::uint32_t number, StepCost& cost) {
  Work& work = works_[number];
  if (work.submitting != no_device) zones_.end_read(std::exchange(work.submitting, no_device));
  cost = {};
  while (cost.starts == 0) {
    if (turn(work, cost)) continue;
    work.running = false;
    --running_works_;
    return false;
  }
  return true;
}

bool Engine::turn(Work& work, StepCost& cost) {
  const auto device = zones_.worth_asking().first_in(work.next_device, zones_.devices());
  if (device == zones_.devices()) return end_of_round(work);
  work.next_device = device + 1;
  work.started += start_device(static_cast<DeviceIndex>(device), work, cost);
  return true;
}

bool Engine::end_of_round(Work& work) {
  work.total += work.started;
  if (work.started == 0 || work.total >= settings_.starts_per_work) {
    requeue(work);
    return false;
  }
  work.started = 0;
  work.next_device = 0;
  return true;
}

void Engine::requeue(const Work& work) {
  const bool wanted = settings_.requeue_after_any_start ? work.total > 0 : work.started > 0;
  if (!wanted || !settings_.requeue_two) return;
  for (int i = 0; i < 2; ++i) {
    ++queued_works_;
    if (settings_.most_live_works > 0 && queued_works_ + running_works_ > settings_.most_live_works) return;
  }
}

// A device's turn. Returns whether it started a read, or asked for a block that turned out to be in memory.
bool Engine::start_device(DeviceIndex device, Work& work, StepCost& cost) {
  if (!zones_.reading(device) && !zones_.pick(device, queued_, port_)) return false;
  BlockId block = queued_.first_in(zones_.next(device), zones_.current_set(device).end);
  if (block == zones_.current_set(device).end) {
    if (!zones_.pick(device, queued_, port_)) return false;
    block = queued_.first_in(zones_.next(device), zones_.current_set(device).end);
    assert(block < zones_.current_set(device).end);  // a zone is picked for its elements
  }
  zones_.set_next(device, block + 1);
  if (extents_.scheduled_for(block) != no_device) return false;
  zones_.start_read(device);
  ask(read_of(block, device), device, cost);
  if (settings_.count_until_completion) return true;
  if (stepped_) {
    work.submitting = device;  // until the step has taken its time
  } else {
    zones_.end_read(device);
  }
  return true;
}

void Engine::ask(const Read& first, DeviceIndex device, StepCost& cost) {
  Read read = first;
  ++cost.starts;
  extents_.schedule(read.block, device);
  if (!memory_.holds(read.block)) {
    if (settings_.coalesce_bytes > 0) coalesce(read, device);
    port_.issue(read);
    return;
  }
  ++cost.hooks;
  cost.hook_items += forest_.first_pointer[read.block + 1] - forest_.first_pointer[read.block];
  port_.hit(read);
  hook(read.block, 0);
  if (settings_.count_until_completion) zones_.end_read(device);
}

// Takes the blocks that follow without a gap into the same read, as far as they are queued and nobody reads them.
void Engine::coalesce(Read& read, DeviceIndex device) {
  const ZoneSet& set = zones_.current_set(device);
  const std::uint64_t most =
      std::min<std::uint64_t>(settings_.coalesce_bytes, volume_.map_in(set.chunk, read.logical).bytes_left);
  for (BlockId next = read.block + 1; next < set.end && read.bytes + forest_.node_bytes <= most; ++next) {
    if (forest_.logical[next] != read.logical + read.bytes || !queued_.contains(next) ||
        extents_.scheduled_for(next) != no_device || memory_.holds(next))
      break;
    extents_.schedule(next, device);
    ++read.blocks;
    read.bytes += forest_.node_bytes;
  }
  zones_.set_next(device, read.block + read.blocks);
}

Read Engine::read_of(BlockId block, DeviceIndex device) const {
  const ZoneSet& set = zones_.current_set(device);
  std::uint8_t copy = 0;
  while (set.zone[copy] != zones_.current(device)) ++copy;
  const std::uint64_t logical = forest_.logical[block];
  return {.block = block,
          .device = device,
          .mirror = static_cast<std::uint8_t>(copy + 1),
          .level = forest_.level[block],
          .bytes = forest_.node_bytes,
          .logical = logical,
          .physical = volume_.physical_in(set.chunk, zones_.stripe_set_of(zones_.current(device)), copy, logical)};
}

}  // namespace headway::reada
