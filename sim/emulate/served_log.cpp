#include "sim/emulate/served_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "core/base/error.h"

namespace headway::emulate {

namespace {
constexpr std::uint64_t sector_bytes = 512;
}

ServedLog::ServedLog(const std::filesystem::path& file) : file_(std::fopen(file.c_str(), "we")) {
  if (file_ == nullptr)
    throw InputError(file.string(), "", "a file that can be written", std::generic_category().message(errno));
  std::fputs("arrival_ms,sector,sectors,op,measured_ms,answered_ms\n", file_);
}

ServedLog::~ServedLog() { std::fclose(file_); }

std::uint64_t ServedLog::begin() {
  const std::scoped_lock lock(mutex_);
  rows_.emplace_back();
  return first_ + rows_.size() - 1;
}

void ServedLog::end(std::uint64_t number, std::uint64_t offset_bytes, std::uint32_t bytes, bool write,
                    const Served& served) {
  const std::scoped_lock lock(mutex_);
  rows_[number - first_] = {true, offset_bytes, bytes, write, served};
  std::string text;
  for (; !rows_.empty() && rows_.front().ended; rows_.pop_front(), ++first_) {
    const Row& row = rows_.front();
    // Two that begin at once may be numbered before either is at the drive.
    last_arrival_s_ = std::max(last_arrival_s_, row.served.arrival_s);
    const std::uint64_t sector = row.offset_bytes / sector_bytes;
    const std::uint64_t end = (row.offset_bytes + row.bytes + sector_bytes - 1) / sector_bytes;
    text += fmt::format("{:.6f},{},{},{},{:.6f},{:.6f}\n", last_arrival_s_ * 1e3, sector, end - sector,
                        row.write ? "write" : "read", (row.served.end_s - row.served.arrival_s) * 1e3,
                        (row.served.answered_s - row.served.arrival_s) * 1e3);
  }
  if (text.empty()) return;
  std::fputs(text.c_str(), file_);
  std::fflush(file_);  // so that a log is whole whenever the server is killed
}

}  // namespace headway::emulate
