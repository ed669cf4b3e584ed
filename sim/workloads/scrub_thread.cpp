#include "sim/workloads/scrub_thread.h"

#include <algorithm>

namespace headway {

ScrubThread::ScrubThread(ScrubWork& work)
    : work_(work),
      corrupt_(work.spec, work.stage.volume()),
      demand_(work.stage, work.stream, work.spec.background),
      reads_(work.spec, work.stage, work.stream, work.counters),
      parity_(work.spec, work.stage, corrupt_, reads_) {}

void ScrubThread::scrub_device(DeviceIndex device) {
  if (work_.spec.named) scrub_superblocks(device);
  const std::uint8_t uses = work_.spec.named ? UINT8_MAX : static_cast<std::uint8_t>(Chunk::data);
  for (const DataExtent& extent : device_extents(work_.stage.volume(), device, uses)) scrub_extent(extent);
  end_s_ = work_.stage.now_s();
}

void ScrubThread::scrub_by_logical_address() {
  const Volume& volume = work_.stage.volume();
  for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
    if (work_.spec.named && names_device(work_.spec.devices, volume, device)) scrub_superblocks(device);
  }
  for (std::uint32_t chunk = 0; chunk < volume.chunks().size(); ++chunk) {
    if (work_.spec.named || chunk_of(chunk).use & Chunk::data) scrub_chunk(chunk);
  }
  end_s_ = work_.stage.now_s();
}

// One after the other, as submit_bio_wait does.
void ScrubThread::scrub_superblocks(DeviceIndex device) {
  for (const std::uint64_t at : superblocks) {
    if (at + superblock_bytes > work_.stage.volume().devices()[device].bytes) return;
    const Read read{.device = device, .mirror = 1, .bytes = superblock_bytes, .physical = at};  // of no logical address
    reads_.beside({&read, 1});
  }
}

void ScrubThread::begin_chunk(std::uint32_t chunk, std::uint64_t bytes) {
  Stage& stage = work_.stage;
  if (!stage.policy().policy->is_search) {
    const double from_s = stage.now_s();
    std::vector<HandleId> handles;
    for (const Range& range : work_.trees.ranges(chunk)) handles.push_back(stage.add(range));
    for (const HandleId handle : handles) stage.wait(handle);
    ahead_s_ += stage.now_s() - from_s;
  }
  searches_ = work_.trees.searches(chunk, bytes);
  next_search_ = 0;
}

void ScrubThread::search_up_to(std::uint64_t offset) {
  for (; next_search_ < searches_.size(); ++next_search_) {
    const SearchAt& search = searches_[next_search_];
    if (search.offset > static_cast<double>(offset)) return;
    reads_.pull_plug();
    demand_.search(search.tree, search.key);
  }
}

void ScrubThread::scrub_extent(const DataExtent& extent) {
  begin_chunk(extent.chunk, extent.bytes);
  if (work_.spec.named || Volume::parity_of(chunk_of(extent.chunk).profile) > 0)
    scrub_rows(extent);
  else
    scrub_whole(extent);
  reads_.drain();  // and with it what rows of parity wait for
  parity_.drain();
}

// As the streams without a kernel's name have it: from end to end, whatever lies there.
void ScrubThread::scrub_whole(const DataExtent& extent) {
  const Chunk& chunk = chunk_of(extent.chunk);
  const std::uint64_t step = work_.spec.kernel.request_bytes;
  for (std::uint64_t offset = 0; offset < extent.bytes; offset += step) {
    search_up_to(offset);
    reads_.work(work_.spec.search_us * 1e-6);
    const Read read{.device = chunk.stripes[extent.stripe].device,
                    .mirror = 1,
                    .bytes = static_cast<std::uint32_t>(std::min(step, extent.bytes - offset)),
                    .logical = chunk.logical + offset * Volume::sets_of(chunk),
                    .physical = extent.physical + offset};
    reads_.send(read);
    if (corrupt_.any_in(read)) rebuild_later(extent.chunk, read);
  }
}

void ScrubThread::scrub_rows(const DataExtent& extent) {
  const Chunk& chunk = chunk_of(extent.chunk);
  const std::uint64_t data = Volume::data_stripes_of(chunk), unit = chunk.stripe_bytes;
  ContentsCursor contents(work_.contents[extent.chunk]);
  for (std::uint64_t row = 0; row * unit < extent.bytes; ++row) {
    search_up_to(row * unit);
    const std::uint32_t place = Volume::place_in_row(chunk, extent.stripe, row);
    if (place < data)
      scrub_data(extent, row, (row * data + place) * unit, contents);
    else if (contents.any_in(row * data * unit, (row + 1) * data * unit))
      check_parity(chunk, row);
  }
}

