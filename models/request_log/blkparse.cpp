// The text of blkparse: a request is at the drive from its D (issued) to its C (completed). The two are matched by
// device, sector and direction; what was issued before the trace began or ended after it is left out, and said.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "models/request_log/log_form.h"
#include "models/trace_input/blkparse_line.h"

namespace headway::request_log {

namespace {

using trace_input::BadLine;
using trace_input::Fields;
namespace blkparse = trace_input::blkparse;

class BlkparseLog final : public LogReader {
 public:
  explicit BlkparseLog(const LogOptions& options) : wanted_(options.device) {}

  void read(std::string_view line, std::uint64_t number, RequestLog& log) override {
    log.has_response_times = true;
    const Fields fields = Fields::by_blank(line);
    if (ended_) blkparse::refuse_another_trace(fields);
    ended_ = ended_ || blkparse::begins_summary(fields);
    if (ended_) return;
    blkparse::need_event(fields);
    if (fields[5] != "D" && fields[5] != "C") return;
    fields.need(7, blkparse::form);
    const blkparse::Data data = blkparse::data_of(fields);
    if (data == blkparse::Data::none) return;  // a flush, a passthrough command, a discard
    if (!of_device(fields[0])) return;
    const double at_s = fields.real(3, "a time in seconds");
    const Key key{fields.sectors(7, "a sector"), data == blkparse::Data::written};
    if (fields[5] == "D")
      issued(key, at_s, fields.sectors(9, "a number of sectors"), number, log);
    else
      completed(key, at_s, log);
  }

  void finish(RequestLog& log) override {
    const auto unended = std::erase_if(log.requests, [](const LoggedRequest& one) { return one.measured_s < 0; });
    if (unended > 0)
      log.notes.push_back(fmt::format("{} requests that were issued and not completed are left out", unended));
    if (unissued_ > 0)
      log.notes.push_back(fmt::format("{} completions of what was not issued in the log are left out", unissued_));
    if (log.requests.empty()) return;
    const double first_s = log.requests.front().arrival_s;
    for (LoggedRequest& one : log.requests) one.arrival_s -= first_s;
  }

 private:
  using Key = std::pair<std::uint64_t, bool>;

  bool of_device(std::string_view device) {
    if (wanted_.empty()) wanted_ = device, chosen_ = true;
    if (device == wanted_) return true;
    if (chosen_)
      throw BadLine{fmt::format("requests of one device, {}", wanted_),
                    fmt::format("one of {}: --device says whose", device.substr(0, 40))};
    return false;
  }

  void issued(const Key& key, double at_s, std::uint64_t bytes, std::uint64_t number, RequestLog& log) {
    if (bytes == 0 || bytes > UINT32_MAX) throw BadLine{"a request of less than 4 GiB", fmt::format("{} bytes", bytes)};
    if (!log.requests.empty() && at_s < log.requests.back().arrival_s)
      throw BadLine{"times that ascend", fmt::format("{} s after {} s", at_s, log.requests.back().arrival_s)};
    under_way_[key] = log.requests.size();
    log.requests.push_back({.arrival_s = at_s,
                            .offset_bytes = key.first,
                            .bytes = static_cast<std::uint32_t>(bytes),
                            .write = key.second,
                            .measured_s = -1,
                            .line = number});
  }

  void completed(const Key& key, double at_s, RequestLog& log) {
    const auto found = under_way_.find(key);
    if (found == under_way_.end()) {
      ++unissued_;
      return;
    }
    LoggedRequest& one = log.requests[found->second];
    if (at_s < one.arrival_s)
      throw BadLine{fmt::format("an end after the issue at {} s", one.arrival_s), fmt::format("{} s", at_s)};
    one.measured_s = at_s - one.arrival_s;
    under_way_.erase(found);
  }

  std::string wanted_;
  bool chosen_ = false;  // by the log's first line, not by the user
  bool ended_ = false;
  std::map<Key, std::size_t> under_way_;
  std::uint64_t unissued_ = 0;
};

}  // namespace

const LogForm blkparse_form{
    .name = {"blkparse", "The text of blkparse: from D (issued) to C (completed) a request is at the drive."},
    .recognises =
        [](std::string_view first) {
          const Fields fields = Fields::by_blank(first);
          return fields.size() >= 6 && fields[0].find(',') != std::string_view::npos;
        },
    .make = [](const LogOptions& options) -> std::unique_ptr<LogReader> {
      return std::make_unique<BlkparseLog>(options);
    }};

}  // namespace headway::request_log
