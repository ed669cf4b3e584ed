// What a form of logs provides: a line in, at most one request out, and at the end what it kept back.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "models/request_log/request_log.h"
#include "models/trace_input/line_parser.h"

namespace headway::request_log {

class LogReader {
 public:
  virtual ~LogReader() = default;
  // Appends to log.requests, in the order of the lines. Throws trace_input::BadLine.
  virtual void read(std::string_view line, std::uint64_t number, RequestLog& log) = 0;
  // After the last line: orders what came in another order, says in log.notes what was left out.
  virtual void finish(RequestLog& /*log*/) {}
  // Times are no more exact than that: a request that seems to come earlier by less came at once.
  virtual double grain_s() const { return 2e-6; }
};

struct LogForm {
  LogFormName name;
  bool (*recognises)(std::string_view first_line);
  std::unique_ptr<LogReader> (*make)(const LogOptions& options);
};

extern const LogForm csv_form;
extern const LogForm blkparse_form;
extern const LogForm fio_form;

}  // namespace headway::request_log
