// Where a mechanical drive keeps its sectors: zones of cylinders, tracks, skews and spare sectors.
//
// The map follows the layouts that DiskSim 4.0 knows as G1 (J. Bucy, J. Schindler, S. Schlosser, G. Ganger, "The
// DiskSim Simulation Environment Version 4.0 Reference Manual", CMU-PDL-08-101, 2008): sectors run along a track, the
// tracks of a cylinder follow each other, then the next cylinder; each switch of track turns the first sector's angle
// by the track skew, each switch of cylinder by the cylinder skew.
//
// Simplifications, and what they cost:
// - A defective sector is skipped in place ("slipped"); none is remapped to a distant spare. A remapped sector costs a
//   real drive two seeks; drives have few in a thousand million, and none when new.
// - A run of sectors that steps over a slipped one takes no longer for it (DiskSim's own estimate does the same).
// - Skews are constants of a zone. Modern drives vary them a little by head; the mean rotation stays the same.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace headway {

// What holds the spare sectors: `spare_sectors` of them lie at the end of each such unit.
enum class SparesPer { zone, zone_track, cylinder, track, range };
// How the tracks of neighbouring cylinders follow each other: from surface 0 up in each cylinder, or there and back.
enum class TrackOrder { cylinder, serpentine };

struct Zone {
  std::uint32_t first_cylinder = 0;
  std::uint32_t last_cylinder = 0;
  std::uint32_t sectors_per_track = 0;
  double track_skew_sectors = 0;
  double cylinder_skew_sectors = 0;
  std::uint32_t spare_sectors = 0;   // in each unit of SparesPer; whole tracks where that is zone_track
  std::uint32_t front_sectors = 0;   // reserved at the zone's start, before its first address
  double first_sector_offset = 0;    // sectors by which the zone's first sector lies behind the index mark
  std::vector<std::uint32_t> slips;  // defective places, counted in sectors from the zone's start, ascending

  // Derived by Geometry.
  std::uint64_t first_sector = 0;  // address of the zone's first sector
  std::uint64_t sectors = 0;       // addresses in the zone
  std::uint64_t unit_places = 0;   // sectors of a unit of SparesPer, spares included
  double turn_per_sector = 0;      // of a revolution
};

// One sector's place.
struct SectorPlace {
  std::uint32_t cylinder = 0;
  std::uint32_t head = 0;
  std::uint32_t zone = 0;
  std::uint32_t sector = 0;       // on its track
  std::uint32_t run_sectors = 0;  // addresses from here to the end of the track, this one included
  double angle = 0;               // of the sector's start, in revolutions, in [0, 1)
};

class Geometry {
 public:
  Geometry() = default;  // of no sectors, to be assigned to
  // Zones ascend and do not overlap; cylinders between them may be left out; every zone holds sectors: the reader of
  // parameter files has checked it. `sectors` is the drive's capacity in addresses, at most what the zones hold.
  Geometry(std::vector<Zone> zones, std::uint32_t surfaces, TrackOrder order, SparesPer spares,
           std::uint32_t range_cylinders, std::uint64_t sectors);

  // `sector` is below sectors().
  SectorPlace place(std::uint64_t sector) const;
  // The same, quicker where `from`, the place of the address `from_sector`, lies shortly before on the same track.
  SectorPlace place_near(std::uint64_t sector, std::uint64_t from_sector, const SectorPlace& from) const;

  std::uint64_t sectors() const { return sectors_; }
  std::uint32_t surfaces() const { return surfaces_; }
  std::uint32_t cylinders() const { return zones_.back().last_cylinder + 1; }
  const std::vector<Zone>& zones() const { return zones_; }

 private:
  std::uint32_t zone_of(std::uint64_t sector) const;
  double angle(const Zone& zone, std::uint64_t cylinder, std::uint32_t turn, std::uint32_t sector) const;

  std::vector<Zone> zones_;
  std::vector<std::uint64_t> zone_starts_;  // of zones_, for the search, and an end that is never reached
  std::vector<std::uint32_t> zone_hints_;   // the first zone that a sector may be in, by sector >> hint_shift_
  int hint_shift_ = 0;
  std::uint32_t surfaces_ = 0;
  TrackOrder order_ = TrackOrder::cylinder;
  std::uint64_t sectors_ = 0;
};

// The place from which on some unit of the zone has more slipped sectors than spares; nothing when all are in order.
// Where the zone is the unit, slips beyond the spares cost addresses instead.
std::optional<std::uint32_t> excess_slip(const Zone& zone, std::uint32_t surfaces, SparesPer spares,
                                         std::uint32_t range_cylinders);

// Addresses that a zone holds under each reading of its spare sectors.
std::uint64_t zone_capacity(const Zone& zone, std::uint32_t surfaces, SparesPer spares, std::uint32_t range_cylinders);

}  // namespace headway
