// fio's iologs, so that the reads of a simulated run can be asked of a real device or file.
//
// The files are named devN; fio's --replay_redirect, or links of these names, point them at devices. Version 2 knows
// times only as waits ("wait TIME 0"), in microseconds since the previous one; version 3 puts one, in microseconds
// since the start, before each line.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <vector>

#include "core/base/whole_file.h"
#include "results/exports/exports.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

std::vector<TracedRead> in_order_of_issue(TracedRun& run) {
  std::vector<TracedRead> reads = std::move(run.reads);
  std::ranges::stable_sort(reads, {}, &TracedRead::issued_s);
  return reads;
}

std::int64_t microseconds(double time_s) { return std::llround(time_s * 1e6); }

class Iolog {
 public:
  explicit Iolog(int version) : version_(version), text_(fmt::format("fio version {} iolog\n", version)) {}

  void line(std::uint64_t device, std::string_view what) {
    if (version_ == 3) text_ += fmt::format("{} ", now_us_);
    fmt::format_to(std::back_inserter(text_), "dev{} {}\n", device, what);
  }

  void advance(std::uint64_t device, std::int64_t time_us) {
    constexpr std::int64_t least_wait_us = 100;  // fio drops shorter ones
    if (version_ == 3) {
      now_us_ = time_us;
    } else if (time_us - now_us_ >= least_wait_us) {
      line(device, fmt::format("wait {} 0", time_us - now_us_));
      now_us_ = time_us;
    }
  }

  const std::string& text() const { return text_; }

 private:
  int version_;
  std::int64_t now_us_ = 0;
  std::string text_;
};

void write_iolog(TraceReader& trace, const std::filesystem::path& out, int version) {
  TracedRun run = read_run(trace);
  const std::vector<TracedRead> reads = in_order_of_issue(run);
  Iolog log(version);
  for (const char* what : {"add", "open"}) {
    for (const Device& device : run.header.devices) log.line(device.devid, what);
  }
  for (const TracedRead& read : reads) {
    log.advance(read.device, microseconds(read.issued_s));
    log.line(read.device, fmt::format("read {} {}", read.physical, read.bytes));
  }
  for (const Device& device : run.header.devices) log.line(device.devid, "close");
  write_whole_text(out, log.text());
}

}  // namespace

void write_fio_v2(TraceReader& trace, const std::filesystem::path& out) { write_iolog(trace, out, 2); }
void write_fio_v3(TraceReader& trace, const std::filesystem::path& out) { write_iolog(trace, out, 3); }

}  // namespace headway
