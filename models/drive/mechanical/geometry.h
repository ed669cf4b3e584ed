// Where a mechanical drive keeps its sectors: zones of cylinders, tracks, skews and spare sectors.
//
// The map follows the layouts that DiskSim 4.0 knows as G1 (J. Bucy, J. Schindler, S. Schlosser, G. Ganger, "The
// DiskSim Simulation Environment Version 4.0 Reference Manual", CMU-PDL-08-101, 2008): sectors run along a track, the
// tracks of a cylinder follow each other, then the next cylinder; each switch of track turns the first sector's angle
// by the track skew, each switch of cylinder by the cylinder skew.
//
// Drives since about 2000 lay their tracks out in serpentine bands instead, as microbenchmarks of some twenty of them
// show (J. Gim, Y. Won, "Extract and infer quickly: obtaining sector geometry of modern hard disk drives", ACM
// Transactions on Storage 6(2), 2010; E. Krevat, J. Tucek, G. Ganger, "Disks are like snowflakes: no two are alike",
// HotOS 2011; H. Wong, "Discovering hard disk physical geometry through microbenchmarking", 2019): `band_tracks` tracks
// on one surface, inwards, as many on the next one, outwards, and so on; when every surface has had its turn, the next
// band begins where the first one ended. So the head changes once in a hundred tracks, and addresses that are some tens
// of MB apart are as many tracks apart. Each step within a band turns the first sector's angle by the step skew, each
// switch of surface by the track skew, each new band by the cylinder skew: a cylinder is a band of one track, and all
// of this one map.
//
// Simplifications, and what they cost:
// - A defective sector is skipped in place ("slipped"); none is remapped to a distant spare. A remapped sector costs a
//   real drive two seeks; drives have few in a thousand million, and none when new.
// - A run of sectors that steps over a slipped one takes no longer for it (DiskSim's own estimate does the same).
// - Skews are constants of a zone. Modern drives vary them a little by head; the mean rotation stays the same.
// - All surfaces have the same zones and the same tracks a band. Modern drives give each head its own density and zones
//   as it tests, some per cent apart: real sequential rates go up and down from band to band by so much, ours do not;
//   their mean, and that of seeks, stays.
// - The tracks of all surfaces stand in line. Those of a real drive are apart by tens of tracks, so that its head
//   switch is a short seek: head_switch_ms has to hold that.
// - A zone's last band is as narrow as the zone leaves it; no band reaches over a zone's end. Some drives size bands so
//   that none is left over: one band in some hundreds is concerned.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace headway {

// What holds the spare sectors: `spare_sectors` of them lie at the end of each such unit.
enum class SparesPer { zone, zone_track, cylinder, track, range };
// How the surfaces of neighbouring bands (cylinders) follow each other: from surface 0 up in each, or there and back.
enum class TrackOrder { cylinder, serpentine };

struct Zone {
  std::uint32_t first_cylinder = 0;
  std::uint32_t last_cylinder = 0;
  std::uint32_t sectors_per_track = 0;
  double step_skew_sectors = 0;      // from a track to the next of its band
  double track_skew_sectors = 0;     // from a surface to the next
  double cylinder_skew_sectors = 0;  // from a band to the next
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
  double skew_sectors = 0;        // by which the track's first sector lies behind the index mark
  double angle = 0;               // of the sector's start, in revolutions, in [0, 1)
};

class Geometry {
 public:
  Geometry() = default;  // of no sectors, to be assigned to
  // Zones ascend and do not overlap; cylinders between them may be left out; every zone holds sectors: the reader of
  // parameter files has checked it. `sectors` is the drive's capacity in addresses, at most what the zones hold.
  // `band_tracks`: 1 or more; above 1 the spares are of a zone or a track.
  Geometry(std::vector<Zone> zones, std::uint32_t surfaces, TrackOrder order, SparesPer spares,
           std::uint32_t range_cylinders, std::uint64_t sectors, std::uint32_t band_tracks = 1);

  // `sector` is below sectors().
  SectorPlace place(std::uint64_t sector) const;
  // The same, quicker where `from`, the place of the address `from_sector`, lies shortly before on the same track.
  SectorPlace place_near(std::uint64_t sector, std::uint64_t from_sector, const SectorPlace& from) const;
  // The inverse of place(): which address lies there. Nothing where none does: a spare or slipped sector, a reserved
  // one, one beyond the drive's capacity, and what is no place of the drive.
  std::optional<std::uint64_t> address(std::uint32_t cylinder, std::uint32_t head, std::uint32_t sector) const;

  // Skews in revolutions, rounded up to whole sectors of each zone.
  void set_skews(double step_turn, double track_turn, double cylinder_turn);
  // Cylinders from the last track of a band to the first of the next.
  std::uint32_t band_step() const { return surfaces_ % 2 == 0 ? band_tracks_ : 1; }

  std::uint64_t sectors() const { return sectors_; }
  std::uint32_t surfaces() const { return surfaces_; }
  std::uint32_t band_tracks() const { return band_tracks_; }
  std::uint32_t cylinders() const { return zones_.back().last_cylinder + 1; }
  const std::vector<Zone>& zones() const { return zones_; }

 private:
  std::uint32_t zone_of(std::uint64_t sector) const;
  // A track of a zone, `cylinder` counted from the zone's start: the turn-th surface of its band, behind so many steps.
  struct Track {
    std::uint32_t cylinder = 0;
    std::uint32_t band = 0;
    std::uint32_t turn = 0;
    std::uint32_t steps = 0;
  };
  Track track_at(const Zone& zone, std::uint32_t ordinal) const;
  std::uint64_t ordinal_of(const Zone& zone, std::uint32_t cylinder, std::uint32_t head) const;
  std::uint32_t head_of(const Track& track) const {
    return order_ == TrackOrder::serpentine && track.band % 2 == 1 ? surfaces_ - 1 - track.turn : track.turn;
  }
  double skew_sectors(const Zone& zone, const Track& track) const;

  std::vector<Zone> zones_;
  std::vector<std::uint64_t> zone_starts_;  // of zones_, for the search, and an end that is never reached
  std::vector<std::uint32_t> zone_hints_;   // the first zone that a sector may be in, by sector >> hint_shift_
  int hint_shift_ = 0;
  std::uint32_t surfaces_ = 0;
  TrackOrder order_ = TrackOrder::cylinder;
  std::uint32_t band_tracks_ = 1;
  std::uint64_t sectors_ = 0;
};

// The place from which on some unit of the zone has more slipped sectors than spares; nothing when all are in order.
// Where the zone is the unit, slips beyond the spares cost addresses instead.
std::optional<std::uint32_t> excess_slip(const Zone& zone, std::uint32_t surfaces, SparesPer spares,
                                         std::uint32_t range_cylinders);

// Addresses that a zone holds under each reading of its spare sectors.
std::uint64_t zone_capacity(const Zone& zone, std::uint32_t surfaces, SparesPer spares, std::uint32_t range_cylinders);

}  // namespace headway
