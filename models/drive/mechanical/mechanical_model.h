// A mechanical drive's checked parameters, in seconds, sectors and bytes per second.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/drive/kind_table.h"
#include "models/drive/mechanical/geometry.h"
#include "models/drive/mechanical/seek_curve.h"

namespace headway {

class Drive;
class JsonNode;
struct ObjectShape;
struct QueueSpec;

// How far the heads read on behind a read.
enum class ReadAheadUntil { segment_full, track_end, next_track };

// A segmented cache in the drive: what was read, what is read ahead, and what was written where writes take segments.
// No segments: none.
struct BufferModel {
  std::uint32_t segments = 0;
  std::uint32_t segment_sectors = 0;

  ReadAheadUntil read_ahead_until = ReadAheadUntil::segment_full;
  std::uint32_t read_ahead_after = 1;    // sequential reads: 1 reads ahead behind any read
  std::uint32_t read_ahead_sectors = 0;  // at most, behind a read; 0: what the segment has room for
  bool keeps_requested = true;           // what went to the host stays in its segment

  std::uint32_t write_segments = 0;  // that hold writes which the media does not have yet; 0: writes take no segment
  bool own_write_segment = false;    // one segment is for writes alone, and no read finds anything there
  bool read_hits_on_writes = true;   // what was written is found by reads
  bool write_back = false;           // a write is answered when a segment has it
  double drain_after_s = 0;          // idle time before the media gets what a segment has

  std::uint32_t for_reads() const { return segments - (own_write_segment ? 1 : 0); }
};

// Of a command, by what the drive did before it. On three drives that were measured the low overhead of a read hit is
// for a read that goes on where the last command ended, and the one of a cached write after a write for a write on the
// heads' track: so mechanical_device.cpp chooses.
struct Overhead {
  double after_read_s = 0;
  double after_write_s = 0;

  double after(bool write) const { return write ? after_write_s : after_read_s; }
};

// The drive's electronics, and what lies between them and the host.
struct InterfaceModel {
  Overhead read_miss;     // before the seek
  Overhead read_hit;      // of a read that the buffer holds, before the bus
  Overhead write;         // before the seek and the bus
  double reselect_s = 0;  // before the bus goes on for a command that went to the media
  double read_completion_s = 0;
  double write_completion_s = 0;
  double read_bus_s_per_sector = 0;
  std::optional<double> write_bus_s_per_sector;  // none: a write's data end as a read's do, behind the media
  bool read_bus_overlapped = true;   // the bus starts when the first sector is read; else when the last one is
  bool write_bus_overlapped = true;  // the heads move while the bus brings the data; else afterwards
  double positioning_margin_s = 0;   // what the drive adds to a seek when it chooses a command: discipline/sptf.h
};

// Shingled tracks: reads as on any other drive; writes that do not append to a band cost the drive later. See
// mechanical_device.h for the approximation.
struct ShingleModel {
  std::uint64_t band_sectors = 0;  // 0: not shingled
  std::uint64_t cache_sectors = 0;
};

struct MechanicalModel {
  static constexpr Kind kind{"mechanical",
                             "Heads over turning platters: seek, rotation, transfer, a read-ahead buffer.",
                             "J. Bucy and others, \"The DiskSim Simulation Environment Version 4.0 Reference Manual\", "
                             "CMU-PDL-08-101, 2008"};

  Geometry geometry;
  SeekCurve seek_s;
  double revolution_s = 0;
  double head_switch_s = 0;
  double write_settle_s = 0;         // added to a write's seek; negative in some extracted drives
  bool zero_latency = false;         // a read may begin in the middle of its sectors on a track
  bool zero_latency_writes = false;  // and so may a write
  InterfaceModel interface;
  std::uint32_t sector_bytes = 512;
  std::uint32_t physical_sectors = 1;  // addresses in a physical sector: 8 where the media has 4 KiB and the host 512 B
  BufferModel buffer;
  ShingleModel shingle;
  std::uint32_t actuators = 1;  // each with its own half of the surfaces' addresses, working at the same time

  static ObjectShape keys();
  static MechanicalModel read(const JsonNode& node);
  static std::unique_ptr<Drive> make(std::shared_ptr<const MechanicalModel> model, const QueueSpec& queue,
                                     double phase);
  std::uint64_t total_bytes() const { return geometry.sectors() * sector_bytes * actuators; }
  std::string label() const;
};

}  // namespace headway
