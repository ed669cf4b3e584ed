// What an emulated device was asked and how long it took, as a log of requests (models/request_log, CSV): in order of
// arrival, with `measured_ms` as the drive took it and `answered_ms` as the machine let it out.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <mutex>

#include "sim/emulate/real_time_drive.h"

namespace headway::emulate {

class ServedLog {
 public:
  // Throws InputError when the file cannot be written.
  explicit ServedLog(const std::filesystem::path& file);
  ~ServedLog();
  ServedLog(const ServedLog&) = delete;
  ServedLog& operator=(const ServedLog&) = delete;

  // Around each request; any thread. begin() returns what end() wants.
  std::uint64_t begin();
  void end(std::uint64_t number, std::uint64_t offset_bytes, std::uint32_t bytes, bool write, const Served& served);

 private:
  struct Row {
    bool ended = false;
    std::uint64_t offset_bytes = 0;
    std::uint32_t bytes = 0;
    bool write = false;
    Served served;
  };

  std::mutex mutex_;
  std::FILE* file_;
  std::deque<Row> rows_;  // those that have begun, up to the last
  std::uint64_t first_ = 0;
  double last_arrival_s_ = 0;
};

}  // namespace headway::emulate
