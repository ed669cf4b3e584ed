#include "models/layout/btrfs/block_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "models/layout/btrfs/parity.h"

namespace headway {

void BlockReader::note(Failure failure) {
  if (!failure_) failure_ = std::move(failure);
}

bool BlockReader::read_piece(DeviceIndex device, std::uint64_t physical, std::span<std::byte> to) {
  devid_ = volume_.devices()[device].devid;
  physical_ = physical;
  const std::string place = fmt::format("byte {}", physical);
  if (!images_.has(devid_)) {
    note({"", place, images_.device_text(devid_), "no image of it"});
    return false;
  }
  std::string reason;
  if (images_.read(devid_, physical, to, reason)) return true;
  note({images_.names()[images_.number_of(devid_)], place, fmt::format("{} bytes of a tree block", to.size()), reason});
  return false;
}

bool BlockReader::read_copy(std::uint64_t logical, std::size_t copy) {
  for (std::size_t done = 0; done < block_.size();) {
    if (volume_.find_chunk(logical + done) < 0) return false;
    const Mapping mapping = volume_.map(logical + done);
    const std::size_t bytes = std::min<std::uint64_t>(mapping.bytes_left, block_.size() - done);
    if (copy >= mapping.copies ||
        !read_piece(mapping.copy[copy].device, mapping.copy[copy].physical, std::span(block_).subspan(done, bytes)))
      return false;
    done += bytes;
  }
  return true;
}

bool BlockReader::rebuild(std::uint64_t logical, bool by_q) {
  for (std::size_t done = 0; done < block_.size();) {
    const std::int64_t at = volume_.find_chunk(logical + done);
    if (at < 0) return false;
    const Chunk& chunk = volume_.chunks()[static_cast<std::size_t>(at)];
    const Mapping mapping = volume_.map_in(static_cast<std::uint32_t>(at), logical + done);
    const std::size_t bytes = std::min<std::uint64_t>(mapping.bytes_left, block_.size() - done);
    if (!rebuild_piece(chunk, logical + done - chunk.logical, std::span(block_).subspan(done, bytes), by_q))
      return false;
    done += bytes;
  }
  return true;
}

// A row's data stand on the stripes from (row) on, then P, then Q, round and round (Linux volumes.c, __btrfs_map_block).
bool BlockReader::rebuild_piece(const Chunk& chunk, std::uint64_t offset, std::span<std::byte> to, bool by_q) {
  const std::size_t stripes = chunk.stripes.size();
  const std::size_t parities = chunk.profile == Profile::raid6 ? 2 : 1;
  const std::size_t data = stripes - parities;
  const std::uint64_t number = offset / chunk.stripe_bytes;
  const std::uint64_t row = number / data;
  const std::uint64_t within = row * chunk.stripe_bytes + offset % chunk.stripe_bytes;
  const std::size_t wanted = number % data;
  const auto read = [&](std::size_t place) {
    const Stripe& stripe = chunk.stripes[(place + row) % stripes];
    std::vector<std::byte> bytes(to.size());
    if (place == wanted || !read_piece(stripe.device, stripe.physical + within, bytes)) bytes.clear();
    return bytes;
  };
  ParityRow all;
  for (std::size_t i = 0; i < data; ++i) all.data.push_back(read(i));
  all.p = read(data);
  if (parities > 1) all.q = read(data + 1);
  const std::vector<std::byte> bytes = rebuilt(all, wanted, by_q);
  std::copy(bytes.begin(), bytes.end(), to.begin());
  return !bytes.empty();
}

bool BlockReader::intact(std::uint64_t logical, std::uint8_t level, std::uint64_t generation, Found& found) {
  const auto refuse = [&](std::size_t offset, std::string expected, std::string got) {
    note({images_.has(devid_) ? images_.names()[images_.number_of(devid_)] : "",
          fmt::format("byte {}", physical_ + offset), std::move(expected), std::move(got)});
    return false;
  };
  try {
    found.header = disk::check_block(block_, images_.super(), logical);
  } catch (const disk::Malformed& malformed) {
    return refuse(malformed.offset, malformed.expected, malformed.found);
  }
  if (found.header.level != level)
    return refuse(0x64, fmt::format("a block of level {}", level), fmt::format("level {}", found.header.level));
  // An older generation is what a device kept that was away while the others went on.
  if (found.header.generation != generation)
    return refuse(0x50, fmt::format("a block of generation {}", generation),
                  fmt::format("generation {}", found.header.generation));
  found.bytes = block_;
  found.at = physical_;
  found.image = images_.has(devid_) ? images_.number_of(devid_) : std::uint16_t{0};
  return true;
}

BlockReader::Found BlockReader::read(std::uint64_t logical, std::uint8_t level, std::uint64_t generation) {
  failure_.reset();
  Found found;
  const std::int64_t chunk = volume_.find_chunk(logical);
  if (chunk < 0)
    throw InputError(images_.names().front(), fmt::format("tree block at {}", logical), "a chunk that holds it", "none");
  const Profile profile = volume_.chunks()[static_cast<std::size_t>(chunk)].profile;
  for (std::size_t copy = 0; copy < static_cast<std::size_t>(Volume::copies_of(profile)); ++copy) {
    if (read_copy(logical, copy) && intact(logical, level, generation, found)) return found;
  }
  const bool p = profile == Profile::raid5 || profile == Profile::raid6;
  if (p && rebuild(logical, false) && intact(logical, level, generation, found)) return found;
  if (profile == Profile::raid6 && rebuild(logical, true) && intact(logical, level, generation, found)) return found;
  if (!failure_)
    throw InputError(images_.names().front(), fmt::format("tree block at {}", logical), "a copy that can be read",
                     "none");
  throw InputError(failure_->file, fmt::format("{}, tree block at {}", failure_->place, logical), failure_->expected,
                   failure_->found);
}

}  // namespace headway
