#include "sim/driver/driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>

#include "core/mixed.h"
#include "sim/driver/memory_at_start.h"
#include "sim/driver/shortfall.h"

namespace headway {

namespace {

std::unique_ptr<MemoryFaults> make_memory_faults(const DriverParts& parts) {
  const auto rate = memory_error_rate(parts.faults);
  return rate ? std::make_unique<MemoryFaults>(*rate, parts.seed) : nullptr;
}

}  // namespace

Driver::Driver(DriverParts parts, DevicePort& devices, Actors& actors)
    : parts_(std::move(parts)),
      devices_(devices),
      actors_(actors),
      memory_(parts_.layout.forest.blocks()),
      was_read_(parts_.layout.forest.blocks()),
      has_left_(parts_.memory_bytes > 0 ? parts_.layout.forest.blocks() : 0),
      failed_(parts_.layout.forest.blocks()),
      pending_at_(parts_.layout.volume.devices().size()),
      recorder_(parts_.layout.volume, parts_.layout.forest, parts_.trace),
      read_errors_(parts_.faults, parts_.seed),
      needed_(parts_.layout.forest),
      memory_faults_(make_memory_faults(parts_)) {
  assert(parts_.traits.size() == parts_.layout.volume.devices().size());
  const Forest& forest = parts_.layout.forest;
  if (parts_.memory_bytes > 0) bound_.emplace(memory_, forest.blocks(), parts_.memory_bytes / forest.node_bytes);
  if (parts_.watched) watch_.emplace(parts_.layout.forest.blocks());
  strategy_ = parts_.policy.policy->make({parts_.layout.volume, parts_.layout.forest, memory_, *this, now_s_,
                                          parts_.traits, pending_at_, parts_.seed, memory_faults_.get(), bound(),
                                          parts_.oracle},
                                         parts_.policy.parameters);
  warm_up(memory_, bound(), forest, parts_.warm_fraction, parts_.seed);
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    if (memory_.holds(block)) recorder_.cached(0, block);
  }
}

void Driver::throw_too_late() const {
  throw std::runtime_error(
      fmt::format("the run takes more than {:.0f} s of simulated time, beyond which the clock "
                  "does not tell reads apart",
                  latest_s));
}

// Into memory.
void Driver::bring(BlockId block) {
  if (!bound_) return memory_.insert(block);
  bound_->insert(block, [&](BlockId gone) {
    has_left_.insert(gone);
    recorder_.evict(now_s_, gone);
  });
}

Memory Driver::ever_there() const {
  Memory all = was_read_;
  if (bound_) all.insert_all_of(has_left_);
  return all;
}

void Driver::issue(const Read& read) {
  assert(read.device < parts_.traits.size() && read.blocks >= 1 && read.bytes > 0);
  assert(!memory_.holds(read.block));
  ++issues_;
  if (watch_) {
    if (watch_->joins(read)) return recorder_.hit(now_s_, read);
    watch_->issued(read);
  }
  send({.read = read, .background = background_ || strategy_->idle_class()}, nullptr);
}

void Driver::submit(const OwnRequest& request, OwnRequestSink& sink) {
  if (request.merged > 0 && request.recorded) recorder_.merged(request.read.device, request.merged);
  send(request, &sink);
}

void Driver::send(const OwnRequest& request, OwnRequestSink* sink) {
  const Read& read = request.read;
  std::uint32_t tag;
  if (free_tags_.empty()) {
    tag = static_cast<std::uint32_t>(pending_.size());
    pending_.push_back({request, sink, now_s_});
  } else {
    tag = free_tags_.back();
    free_tags_.pop_back();
    pending_[tag] = {request, sink, now_s_};
  }
  if (request.recorded) {
    ++recorded_in_flight_;
    recorder_.issue(now_s_, read);
  }
  ++pending_at_[read.device];
  devices_.submit(read.device,
                  {.tag = tag,
                   .offset_bytes = read.physical,
                   .bytes = read.bytes,
                   .write = request.write,
                   .background = request.background,
                   .stream = request.stream},
                  now_s_);
}

