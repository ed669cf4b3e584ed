#include "models/request_log/request_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "core/base/byte_source.h"
#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/base/line_reader.h"
#include "models/request_log/log_form.h"

namespace headway {

namespace {

using namespace request_log;

constexpr std::array<const LogForm*, 3> forms{&csv_form, &blkparse_form, &fio_form};
constexpr double most_mean_s = 1;

const LogForm& form_of(const LogOptions& options, const std::string& file, std::string_view first_line) {
  for (const LogForm* form : forms) {
    if (options.form.empty() ? form->recognises(first_line) : form->name.name == options.form) return *form;
  }
  if (options.form.empty()) {  // CSV says what a heading needs
    const bool heading = first_line.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos;
    if (heading) return csv_form;
    throw InputError(file, "line 1", "a heading with \"sector\", a line of blkparse, or one of fio's latency logs",
                     fmt::format("\"{}\"", first_line.substr(0, 80)));
  }
  std::vector<std::string> known;
  for (const LogForm* form : forms) known.emplace_back(form->name.name);
  throw InputError("", "form of the log", "a known one", unknown_name(options.form, known));
}

// Pauses from arrivals and response times, where the log does not say them.
void add_pauses(RequestLog& log, double grain_s) {
  if (log.has_pauses || !log.has_response_times) return;
  log.has_pauses = true;
  for (std::size_t i = 1; i < log.requests.size(); ++i) {
    const LoggedRequest& before = log.requests[i - 1];
    const double pause_s = log.requests[i].arrival_s - (before.arrival_s + before.measured_s);
    log.requests[i].pause_s = std::max(0.0, pause_s);
    if (pause_s >= -grain_s || log.overlapping_line != 0) continue;
    log.overlapping_line = log.requests[i].line;
    log.has_pauses = false;
  }
}

// What no clock, and no drive's addresses, carry.
void check_bounds(const RequestLog& log) {
  constexpr double most_response_s = 1000;
  for (const LoggedRequest& one : log.requests) {
    const auto refuse = [&](const std::string& expected, const std::string& found) {
      throw InputError(log.file, fmt::format("line {}", one.line), expected, found);
    };
    if (!(one.arrival_s <= json::longest_s))
      refuse(fmt::format("an arrival within {:.0f} s of the first", json::longest_s),
             fmt::format("{} s", one.arrival_s));
    if (!(one.measured_s <= most_response_s))
      refuse(fmt::format("a response time of at most {:.0f} s", most_response_s), fmt::format("{} s", one.measured_s));
    if (one.offset_bytes > UINT64_MAX - one.bytes)
      refuse("a request that ends below 2^64 bytes", fmt::format("one at {}", one.offset_bytes));
  }
}

// One request at a time takes no drive a second on average.
void check_mean(const RequestLog& log) {
  if (!log.has_pauses || !log.has_response_times || log.requests.empty()) return;
  double sum_s = 0;
  for (const LoggedRequest& one : log.requests) sum_s += one.measured_s;
  const double mean_s = sum_s / static_cast<double>(log.requests.size());
  if (mean_s <= most_mean_s) return;
  const auto slowest = std::max_element(log.requests.begin(), log.requests.end(),
                                        [](const auto& a, const auto& b) { return a.measured_s < b.measured_s; });
  throw InputError(log.file, fmt::format("line {}", slowest->line),
                   "response times below 1 s on average, with one request at the drive at a time",
                   fmt::format("a mean of {:.4g} s and {:.4g} s here: another unit than the column's?", mean_s,
                               slowest->measured_s));
}

RequestLog read_log(ByteSource& bytes, const std::string& file, const LogOptions& options) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  LineReader lines(bytes);
  RequestLog log{.file = file};
  std::unique_ptr<LogReader> reader;
  while (auto line = lines.next()) {
    if (lines.number() == 1 && line->starts_with(byte_order_mark)) line->remove_prefix(byte_order_mark.size());
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (!reader) {
      const LogForm& form = form_of(options, file, *line);
      log.form = form.name.name;
      reader = form.make(options);
    }
    try {
      reader->read(*line, lines.number(), log);
    } catch (const trace_input::BadLine& bad) {
      throw InputError(file, fmt::format("line {}", lines.number()), bad.expected, bad.found);
    }
  }
  if (reader) reader->finish(log);
  if (log.requests.empty())
    throw InputError(file, "", "a log with requests", log.notes.empty() ? "none" : "none: " + log.notes.front());
  check_bounds(log);
  add_pauses(log, reader->grain_s());
  check_mean(log);
  return log;
}

}  // namespace

