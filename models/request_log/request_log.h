// Logs of requests to one real drive: what was asked, when, and where the log has it how long the drive took. Unlike a
// block trace (models/trace_input), which is what a workload asks for, a log is held against a drive.
//
// Whether requests came one at a time, each after a pause of its own, follows from the log: it says the pauses, or has
// arrivals and response times of which no two overlap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

struct LoggedRequest {
  double arrival_s = 0;
  std::uint64_t offset_bytes = 0;
  std::uint32_t bytes = 0;  // never 0
  bool write = false;
  double measured_s = 0;  // the response time; 0 where the log has none
  double pause_s = 0;     // from the end of the request before it to its arrival; 0 where that is not known
  std::uint64_t line = 0;
  bool waited = false;  // of one_at_a_time(): its response time says nothing of the heads' way
};

struct RequestLog {
  std::string file;
  std::string form;  // one of log_forms()
  std::vector<LoggedRequest> requests;
  bool has_response_times = false;
  bool has_pauses = false;             // each request came after the end of the one before it
  std::uint64_t overlapping_line = 0;  // the first that did not, where response times tell; else 0
  std::vector<std::string> notes;      // sentences: what was left out
};

struct LogOptions {
  std::string form;                  // empty: as the first line shows
  std::string device;                // of a log of several: which
  std::uint32_t sector_bytes = 512;  // of an address in a CSV file
};

// Reads a log (.zst, .gz, .xz and .bz2 too). Throws InputError with file and line for what does not fit: numbers that
// are none, arrivals that go back or contradict pauses and response times, response times that are negative, above
// 1,000 s, or above 1 s on average though one request was at the drive at a time (a unit mistaken).
RequestLog load_request_log(const std::filesystem::path& file, const LogOptions& options = {});
// The same of a text in memory; `name` stands for the file.
RequestLog parse_request_log(std::string_view text, const std::string& name, const LogOptions& options = {});

// Throws InputError with the line of the first request that does not lie within the drive.
void hold_within(const RequestLog& log, std::uint64_t drive_bytes);
// Throws InputError unless pauses are known: with the line of the first request that came too early.
void need_pauses(const RequestLog& log);

// A log of several requests at the drive as one of one at a time, in the order of their ends: each begins when it
// comes, or when the one before it ends. A drive that serves them in the order of their arrival tells as much of each;
// of one that chooses the order, those that did not find it idle have `waited`. A note says how many. A log of one at a
// time stays as it is. Throws InputError as need_pauses() where there are no response times, and for their mean (see
// load_request_log).
RequestLog one_at_a_time(RequestLog log);

// The names of the forms, each with a sentence.
struct LogFormName {
  std::string_view name, sentence;
};
const std::vector<LogFormName>& log_forms();

}  // namespace headway
