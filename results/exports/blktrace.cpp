// blktrace's binary files: one a device, as if recorded on one CPU (Linux include/uapi/linux/blktrace_api.h).
//
// A read is queued (Q, G, I) when it was issued, dispatched (D) when the drive began to serve it, and completed (C) at
// its end: btt's Q2C is then our latency, its D2C our service time, and its seeks are in the order of service. No two
// records may have the same time (blkrawverify calls that a regression), so events of one instant follow each other by
// a nanosecond.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

#include "core/base/whole_file.h"
#include "results/exports/exports.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

static_assert(std::endian::native == std::endian::little, "the records are written as they lie in memory");

struct Record {
  std::uint32_t magic = 0x65617407;  // version 7
  std::uint32_t sequence = 0;
  std::uint64_t time_ns = 0;
  std::uint64_t sector = 0;
  std::uint32_t bytes = 0;
  std::uint32_t action = 0;
  std::uint32_t pid = 0;
  std::uint32_t device = 0;
  std::uint32_t cpu = 0;
  std::uint16_t error = 0;
  std::uint16_t payload_bytes = 0;
};
static_assert(sizeof(Record) == 48);

// What happens to a request, in the order in which it stands at one instant: the end of one read lets another begin.
enum Action : std::uint32_t { complete = 8, queue = 1, get_request = 4, insert = 12, dispatch = 7 };
enum Category : std::uint32_t {
  read_category = 1u << 16,
  queue_category = 0x10u << 16,
  issue_category = 0x40u << 16,
  complete_category = 0x80u << 16,
  notify_category = 0x400u << 16,
  ahead_category = 0x800u << 16,
  meta_category = 0x1000u << 16,
};

constexpr std::uint32_t our_pid = 1;

struct Event {
  std::uint64_t time_ns;
  std::uint8_t rank;  // among events of the same time
  Action action;
  const TracedRead* read;
};

std::uint64_t nanoseconds(double time_s) { return static_cast<std::uint64_t>(std::llround(time_s * 1e9)); }

std::vector<Event> events_of(const TracedRun& run, std::uint64_t devid) {
  std::vector<Event> events;
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    const std::uint64_t issued = nanoseconds(read.issued_s), start = nanoseconds(read.start_s());
    events.push_back({std::max(nanoseconds(read.end_s), start + 1), 0, complete, &read});
    events.push_back({issued, 1, queue, &read});
    events.push_back({issued, 2, get_request, &read});
    events.push_back({issued, 3, insert, &read});
    events.push_back({start, 4, dispatch, &read});
  }
  std::ranges::stable_sort(events, {}, [](const Event& event) { return std::tuple(event.time_ns, event.rank); });
  return events;
}

std::uint32_t action_of(const Event& event) {
  const std::uint32_t category = event.action == complete   ? complete_category
                                 : event.action == dispatch ? issue_category
                                                            : queue_category;
  const std::uint32_t meta = event.read->level != TraceRow::no_level ? std::uint32_t{meta_category} : 0;
  return event.action | category | read_category | ahead_category | meta;
}

void append(std::string& out, const Record& record, std::string_view payload = {}) {
  out.append(reinterpret_cast<const char*>(&record), sizeof record);
  out.append(payload);
}

// Who the process is, without which blkparse shows a number.
void append_process(std::string& out, std::uint32_t device) {
  constexpr std::string_view name{"headway\0\0\0\0\0\0\0\0", 16};
  Record record;
  record.sequence = 1;
  record.action = notify_category;
  record.pid = our_pid;
  record.device = device;
  record.payload_bytes = name.size();
  append(out, record, name);
}

std::string file_of(const TracedRun& run, std::uint64_t devid, std::uint32_t device) {
  std::string out;
  append_process(out, device);
  Record record;
  record.sequence = 1;
  record.pid = our_pid;
  record.device = device;
  for (const Event& event : events_of(run, devid)) {
    ++record.sequence;
    record.time_ns = std::max(event.time_ns, record.time_ns + 1);
    record.sector = event.read->physical / 512;
    record.bytes = event.read->bytes;
    record.action = action_of(event);
    record.error = event.action == complete ? static_cast<std::uint16_t>(event.read->error) : 0;
    append(out, record);
  }
  return out;
}

}  // namespace

void write_blktrace(TraceReader& trace, const std::filesystem::path& directory) {
  const TracedRun run = read_run(trace);
  std::filesystem::create_directories(directory);
  std::uint32_t disk = 0;
  for (const Device& device : run.header.devices) {
    const std::uint32_t number = 8u << 20 | disk++ * 16;  // as the sd driver numbers its disks
    write_whole_text(directory / fmt::format("dev{}.blktrace.0", device.devid), file_of(run, device.devid, number));
  }
}

}  // namespace headway
