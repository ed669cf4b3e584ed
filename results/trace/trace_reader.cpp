// Reads traces back, and trusts nothing in the file: it may be cut off, foreign, or of another version.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "results/trace/trace.h"
#include "results/trace/trace_columns.h"

namespace headway {

namespace {

constexpr std::uint64_t rows_a_read = 65536;

std::uint64_t rows_of(hid_t set) {
  const h5::Handle space(H5Dget_space(set), H5Sclose, "describe a column");
  if (H5Sget_simple_extent_ndims(space) != 1) throw h5::Error("a column is not one-dimensional");
  hsize_t size = 0;
  H5Sget_simple_extent_dims(space, &size, nullptr);
  return size;
}

}  // namespace

struct TraceReader::State {
  explicit State(const std::filesystem::path& p) : path(p) {
    h5::keep_quiet();
    if (!std::filesystem::exists(path)) throw InputError(path.string(), "", "a trace file", "no such file");
    guarded("a trace that can be opened", [&] { open(); });
  }

  // What HDF5 refuses is the file's fault here.
  template <typename F>
  void guarded(std::string_view expected, F&& f) const {
    try {
      f();
    } catch (const h5::Error& error) {
      throw InputError(path.string(), "", expected, error.what());
    }
  }

  void open() {
    if (H5Fis_hdf5(path.c_str()) <= 0) throw h5::Error("a file that is not HDF5");
    file = h5::Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the file");
    if (H5Aexists(file, "format") <= 0 || h5::text_attribute(file, "format") != trace_format) {
      throw h5::Error("an HDF5 file without the attribute format = \"headway trace\"");
    }
    const std::uint64_t version = h5::number_attribute(file, "schema_version");
    if (version != trace_schema_version) {
      throw InputError(path.string(), "schema_version", fmt::format("{}", trace_schema_version),
                       fmt::format("{}", version));
    }
    header.scenario = h5::text_attribute(file, "scenario");
    header.policy = h5::text_attribute(file, "policy");
    header.seed = h5::number_attribute(file, "seed");
    const auto devids = h5::read_whole_numbers(file, "devices/devid");
    const auto bytes = h5::read_whole_numbers(file, "devices/bytes");
    if (devids.size() != bytes.size()) throw h5::Error("columns of different lengths in devices");
    for (std::size_t i = 0; i < devids.size(); ++i) header.devices.push_back({devids[i], bytes[i]});
    for_each_trace_column([&](const auto& column, std::size_t place) { open_column(column.name, place); });
  }

  void open_column(const char* name, std::size_t place) {
    sets[place] = h5::Handle(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, fmt::format("open column {}", name));
    const std::uint64_t length = rows_of(sets[place]);
    if (place == 0) rows = length;
    if (length != rows) {
      throw InputError(path.string(), name, fmt::format("{} rows as in the first column", rows),
                       fmt::format("{}", length));
    }
  }

  template <typename Column>
  void read_column(const Column& column, std::size_t place, std::vector<TraceRow>& out) {
    using T = typename Column::Value;
    std::vector<T> values(out.size());
    const hsize_t start = done, count = out.size();
    const h5::Handle type = trace_type<T>();
    const h5::Handle here(H5Screate_simple(1, &count, nullptr), H5Sclose, "describe rows");
    const h5::Handle there(H5Dget_space(sets[place]), H5Sclose, "describe rows");
    h5::check(H5Sselect_hyperslab(there, H5S_SELECT_SET, &start, nullptr, &count, nullptr), "select rows");
    h5::check(H5Dread(sets[place], type, here, there, H5P_DEFAULT, values.data()), "read rows");
    for (std::size_t i = 0; i < values.size(); ++i) out[i].*column.member = values[i];
  }

  void check_rows(const std::vector<TraceRow>& read) const {
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (static_cast<std::size_t>(read[i].event) < trace_event_count) continue;
      throw InputError(path.string(), fmt::format("event[{}]", done + i), "a known event",
                       fmt::format("{}", static_cast<unsigned>(read[i].event)));
    }
  }

  std::filesystem::path path;
  h5::Handle file;
  std::array<h5::Handle, trace_column_count> sets;
  TraceHeader header;
  std::uint64_t rows = 0;
  std::uint64_t done = 0;
};

TraceReader::TraceReader(const std::filesystem::path& path) : state_(std::make_unique<State>(path)) {}
TraceReader::~TraceReader() = default;

const TraceHeader& TraceReader::header() const { return state_->header; }
std::uint64_t TraceReader::rows() const { return state_->rows; }
const std::filesystem::path& TraceReader::path() const { return state_->path; }

bool TraceReader::next(std::vector<TraceRow>& rows) {
  rows.clear();
  rows.resize(std::min(rows_a_read, state_->rows - state_->done));
  if (rows.empty()) return false;
  state_->guarded("rows that can be read", [&] {
    for_each_trace_column([&](const auto& column, std::size_t place) { state_->read_column(column, place, rows); });
  });
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
