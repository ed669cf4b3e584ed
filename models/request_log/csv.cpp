// CSV with a heading, its columns in any order, others left alone: sector, sectors (addresses of the drive); arrival_ms
// or gap_ms (the pause after the request's end, before the next one), or both; write (0, 1) or op (read, write);
// measured_ms, the response time.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "models/request_log/log_form.h"

namespace headway::request_log {

namespace {

using trace_input::BadLine;

enum Column : std::size_t { arrival_ms, sector, sectors, write, op, measured_ms, gap_ms, columns };
constexpr std::array<std::string_view, columns> names{"arrival_ms", "sector",      "sectors", "write",
                                                      "op",         "measured_ms", "gap_ms"};
constexpr double most_ms = 1e6;      // of a response time
constexpr double most_gap_ms = 1e9;  // eleven days
constexpr double grain_ms = 0.01;    // to which arrival, response time and pause must agree

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    auto cell = line.substr(0, comma);
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t' || cell.back() == '\r')) cell.remove_suffix(1);
    cells.push_back(cell);
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

class CsvLog final : public LogReader {
 public:
  explicit CsvLog(const LogOptions& options) : sector_bytes_(options.sector_bytes) {}

  void read(std::string_view line, std::uint64_t number, RequestLog& log) override {
    if (width_ == 0)
      heading(line, log);
    else
      row(split(line), number, log);
  }

 private:
  void heading(std::string_view line, RequestLog& log) {
    const auto cells = split(line);
    width_ = cells.size();
    for (std::size_t i = 0; i < columns; ++i) {
      const auto at = std::find(cells.begin(), cells.end(), names[i]);
      if (at != cells.end()) place_[i] = static_cast<std::size_t>(at - cells.begin());
    }
    const auto need = [&](bool there, std::string_view what) {
      if (!there) throw BadLine{fmt::format("a column {}", what), fmt::format("\"{}\"", line.substr(0, 80))};
    };
    need(has(arrival_ms) || has(gap_ms), "\"arrival_ms\"");
    need(has(sector), "\"sector\"");
    need(has(sectors), "\"sectors\"");
    log.has_response_times = has(measured_ms);
    log.has_pauses = has(gap_ms);
  }

  void row(const std::vector<std::string_view>& cells, std::uint64_t number, RequestLog& log) {
    if (cells.size() != width_) throw BadLine{fmt::format("{} columns", width_), fmt::format("{}", cells.size())};
    LoggedRequest one;
    one.line = number;
    place_of(cells, one);
    one.write = writes(cells);
    if (has(measured_ms)) one.measured_s = time_ms(cells, measured_ms, "a response time", most_ms) * 1e-3;
    const LoggedRequest* before = log.requests.empty() ? nullptr : &log.requests.back();
    if (before) one.pause_s = gap_before_s_;
    if (has(arrival_ms)) one.arrival_s = time_ms(cells, arrival_ms, "an arrival", HUGE_VAL) * 1e-3;
    if (before) hold_against(*before, one, cells);
    if (has(gap_ms)) gap_before_s_ = time_ms(cells, gap_ms, "a pause", most_gap_ms) * 1e-3;
    log.requests.push_back(one);
  }

  void place_of(const std::vector<std::string_view>& cells, LoggedRequest& one) const {
    const auto first = whole<std::uint64_t>(cells, sector);
    const auto count = whole<std::uint32_t>(cells, sectors);
    if (count == 0 || count > (1u << 22) || count > UINT32_MAX / sector_bytes_)
      throw BadLine{"1 to 4194304 sectors", std::string(cells[*place_[sectors]])};
    if (first > UINT64_MAX / sector_bytes_ - count)
      throw BadLine{"a sector within 2^64 bytes", std::string(cells[*place_[sector]])};
    one.offset_bytes = first * sector_bytes_;
    one.bytes = count * sector_bytes_;
  }

  // The arrival that the row has, against that of the row before.
  void hold_against(const LoggedRequest& before, LoggedRequest& one, const std::vector<std::string_view>& cells) const {
    const double follows_s = before.arrival_s + before.measured_s + one.pause_s;
    if (!has(arrival_ms)) {
      one.arrival_s = follows_s;
      return;
    }
    if (one.arrival_s < before.arrival_s)
      throw BadLine{"arrivals that ascend",
                    fmt::format("{} ms after {} ms", cells[*place_[arrival_ms]], before.arrival_s * 1e3)};
    const bool told = has(gap_ms) && has(measured_ms);
    if (told && std::abs(one.arrival_s - follows_s) > grain_ms * 1e-3)
      throw BadLine{fmt::format("an arrival at {:.3f} ms, the last end and its gap_ms on", follows_s * 1e3),
                    fmt::format("{} ms: rows are missing or overlap", cells[*place_[arrival_ms]])};
  }

  bool writes(const std::vector<std::string_view>& cells) const {
    if (has(write)) {
      const auto cell = cells[*place_[write]];
      if (cell != "0" && cell != "1") throw BadLine{"0 or 1 in \"write\"", fmt::format("\"{}\"", cell.substr(0, 40))};
      return cell == "1";
    }
    if (!has(op)) return false;
    const auto cell = cells[*place_[op]];
    const bool is_write = cell == "write" || cell == "W" || cell == "w";
    if (!is_write && cell != "read" && cell != "R" && cell != "r")
      throw BadLine{"read or write in \"op\"", fmt::format("\"{}\"", cell.substr(0, 40))};
    return is_write;
  }

  double time_ms(const std::vector<std::string_view>& cells, Column column, std::string_view what, double most) const {
    const double ms = whole<double>(cells, column);
    const auto found = [&] { return std::string(cells[*place_[column]]); };
    if (!std::isfinite(ms) || ms < 0) throw BadLine{fmt::format("{} of 0 ms or later", what), found()};
    if (ms > most)
      throw BadLine{fmt::format("{} of at most {:.0f} ms: \"{}\" counts milliseconds", what, most, names[column]),
                    found()};
    return ms;
  }

  template <class Number>
  Number whole(const std::vector<std::string_view>& cells, Column column) const {
    const auto text = cells[*place_[column]];
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw BadLine{fmt::format("a number in \"{}\"", names[column]), fmt::format("\"{}\"", text.substr(0, 40))};
    return value;
  }

  bool has(Column column) const { return place_[column].has_value(); }

  std::uint32_t sector_bytes_;
  std::array<std::optional<std::size_t>, columns> place_;
  std::size_t width_ = 0;
  double gap_before_s_ = 0;
};

}  // namespace

const LogForm csv_form{
    .name = {"csv", "A heading, then sector, sectors, arrival_ms or gap_ms; write or op; measured_ms."},
    .recognises = [](std::string_view first) { return first.find("sector") != std::string_view::npos; },
    .make = [](const LogOptions& options) -> std::unique_ptr<LogReader> { return std::make_unique<CsvLog>(options); }};

}  // namespace headway::request_log
