// fio's latency logs (write_lat_log, log_offset=1): "time (ms), latency (ns), direction, block size, offset[, ...]".
// The time is that of the completion, in whole milliseconds: pauses are as exact as that.
#include <fmt/format.h>

#include <algorithm>

#include "models/request_log/log_form.h"

namespace headway::request_log {

namespace {

using trace_input::BadLine;
using trace_input::Fields;

class FioLog final : public LogReader {
 public:
  void read(std::string_view line, std::uint64_t number, RequestLog& log) override {
    log.has_response_times = true;
    const Fields fields = Fields::by_comma(line);
    fields.need(5, "time, latency, direction, block size, offset (log_offset=1)");
    const std::uint64_t direction = fields.whole(2, "a direction");
    if (direction == 2) {
      ++trims_;
      return;
    }
    if (direction > 1) fields.fail(2, "a direction of 0 (read), 1 (write) or 2 (trim)");
    const double end_s = static_cast<double>(fields.whole(0, "a time in milliseconds")) * 1e-3;
    const std::uint64_t bytes = fields.whole(3, "a block size");
    if (bytes == 0 || bytes > UINT32_MAX) fields.fail(3, "a block size of less than 4 GiB");
    LoggedRequest one{.offset_bytes = fields.whole(4, "an offset"),
                      .bytes = static_cast<std::uint32_t>(bytes),
                      .write = direction == 1,
                      .measured_s = static_cast<double>(fields.whole(1, "a latency in nanoseconds")) * 1e-9,
                      .line = number};
    one.arrival_s = end_s - one.measured_s;
    log.requests.push_back(one);
  }

  void finish(RequestLog& log) override {
    if (trims_ > 0) log.notes.push_back(fmt::format("{} trims are left out", trims_));
    // By arrival, which the log of a queue deeper than 1 is not.
    std::stable_sort(log.requests.begin(), log.requests.end(),
                     [](const LoggedRequest& a, const LoggedRequest& b) { return a.arrival_s < b.arrival_s; });
    if (log.requests.empty()) return;
    const double first_s = log.requests.front().arrival_s;
    for (LoggedRequest& one : log.requests) one.arrival_s -= first_s;
  }

  double grain_s() const override { return 1.001e-3; }

 private:
  std::uint64_t trims_ = 0;
};

}  // namespace

const LogForm fio_form{
    .name = {"fio", "A latency log of fio's with log_offset=1: time_ms, latency_ns, direction, bytes, offset."},
    .recognises =
        [](std::string_view first) {
          const Fields fields = Fields::by_comma(first);
          return fields.size() >= 4 && fields[0].find_first_not_of("0123456789") == std::string_view::npos;
        },
    .make = [](const LogOptions&) -> std::unique_ptr<LogReader> { return std::make_unique<FioLog>(); }};

}  // namespace headway::request_log
