// One drive's checked parameters: what a parameter file says, in seconds, sectors and bytes per second.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "models/drive/mechanical/geometry.h"
#include "models/drive/mechanical/seek_curve.h"

namespace headway {

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
};

struct SolidStateModel {
  std::uint64_t capacity_bytes = 0;
  std::uint32_t channels = 0;
  std::uint32_t dies_per_channel = 0;
  std::uint32_t page_bytes = 0;
  double page_read_s = 0;  // from the array to the die's register
  double page_program_s = 0;
  double channel_bytes_per_s = 0;
  double command_s = 0;         // from a command's start to its first access
  double pipeline_s = 0;        // between the starts of two commands: 1 / the most commands a second
  double host_bytes_per_s = 0;  // the interface, shared by all commands
};

struct ConstantModel {
  std::uint64_t capacity_bytes = 0;
  double latency_s = 0;  // of each command
  double bytes_per_s = 0;
};

// A figure of the data sheet to hold the drive against.
struct SheetFigure {
  std::string name;  // "random_read_iops_depth_16", ...: validate.h lists what can be measured
  double value = 0;
  std::string origin;  // "maker", "quoted", "measured", "estimated", "derived"
};

// Where a parameter comes from.
struct Origin {
  std::string parameter;
  std::string origin;  // as above, followed by ": " and the source
};

struct DriveModel {
  std::string name;
  std::string description;
  std::vector<Origin> origins;
  std::vector<std::string> completed;  // keys that the file's form has not and the library gave: see load_drive
  std::vector<SheetFigure> sheet;
  std::variant<MechanicalModel, SolidStateModel, ConstantModel> kind;
};

}  // namespace headway
