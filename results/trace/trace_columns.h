// The columns of a trace file: which member of a row each holds, how it is stored, what "empty" looks like.
//
// FORMAT, version 1. An HDF5 file whose root has the attributes `format` ("headway trace"), `schema_version`,
// `scenario`, `policy` and `seed`; the datasets below, all of one length, whose element i belongs to event i; and the
// group `devices` with the datasets `devid` and `bytes`. Each column has the attributes `unit` and `meaning`; its fill
// value stands where it has no meaning. There is no column `seq`: it is the element's index.
#pragma once

#include <tuple>

#include "core/base/hdf5.h"
#include "results/trace/trace.h"

namespace headway {

inline constexpr std::string_view trace_format = "headway trace";
inline constexpr std::uint64_t trace_schema_version = 1;

template <typename T>
struct TraceColumn {
  using Value = T;
  const char* name;
  T TraceRow::*member;
  const char* unit;
  const char* meaning;
};

// In the order of DESIGN's CSV header.
inline constexpr auto trace_columns = std::make_tuple(
    TraceColumn<double>{"time_s", &TraceRow::time_s, "s", "simulated time"},
    TraceColumn<TraceEvent>{"event", &TraceRow::event, "", "what happened"},
    TraceColumn<HandleId>{"handle", &TraceRow::handle, "", "the readahead, counted from 0"},
    TraceColumn<std::uint64_t>{"tree", &TraceRow::tree, "", "object id of the tree"},
    TraceColumn<std::uint64_t>{"device", &TraceRow::device, "", "btrfs devid"},
    TraceColumn<std::uint8_t>{"mirror", &TraceRow::mirror, "", "the copy, counted from 1"},
    TraceColumn<std::uint64_t>{"logical", &TraceRow::logical, "bytes", "logical address"},
    TraceColumn<std::uint64_t>{"physical", &TraceRow::physical, "bytes", "offset on the device"},
    TraceColumn<std::uint32_t>{"bytes", &TraceRow::bytes, "bytes", "length of the read or block"},
    TraceColumn<std::uint8_t>{"level", &TraceRow::level, "", "level of the block, 0 for a leaf"},
    TraceColumn<std::int32_t>{"error", &TraceRow::error, "", "0 or an errno"},
    TraceColumn<double>{"queue_s", &TraceRow::queue_s, "s", "from issue to the start of service"},
    TraceColumn<double>{"seek_s", &TraceRow::seek_s, "s", "moving the head"},
    TraceColumn<double>{"rotation_s", &TraceRow::rotation_s, "s", "waiting for the sector to come round"},
    TraceColumn<double>{"transfer_s", &TraceRow::transfer_s, "s", "moving the data"});
inline constexpr std::size_t trace_column_count = std::tuple_size_v<decltype(trace_columns)>;

// Calls f(column, place in trace_columns) for each.
template <typename F>
void for_each_trace_column(F&& f) {
  std::apply(
      [&](const auto&... column) {
        std::size_t place = 0;
        (f(column, place++), ...);
      },
      trace_columns);
}

// How HDF5 names T; TraceEvent is an enumeration with the events' names.
template <typename T>
h5::Handle trace_type() {
  return h5::Handle(H5Tcopy(h5::type_of<T>()), H5Tclose, "describe a column");
}
template <>
h5::Handle trace_type<TraceEvent>();

}  // namespace headway