// The device's data stripe of a row, `first` bytes into the chunk: what lies in it, or all of it where a kernel goes by
// units and anything lies in it.
void ScrubThread::scrub_data(const DataExtent& extent, std::uint64_t row, std::uint64_t first,
                             ContentsCursor& contents) {
  const Chunk& chunk = chunk_of(extent.chunk);
  const std::uint64_t end = std::min(chunk.bytes, first + chunk.stripe_bytes);
  const bool whole = !work_.spec.kernel.streams();
  bool any = false;
  for (ByteRun run = contents.first_in(first, end); run.begin < run.end; run = contents.first_in(run.end, end)) {
    if (whole) run = {first, end};
    if (!any) reads_.work(work_.spec.search_us * 1e-6);
    any = true;
    const Read read{.device = chunk.stripes[extent.stripe].device,
                    .mirror = 1,
                    .bytes = static_cast<std::uint32_t>(run.end - run.begin),
                    .logical = chunk.logical + run.begin,
                    .physical = extent.physical + row * chunk.stripe_bytes + (run.begin - first)};
    reads_.unit({&read, 1});
    if (corrupt_.any_in(read)) rebuild_later(extent.chunk, read);
  }
}

// On the thread of the device that holds a parity of the row.
void ScrubThread::check_parity(const Chunk& chunk, std::uint64_t row) {
  const std::uint32_t data = Volume::data_stripes_of(chunk);
  reads_.work(data * work_.spec.search_us * 1e-6);
  if (work_.spec.kernel.streams()) return parity_.begin(chunk, row);
  scratch_.clear();
  append_row(chunk, row, 0, data, scratch_);
  reads_.beside(scratch_);
  if (work_.spec.checksum_bytes_per_s) work_.stage.sleep(chunk.stripe_bytes / *work_.spec.checksum_bytes_per_s);
  for (std::uint32_t place = 0; place < data; ++place) {
    if (!corrupt_.any_in(row_read(chunk, row, place))) continue;
    scratch_.clear();
    append_rebuild(chunk, row, place, corrupt_, scratch_);
    reads_.beside(scratch_);
  }
  scratch_.clear();
  append_row(chunk, row, first_checked(chunk, work_.spec.kernel.checks_parity_again), stripes_of_row(chunk), scratch_);
  reads_.beside(scratch_);
}

// Every copy, and every parity, of each unit together, so that nothing is read twice.
void ScrubThread::scrub_chunk(std::uint32_t index) {
  const Volume& volume = work_.stage.volume();
  const Chunk& chunk = chunk_of(index);
  const bool parity = Volume::parity_of(chunk.profile) > 0;
  const std::uint64_t units = parity ? Volume::data_stripes_of(chunk) : 1;
  const std::uint64_t step = units * chunk.stripe_bytes;
  begin_chunk(index, chunk.bytes);
  ContentsCursor contents(work_.contents[index]);
  for (std::uint64_t first = 0; first < chunk.bytes; first += step) {
    search_up_to(first);
    const std::uint64_t end = std::min(chunk.bytes, first + step);
    if (!contents.any_in(first, end)) continue;
    reads_.work(static_cast<double>(units) * work_.spec.search_us * 1e-6);
    scratch_.clear();
    if (parity) {
      append_row(chunk, first / step, 0, stripes_of_row(chunk), scratch_);
    } else {
      const Mapping mapping = volume.map_in(index, chunk.logical + first);
      for (std::uint8_t copy = 0; copy < mapping.copies; ++copy)
        scratch_.push_back({.device = mapping.copy[copy].device,
                            .mirror = static_cast<std::uint8_t>(copy + 1),
                            .bytes = static_cast<std::uint32_t>(end - first),
                            .logical = chunk.logical + first,
                            .physical = mapping.copy[copy].physical});
    }
    std::erase_if(scratch_, [&](const Read& read) { return !names_device(work_.spec.devices, volume, read.device); });
    reads_.unit(scratch_);
  }
  reads_.drain();
}

void ScrubThread::rebuild_later(std::uint32_t index, const Read& read) {
  const Volume& volume = work_.stage.volume();
  const Chunk& chunk = chunk_of(index);
  scratch_.clear();
  if (Volume::parity_of(chunk.profile) > 0) {
    const std::uint64_t stripe = (read.logical - chunk.logical) / chunk.stripe_bytes,
                        data = Volume::data_stripes_of(chunk);
    append_rebuild(chunk, stripe / data, static_cast<std::uint32_t>(stripe % data), corrupt_, scratch_);
  } else {
    const Mapping mapping = volume.map_in(index, read.logical);
    if (mapping.copies < 2) return;
    const bool first = mapping.copy[0].device == read.device && mapping.copy[0].physical == read.physical;
    const std::uint8_t other = first ? 1 : 0;
    corrupt_.append_sectors(read, true, scratch_);
    for (Read& sectors : scratch_) {
      sectors.device = mapping.copy[other].device;
      sectors.mirror = static_cast<std::uint8_t>(other + 1);
      sectors.physical = mapping.copy[other].physical + (sectors.physical - read.physical);
    }
  }
  reads_.beside_later(scratch_);
}

}  // namespace headway
