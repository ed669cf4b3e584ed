// What stands between the media and the host: overheads, the bus, the buffer. The parameter files of DiskSim 4.0 have
// all of it, under names of their own ("Read hit over. after write", "Fast write level", "Buffer continuous read").
#include "models/drive/mechanical/read_parts.h"
#include "models/drive/units.h"

namespace headway {

namespace {

// Far above any drive's: a figure in the wrong unit is more.
Value<double> overhead() { return milliseconds(json::number(0, 100, "milliseconds")); }

using Interface = InterfaceModel;

// A key for what holds whatever came before, and one for what differs after a write. Each is `like` when missing.
void add_overhead(Fields<Interface>& fields, const std::string& name, Overhead Interface::*what,
                  Overhead Interface::*like, const std::string& sentence, const std::string& after_write) {
  if (like) fields.then([what, like](const JsonNode&, Interface& model) { model.*what = model.*like; });
  fields
      .optional(
          name + "_overhead_ms",
          [what](Interface& model, double s) {
            model.*what = {s, s};
          },
          overhead(), sentence)
      .optional(
          name + "_overhead_after_write_ms", [what](Interface& model, double s) { (model.*what).after_write_s = s; },
          overhead(), after_write);
}

void add_order(Fields<Interface>& fields) {
  fields.optional("positioning_margin_ms", &Interface::positioning_margin_s,
                  milliseconds(json::number(0, 100, "milliseconds")),
                  "Beyond a seek, when the drive chooses by sptf: what comes by earlier counts as missed. 0: it knows "
                  "every positioning time exactly.");
}

void add_bus(Fields<Interface>& fields) {
  const auto per_sector = milliseconds(json::number(0, 10, "milliseconds"));
  fields.optional("bus_ms_per_sector", &Interface::read_bus_s_per_sector, per_sector, "To the host.")
      .optional("write_bus_ms_per_sector", &Interface::write_bus_s_per_sector, per_sector,
                "From the host, while the heads move. Without it a write's data end as a read's do, behind the media.")
      .optional(
          "bus_overlapped",
          [](Interface& model, bool on) { model.read_bus_overlapped = model.write_bus_overlapped = on; }, json::flag(),
          "Whether the bus starts when the first sector is read, or when the last one is.")
      .optional("write_bus_overlapped", &Interface::write_bus_overlapped, json::flag(),
                "Whether the heads move while the bus brings the data, or afterwards; as bus_overlapped when missing.")
      .optional("reselect_overhead_ms", &Interface::reselect_s, overhead(),
                "Before the bus goes on for a command that went to the media.");
}

}  // namespace

const Fields<InterfaceModel>& interface_fields() {
  static const Fields<Interface> fields = [] {
    Fields<Interface> made;
    add_overhead(made, "read_miss", &Interface::read_miss, nullptr,
                 "Of a read that goes to the media, before the seek.",
                 "The same where the command before was a write.");
    add_overhead(made, "read_hit", &Interface::read_hit, &Interface::read_miss,
                 "Of a read that the buffer holds; as read_miss when missing.",
                 "The same where the command before was a write or ended elsewhere than where the read begins.");
    add_overhead(made, "write", &Interface::write, &Interface::read_miss,
                 "Of a write, before the seek and the bus; as read_miss when missing.",
                 "The same where the command before was a write; with write_back, only where the heads are on the "
                 "write's track already.");
    made.optional(
            "completion_overhead_ms",
            [](Interface& model, double s) { model.read_completion_s = model.write_completion_s = s; }, overhead(), "")
        .optional("write_completion_overhead_ms", &Interface::write_completion_s, overhead(),
                  "Of a write; as completion_overhead_ms when missing.");
    add_order(made);
    add_bus(made);
    return made;
  }();
  return fields;
}

const Fields<BufferModel>& buffer_fields() {
  using Buffer = BufferModel;
  const auto sectors = json::whole(1, 1 << 24, "sectors");
  static const Fields<Buffer> fields =
      Fields<Buffer>()
          .optional("buffer_segments", &Buffer::segments, json::whole(0, 4096), "Of the drive's cache.")
          .optional(
              "segment_sectors",
              [](Buffer& buffer, std::uint64_t n) { buffer.segment_sectors = static_cast<std::uint32_t>(n); }, sectors,
              "Of each.")
          .needs("buffer_segments", "segment_sectors")
          .optional("read_ahead_until", &Buffer::read_ahead_until,
                    json::choice<ReadAheadUntil>({{"segment_full", ReadAheadUntil::segment_full},
                                                  {"track_end", ReadAheadUntil::track_end},
                                                  {"next_track", ReadAheadUntil::next_track}}),
                    "How far the heads read on behind a read; next_track: to the end of the track that follows, where "
                    "the read came from the one before.")
          .optional(
              "read_ahead_sectors",
              [](Buffer& buffer, std::uint64_t n) { buffer.read_ahead_sectors = static_cast<std::uint32_t>(n); },
              sectors, "At most, behind a read; what the segment has room for when missing.")
          .optional("read_ahead_after", &Buffer::read_ahead_after, json::whole(1, 2, "reads"),
                    "1: behind any read; 2: behind one that goes on where the read before it ended.")
          .optional("keeps_requested", &Buffer::keeps_requested, json::flag(),
                    "Whether what went to the host stays in the buffer.")
          .optional("write_segments", &Buffer::write_segments, json::whole(0, 4096),
                    "Segments that may hold what the media does not have yet; 0: writes pass the buffer by.")
          .optional("own_write_segment", &Buffer::own_write_segment, json::flag(),
                    "One segment is for writes alone, and no read finds anything there.")
          .optional("read_hits_on_writes", &Buffer::read_hits_on_writes, json::flag(),
                    "Whether reads find what writes put into segments.")
          .optional("write_back", &Buffer::write_back, json::flag(),
                    "A write that fits a segment is answered when a free one has it.")
          .optional("drain_after_ms", &Buffer::drain_after_s, milliseconds(json::number(0, 100'000, "milliseconds")),
                    "How long a write-back cache keeps a write before the heads, when free, bring it to the media.");
  return fields;
}

}  // namespace headway