const std::vector<LogFormName>& log_forms() {
  static const std::vector<LogFormName> names = [] {
    std::vector<LogFormName> all;
    for (const LogForm* form : forms) all.push_back(form->name);
    return all;
  }();
  return names;
}

RequestLog load_request_log(const std::filesystem::path& file, const LogOptions& options) {
  const auto bytes = open_bytes(file);
  return read_log(*bytes, file.string(), options);
}

RequestLog parse_request_log(std::string_view text, const std::string& name, const LogOptions& options) {
  const auto bytes = open_bytes(std::as_bytes(std::span(text)), name);
  return read_log(*bytes, name, options);
}

void hold_within(const RequestLog& log, std::uint64_t drive_bytes) {
  for (const LoggedRequest& one : log.requests) {
    if (one.offset_bytes < drive_bytes && one.bytes <= drive_bytes - one.offset_bytes) continue;
    throw InputError(log.file, fmt::format("line {}", one.line),
                     fmt::format("a request within the drive's {} bytes", drive_bytes),
                     fmt::format("{} bytes from {} on", one.bytes, one.offset_bytes));
  }
}

RequestLog one_at_a_time(RequestLog log) {
  if (log.has_pauses || !log.has_response_times) {
    need_pauses(log);
    return log;
  }
  auto& all = log.requests;
  double busy_s = 0;
  std::size_t waiting = 0;
  for (LoggedRequest& one : all) {
    one.waited = one.arrival_s < busy_s;
    waiting += one.waited;
    busy_s = std::max(busy_s, one.arrival_s + one.measured_s);
  }
  std::stable_sort(all.begin(), all.end(), [](const LoggedRequest& a, const LoggedRequest& b) {
    return a.arrival_s + a.measured_s < b.arrival_s + b.measured_s;
  });
  const bool in_order = std::is_sorted(
      all.begin(), all.end(), [](const LoggedRequest& a, const LoggedRequest& b) { return a.arrival_s < b.arrival_s; });
  double last_s = all.front().arrival_s;
  for (LoggedRequest& one : all) {
    const double end_s = one.arrival_s + one.measured_s;
    const double begin_s = std::max(one.arrival_s, last_s);
    one.pause_s = begin_s - last_s;
    one.arrival_s = begin_s;
    one.measured_s = end_s - begin_s;
    one.waited = one.waited && !in_order;
    last_s = end_s;
  }
  log.has_pauses = true;
  log.overlapping_line = 0;
  log.notes.push_back(fmt::format(
      "{} of {} requests came while the drive had others: {}", waiting, all.size(),
      in_order ? "served in the order of their arrival, each counts from the end of the one before"
               : "the drive chose their order, so they say where the heads were, and no more; the others are used"));
  check_mean(log);
  return log;
}

void need_pauses(const RequestLog& log) {
  if (log.has_pauses) return;
  if (log.overlapping_line != 0)
    throw InputError(log.file, fmt::format("line {}", log.overlapping_line), "one request at the drive at a time",
                     "one that came before the end of the last");
  throw InputError(log.file, "", "pauses between requests (gap_ms, or arrivals and measured_ms)", "neither");
}

}  // namespace headway