// The data are in memory, or it is known that they will not be.
void Driver::completed(const DriveCompletion& completion, int device_error) {
  if (over_) return;
  const auto tag = static_cast<std::uint32_t>(completion.tag);
  assert(tag < pending_.size() && pending_[tag].issued_s <= completion.end_s);  // and has not ended before
  advance_to(completion.end_s);
  const Pending done = pending_[tag];
#ifndef NDEBUG
  pending_[tag].issued_s = std::numeric_limits<double>::infinity();  // for the assertion above
#endif
  free_tags_.push_back(tag);
  --pending_at_[done.request.read.device];
  const int fault = error_of(done.request);
  const int error = device_error != 0 ? device_error : fault;
  const Read& read = done.request.read;
  if (done.request.recorded) {
    --recorded_in_flight_;
    if (error != 0 && read.block == no_block && !done.request.has_other_copies)
      missing_data_digest_ += mixed(read.physical + mixed(read.device + 1));
  }
  if (done.sink == nullptr && error == 0) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      bring(block);
      was_read_.insert(block);
    }
    blocks_read_ += read.blocks;
  }
  if (done.sink == nullptr && error != 0) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) failed_.insert(block);
  }
  if (done.sink == nullptr && watch_) watch_->ended(read, actors_, now_s_);
  if (done.request.recorded) recorder_.complete(now_s_, read, error, completion.times, done.issued_s);
  if (done.sink == nullptr) return report(read, error);
  done.sink->ended(done.request, {done.issued_s, now_s_, error});
}

RunMetrics Driver::metrics(double elapsed_s) const {
  const std::uint64_t blocks_read = blocks_read_ + (bound_ ? blocks_read_beside_ : 0);
  RunMetrics metrics = recorder_.metrics(elapsed_s, blocks_read - needed_.count_in(was_read_));
  const NeededBlocks::Missing missing = needed_.outside(memory_, ever_there());
  metrics.run[MetricId::missing_blocks] = static_cast<double>(missing.count);
  metrics.missing_digest = missing.digest + missing_data_digest_;
  return metrics;
}

int Driver::error_of(const OwnRequest& request) {
  if (parts_.faults.empty()) return 0;
  const std::uint64_t devid = parts_.layout.volume.devices()[request.read.device].devid;
  return request.write ? read_errors_.error_of_write(devid, now_s_) : read_errors_.error_of(devid, request.read, now_s_);
}

// Tells the policy of a read's end, as soon as a CPU gets round to it.
void Driver::report(const Read& read, int error) {
  if (cpus_) {
    cpus_->arrived(read, error, now_s_);
  } else {
    strategy_->complete(read, error);
  }
}

void Driver::block_ended(const Read& read, int error) {
  if (error == 0) {
    blocks_read_beside_ += !memory_.holds(read.block);
    if (bound_) was_read_.insert(read.block);
    bring(read.block);
  } else {
    failed_.insert(read.block);
  }
  watch_->ended(read, actors_, now_s_);
  for (const Read& joined : watch_->take_joined(read.block)) report(joined, error);
}

std::vector<std::string> Driver::notes() const {
  const Memory was_there = ever_there();
  const Shortfall shortfall = shortfall_of(parts_.layout.forest, needed_, {memory_, was_there, failed_});
  PolicyWork work{issues_, blocks_read_beside_, strategy_->left_out()};
  for (const Device& device : parts_.layout.volume.devices()) {
    const auto takes_it = [&](const auto& fault) { return fault->devid == device.devid && fault->is_gone(now_s_); };
    if (shortfall.failed > 0 && std::ranges::any_of(parts_.faults, takes_it))
      work.left_out.push_back(fmt::format("device {} was gone", device.devid));
  }
  return shortfall_notes(shortfall, work);
}

void Driver::finish(HandleId handle) {
  recorder_.finish(now_s_, handle);
  handle_sink_->finished(handle);
}

}  // namespace headway
