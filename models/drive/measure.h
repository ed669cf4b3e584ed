// A drive's main figures, each found by running it: what a data sheet states, measured here as its maker does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

namespace headway {

// Means over a run.
struct Measured {
  double reads_per_s = 0;
  double bytes_per_s = 0;
  double service_s = 0;  // from the end of queueing to completion
  double latency_s = 0;  // from submission to completion
  double seek_s = 0;
  double rotation_s = 0;
  double transfer_s = 0;
  double in_flight = 0;  // by Little's law's left side: the time integral of commands under way over the time
};

// `count` reads of `bytes` at random aligned places of the drive's first `part` (1: all of it), `in_flight` of them at
// a time.
Measured random_reads(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint32_t bytes,
                      std::uint32_t in_flight, std::uint32_t count, std::uint64_t seed, double part = 1);

// `total_bytes` in order from `offset_bytes` on, in reads of `bytes`, `in_flight` of them at a time.
Measured sequential_reads(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t offset_bytes,
                          std::uint64_t total_bytes, std::uint32_t bytes, std::uint32_t in_flight);

// The queue that a data sheet's figure at this depth supposes: sptf on drives with heads.
QueueSpec sheet_queue(const DriveModel& model, std::uint32_t depth);

// Reads of 4 KiB at random; `depth` of them under way.
double random_read_iops(std::shared_ptr<const DriveModel> model, std::uint32_t depth);

// The mean time of a read of 4 KiB within the drive's first `part`, one at a time.
double random_read_s(std::shared_ptr<const DriveModel> model, double part);

// What a read takes that lies 8 MiB from the one before: the mean of 400 from the drive's middle on and 400 back from
// there, one at a time, as FreeBSD's diskinfo -t has it under "Short forward" and "Short backward". One direction alone
// tells less: the angle between two such reads hardly changes. For drives of 10 GB and more.
double short_seek_read_s(std::shared_ptr<const DriveModel> model);

// Sequential reading from the first address (on several actuators: from each one's first address, together), or of
// the drive's last part.
double sequential_rate(std::shared_ptr<const DriveModel> model, bool inner = false);

// Throws InputError, at `place`, with the nearest name where `name` is no figure of measure.cpp's table.
void expect_figure(const std::string& name, const JsonNode& place);

// The figure that the data sheet's key `name` means: one of measure.cpp's table. Nothing for another name, or for a
// drive that has no such thing.
std::optional<double> measure_figure(std::shared_ptr<const DriveModel> model, const std::string& name);

}  // namespace headway
