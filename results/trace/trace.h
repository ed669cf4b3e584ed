// The trace of a run: every event in the order in which it happened, as columns in an HDF5 file.
//
// One dataset a column, one element a row, the row's place is its `seq`. A column that has no meaning for an event
// holds that column's fill value ("empty" below). Layout of the file: FORMAT in trace_columns.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/read.h"
#include "core/volume.h"

namespace headway {

enum class TraceEvent : std::uint8_t { add, cached, evict, zone, issue, hit, complete, finish, detach };
inline constexpr std::size_t trace_event_count = 9;
std::string_view to_string(TraceEvent event);

// One event. Which members have a meaning depends on the event (DESIGN: add has handle and tree, ...); the others keep
// their initial values, which mean "empty".
struct TraceRow {
  static constexpr HandleId no_handle = UINT32_MAX;
  static constexpr std::uint64_t no_address = UINT64_MAX;
  static constexpr std::uint8_t no_level = UINT8_MAX;
  static constexpr double no_time = std::numeric_limits<double>::quiet_NaN();

  double time_s = 0;
  std::uint64_t tree = 0;             // object id; empty 0
  std::uint64_t device = no_address;  // devid
  std::uint64_t logical = no_address;
  std::uint64_t physical = no_address;
  double queue_s = no_time;
  double seek_s = no_time;
  double rotation_s = no_time;
  double transfer_s = no_time;
  HandleId handle = no_handle;
  std::uint32_t bytes = 0;  // empty 0
  std::int32_t error = -1;  // empty -1
  TraceEvent event = TraceEvent::add;
  std::uint8_t mirror = 0;        // counts from 1; empty 0
  std::uint8_t level = no_level;  // 0 = leaf; empty for file data as well
};

// Whose trace it is.
struct TraceHeader {
  std::string scenario;
  std::string policy;
  std::uint64_t seed = 0;
  std::vector<Device> devices;
};

// POLICY.SEED.trace.h5. A policy's name goes into it as it is, but for '/' and control characters, which become '_'.
std::string trace_file_name(std::string_view policy, std::uint64_t seed);

// Writes a trace. append() only copies the row; a thread of the writer's own turns full batches into columns,
// compresses and writes them. Nobody else may call HDF5 while a writer is open. The same rows give the same bytes.
class TraceWriter {
 public:
  // Throws std::system_error when the file cannot be made.
  TraceWriter(const std::filesystem::path& path, const TraceHeader& header);
  ~TraceWriter();  // without close(): the file is given up and removed
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  void append(const TraceRow& row) {
    *next_ = row;
    if (++next_ == end_) hand_over();
  }
  // Puts the finished file in place. Throws std::runtime_error that names the file when anything could not be written
  // (append() may throw it earlier).
  void close();

 private:
  void hand_over();

  struct Worker;
  std::unique_ptr<Worker> worker_;
  TraceRow* next_ = nullptr;
  TraceRow* end_ = nullptr;
};

// Reads a trace, rows in order. Throws InputError for a file that is not there, is truncated, is not a trace or is of
// another version.
class TraceReader {
 public:
  explicit TraceReader(const std::filesystem::path& path);
  ~TraceReader();
  TraceReader(const TraceReader&) = delete;
  TraceReader& operator=(const TraceReader&) = delete;

  const TraceHeader& header() const;
  std::uint64_t rows() const;
  const std::filesystem::path& path() const;
  // The next rows, in `rows`, which is emptied first; false at the end. `seq` of the first is what was read before.
  bool next(std::vector<TraceRow>& rows);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All of it at once, for tests and for traces known to be small.
std::vector<TraceRow> read_trace(const std::filesystem::path& path);

// As CSV: DESIGN's header, one row an event, empty cells where a column has no meaning, numbers in the fewest digits
// that read back to the same bits. `out` appears whole or not at all.
void write_trace_csv(TraceReader& trace, const std::filesystem::path& out);
std::string trace_csv_header();
std::string trace_csv_row(std::uint64_t seq, const TraceRow& row);  // without the line's end

}  // namespace headway
