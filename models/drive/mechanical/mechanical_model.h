// A mechanical drive's checked parameters, in seconds, sectors and bytes per second.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/drive/kind_table.h"
#include "models/drive/mechanical/geometry.h"
#include "models/drive/mechanical/seek_curve.h"

namespace headway {

class Drive;
class JsonNode;
struct ObjectShape;
struct QueueSpec;

// A segmented read-ahead cache in the drive. No segments: none.
struct BufferModel {
  std::uint32_t segments = 0;
  std::uint32_t segment_sectors = 0;
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
  double write_settle_s = 0;  // added to a write's seek; negative in some extracted drives
  double overhead_s = 0;      // of a command that goes to the media, before the seek
  double hit_overhead_s = 0;  // of a read that the buffer holds
  double completion_overhead_s = 0;
  double bus_s_per_sector = 0;  // to the host
  bool zero_latency = false;    // a read may begin in the middle of its sectors on a track
  bool bus_overlapped = true;   // the bus starts when the first sector is read; else when the last one is
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
