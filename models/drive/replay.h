// A log of requests through one drive, without anything around it, and how its response times compare with those that
// were measured: what `headway drive replay` does.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"
#include "models/request_log/request_log.h"

namespace headway {

enum class Arrivals : std::uint8_t {
  open,   // at the log's dates, however long the drive takes
  closed  // one outstanding: each after the end of the one before and its pause
};

struct Replayed {
  LoggedRequest request;  // arrival_s is when it came to the simulated drive
  double begin_s = 0;     // of its service; it queued from arrival until then
  double end_s = 0;
  double seek_s = 0;
  double rotation_s = 0;
  double transfer_s = 0;

  double response_s() const { return end_s - request.arrival_s; }
};

// Bytes in an address of this drive: its sector size; 512 where the model has none.
std::uint32_t sector_bytes(const DriveModel& model);

// In the order of completion. The log lies within the drive (hold_within()), and has pauses where arrivals are closed.
std::vector<Replayed> replay(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed,
                             const RequestLog& log, Arrivals arrivals = Arrivals::open);

// As CSV: arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms,write, and measured_ms
// where the log has it.
std::string to_csv(const std::vector<Replayed>& all, std::uint32_t sector_bytes, bool measured);

// Root mean square horizontal distance of two distributions of as many values, over the mean of the second.
double demerit(std::vector<double> ours, std::vector<double> measured);

// The same of the response times of all, of the reads and of the writes; NaN where there are none.
MeasuredDemerit measured_demerit(std::span<const Replayed> all);

// Measured and simulated response times in a table: count, mean and demerit of all, reads and writes, and the
// percentiles of each side by side.
std::string comparison_table(std::span<const Replayed> all);

}  // namespace headway
