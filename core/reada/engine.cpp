#include "core/reada/engine.h"

#include <algorithm>
#include <cassert>

namespace headway::reada {

namespace {

std::vector<BlockId> find_straddling(const Volume& volume, const Forest& forest, const Zones& zones) {
  std::vector<BlockId> found;
  for (std::uint32_t s = 0; s < volume.stripe_set_count(); ++s) {
    const ZoneSet& set = zones.set(s);
    for (BlockId block = set.first; block < set.end; ++block) {
      if (volume.map_in(set.chunk, forest.logical[block]).bytes_left < forest.node_bytes) found.push_back(block);
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
      straddling_(find_straddling(context.volume, context.forest, zones_)) {}

void Engine::add(HandleId handle, const Range& range) {
  if (handle >= controls_.size()) controls_.resize(handle + 1);
  controls_[handle] = {range.start, range.end, 0, 2};
  const BlockId root = forest_.trees[range.tree].root;
  if (!add_block(handle, root, no_pointer, no_pointer)) {
    put_control(handle);
    port_.finish(handle);
  }
  queue_work();
  run_works();
}

void Engine::complete(const Read& read, int error) {
  hook(read.block, error);
  queue_work();
  run_works();
}

bool Engine::refused(BlockId block) const {
  const ZoneSet& set = zones_.set(forest_.stripe_set[block]);
  if (set.copies > settings_.most_copies) return true;
  if (set.on_one_device && !settings_.dup_first_copy) return true;
  return !straddling_.empty() && std::binary_search(straddling_.begin(), straddling_.end(), block);
}

bool Engine::add_block(HandleId handle, BlockId block, PointerId pointer, PointerId top) {
  if (!extents_.exists(block)) {
    if (refused(block)) return false;
    queued_.insert(block);
    zones_.count_up(forest_.stripe_set[block]);
  }
  extents_.add(block, {handle, pointer}, top);
  ++controls_[handle].elements;
  return true;
}

void Engine::hook(BlockId block, int error) {
  if (!extents_.exists(block)) return;
  const DeviceIndex scheduled_for = extents_.scheduled_for(block);
  const PointerId top = extents_.top(block);
  hooked_.clear();
  extents_.take(block, hooked_);
  if (error == 0) add_children(block, top);
  end_records();
  queued_.erase(block);
  zones_.count_down(forest_.stripe_set[block]);
  if (scheduled_for != no_device) zones_.end_read(scheduled_for);
}

void Engine::add_children(BlockId block, PointerId top) {
  const std::uint64_t generation = forest_.generation[block];
  const PointerId end = forest_.first_pointer[block + 1];
  for (PointerId pointer = forest_.first_pointer[block]; pointer < end; ++pointer) {
    const Key key = forest_.key(pointer);
    const PointerId next = pointer + 1 < end ? pointer + 1 : top;
    const Key next_key = next == no_pointer ? max_key : forest_.key(next);
    for (const Record& record : hooked_) {
      const std::uint64_t expected =
          record.pointer == no_pointer ? generation : forest_.child_generation[record.pointer];
      const Control& control = controls_[record.handle];
      if (expected == generation && key < control.end && next_key > control.start)
        add_block(record.handle, forest_.child[pointer], pointer, next);
    }
  }
}

void Engine::end_records() {
  for (const Record& record : hooked_) {
    if (--controls_[record.handle].elements > 0) continue;
    put_control(record.handle);
    port_.finish(record.handle);
  }
}

void Engine::put_control(HandleId handle) {
  assert(controls_[handle].references > 0);
  --controls_[handle].references;
}

void Engine::run_works() {
  while (queued_works_ > 0) {
    --queued_works_;
    run_work();
  }
}

void Engine::run_work() {
  const IdSet& devices = zones_.worth_asking();
  std::uint32_t started = 0;
  std::uint32_t total = 0;
  do {
    started = 0;
    for (auto d = devices.first_in(0, zones_.devices()); d < zones_.devices();
         d = devices.first_in(d + 1, zones_.devices()))
      started += start_device(static_cast<DeviceIndex>(d));
    total += started;
  } while (started > 0 && total < settings_.most_started_by_one_work);
  if (started > 0 && settings_.requeue_two) queued_works_ += 2;
}

std::uint32_t Engine::start_device(DeviceIndex device) {
  if (!zones_.reading(device) && !zones_.pick(device, queued_, port_)) return 0;
  BlockId block = queued_.first_in(zones_.next(device), zones_.current_set(device).end);
  if (block == zones_.current_set(device).end) {
    if (!zones_.pick(device, queued_, port_)) return 0;
    block = queued_.first_in(zones_.next(device), zones_.current_set(device).end);
    assert(block < zones_.current_set(device).end);  // a zone is picked for its elements
  }
  zones_.set_next(device, block + 1);
  if (extents_.scheduled_for(block) != no_device) return 0;
  extents_.schedule(block, device);
  zones_.start_read(device);
  const Read read = read_of(block, device);
  if (memory_.holds(block)) {
    port_.hit(read);
    hook(block, 0);
  } else {
    port_.issue(read);
  }
  return 1;
}

Read Engine::read_of(BlockId block, DeviceIndex device) const {
  const Mapping mapping = volume_.map_in(zones_.current_set(device).chunk, forest_.logical[block]);
  std::uint8_t copy = 0;
  while (mapping.copy[copy].device != device) ++copy;
  return {.block = block,
          .device = device,
          .mirror = static_cast<std::uint8_t>(copy + 1),
          .level = forest_.level[block],
          .bytes = forest_.node_bytes,
          .logical = forest_.logical[block],
          .physical = mapping.copy[copy].physical};
}

std::size_t Engine::live_controls() const {
  return static_cast<std::size_t>(
      std::count_if(controls_.begin(), controls_.end(), [](const Control& c) { return c.references > 0; }));
}

}  // namespace headway::reada
