// Reads traces back, and trusts nothing in the file: it may be cut off, foreign, or of another version.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/base/hdf5_reader.h"
#include "results/trace/trace.h"
#include "results/trace/trace_columns.h"

namespace headway {

namespace {

constexpr std::uint64_t rows_a_read = 65536;

}  // namespace

struct TraceReader::State {
  explicit State(const std::filesystem::path& p) : path(p), file(p, "a trace") {
    file.expect(trace_format, "schema_version", trace_schema_version);
    header.scenario = file.text_attribute("scenario");
    header.policy = file.text_attribute("policy");
    header.seed = file.number_attribute("seed");
    const auto devids = file.column<std::uint64_t>("devices/devid");
    const auto bytes = file.column<std::uint64_t>("devices/bytes", devids.size());
    for (std::size_t i = 0; i < devids.size(); ++i) header.devices.push_back({devids[i], bytes[i]});
    for_each_trace_column([&](const auto& column, std::size_t) { open_column(column); });
    check_length();
  }

  void open_column(const auto& column) {
    using T = typename std::decay_t<decltype(column)>::Value;
    columns.push_back(file.open(column.name, trace_type<T>(), h5::Reader::Missing::fill_value));
    if (columns.back().rows() != rows())
      file.fail(column.name, fmt::format("{} rows as in the first column", rows()),
                fmt::format("{}", columns.back().rows()));
  }

  // A chunk that is empty throughout is not in the file, but no row is empty in all columns, and no trace is rows that
  // are all alike, of which deflate puts 400 in a byte.
  void check_length() const {
    constexpr std::uint64_t rows_a_byte_most = 128;
    std::uint64_t stored_bytes = 0;
    for (const h5::Column& column : columns) stored_bytes += column.stored_bytes();
    stored_bytes = std::min<std::uint64_t>(stored_bytes, std::filesystem::file_size(path));  // columns may share values
    if (rows() / rows_a_byte_most > stored_bytes)
      file.fail("", fmt::format("a trace of {} rows", rows()), fmt::format("{} stored bytes", stored_bytes));
  }

  std::uint64_t rows() const { return columns.front().rows(); }

  template <typename Column>
  void read_column(const Column& column, std::size_t place, std::vector<TraceRow>& out) {
    std::vector<typename Column::Value> values(out.size());
    columns[place].read(done, std::span(values));
    for (std::size_t i = 0; i < values.size(); ++i) out[i].*column.member = values[i];
  }

  void check_rows(const std::vector<TraceRow>& read) const {
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (static_cast<std::size_t>(read[i].event) < trace_event_count) continue;
      file.fail(fmt::format("event[{}]", done + i), "a known event",
                fmt::format("{}", static_cast<unsigned>(read[i].event)));
    }
  }

  std::filesystem::path path;
  h5::Reader file;
  std::vector<h5::Column> columns;  // as trace_columns
  TraceHeader header;
  std::uint64_t done = 0;
};

TraceReader::TraceReader(const std::filesystem::path& path) : state_(std::make_unique<State>(path)) {}
TraceReader::~TraceReader() = default;

const TraceHeader& TraceReader::header() const { return state_->header; }
std::uint64_t TraceReader::rows() const { return state_->rows(); }
const std::filesystem::path& TraceReader::path() const { return state_->path; }

bool TraceReader::next(std::vector<TraceRow>& rows) {
  rows.clear();
  rows.resize(std::min(rows_a_read, state_->rows() - state_->done));
  if (rows.empty()) return false;
  for_each_trace_column([&](const auto& column, std::size_t place) { state_->read_column(column, place, rows); });
  state_->check_rows(rows);
  state_->done += rows.size();
  return true;
}

std::vector<TraceRow> read_trace(const std::filesystem::path& path) {
  TraceReader reader(path);
  std::vector<TraceRow> all, some;
  while (reader.next(some)) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace headway
