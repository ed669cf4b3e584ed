// Block traces that people replay: what was asked of which device, and when, in the formats in which such traces are
// published.
//
// A trace is read line by line, from a file that may be compressed; memory does not grow with it.
// One file a format; formats.h has the table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/byte_source.h"
#include "models/trace_input/formats.h"

namespace headway {

struct TraceRequest {
  double time_s = 0;         // since the first request
  std::uint32_t device = 0;  // the trace's devices, counted from 0 in the order in which they come up
  std::uint64_t offset_bytes = 0;
  std::uint32_t bytes = 0;  // never 0: requests without data (flushes, trims) are left out
  bool write = false;
};

class TraceInput {
 public:
  virtual ~TraceInput() = default;
  // The next request; nothing at the end. Throws InputError with file and line for a line that does not fit the format
  // and, unless times are clamped, for a time that goes back; and for a trace that has no request at all. Blank lines, a
  // byte order mark and, where the format's users write one, a heading above the first line are passed over.
  virtual std::optional<TraceRequest> next() = 0;
};

struct TraceOptions {
  bool clamp_times = false;  // a request whose time goes back comes at the time of the one before it
  std::string action;        // one of the format's; empty: its usual one
};

// Throws InputError, with `place` as its place, unless the action is empty or one of the format's.
void check_trace_action(const TraceFormat& format, const std::string& action, std::string_view place);

// Precondition of both: the action is empty or one of the format's.
std::unique_ptr<TraceInput> open_trace(const std::filesystem::path& file, const TraceFormat& format,
                                       const TraceOptions& options = {});
// The same over a text in memory, which must outlive the input; `name` stands for the file.
std::unique_ptr<TraceInput> open_trace(std::string_view text, std::string name, const TraceFormat& format,
                                       const TraceOptions& options = {});

}  // namespace headway
