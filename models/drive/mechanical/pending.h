// The commands that a mechanical drive holds, with what its queue discipline looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/drive/host/host_request.h"
#include "models/drive/mechanical/geometry.h"

namespace headway {

struct Pending {
  HostRequest host;
  double arrived_s = 0;        // at the drive
  std::uint64_t sequence = 0;  // of arrival at the drive
  std::uint64_t first = 0;     // address
  std::uint32_t sectors = 0;
  SectorPlace place;  // of the first sector
};

// In no order: Pending::sequence has that of arrival. Where a choice looks at every command, it reads a copy of their
// places by columns, which the compiler makes vectors of.
class PendingQueue {
 public:
  static constexpr std::uint64_t no_read = UINT64_MAX;

  explicit PendingQueue(std::size_t depth) {
    commands_.reserve(depth);
    cylinders_.reserve(depth);
    heads_.reserve(depth);
    angles_.reserve(depth);
    reads_from_.reserve(depth);
  }

  std::size_t size() const { return commands_.size(); }
  bool empty() const { return commands_.empty(); }
  const Pending& operator[](std::size_t i) const { return commands_[i]; }

  std::span<const std::int32_t> cylinders() const { return cylinders_; }
  std::span<const std::int32_t> heads() const { return heads_; }
  std::span<const double> angles() const { return angles_; }
  // The first address of each read; no_read of a write.
  std::span<const std::uint64_t> reads_from() const { return reads_from_; }

  void add(const Pending& command) {
    commands_.push_back(command);
    cylinders_.push_back(static_cast<std::int32_t>(command.place.cylinder));
    heads_.push_back(static_cast<std::int32_t>(command.place.head));
    angles_.push_back(command.place.angle);
    reads_from_.push_back(command.host.request.write ? no_read : command.first);
  }

  // The last one takes its place.
  Pending take(std::size_t i) {
    const Pending command = commands_[i];
    drop(commands_, i);
    drop(cylinders_, i);
    drop(heads_, i);
    drop(angles_, i);
    drop(reads_from_, i);
    return command;
  }

 private:
  template <class T>
  static void drop(std::vector<T>& column, std::size_t i) {
    column[i] = column.back();
    column.pop_back();
  }

  std::vector<Pending> commands_;
  std::vector<std::int32_t> cylinders_;
  std::vector<std::int32_t> heads_;
  std::vector<double> angles_;
  std::vector<std::uint64_t> reads_from_;
};

}  // namespace headway
