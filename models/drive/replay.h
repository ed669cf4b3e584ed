// A list of reads through one drive, without anything around it: what `headway drive replay` does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

namespace headway {

struct ReplayRead {
  double arrival_s = 0;
  std::uint64_t sector = 0;
  std::uint32_t sectors = 0;
};

struct ReplayedRead {
  ReplayRead read;
  double begin_s = 0;  // of its service; it queued from arrival until then
  double end_s = 0;
  double seek_s = 0;
  double rotation_s = 0;
  double transfer_s = 0;
};

// Reads CSV text with at least the columns arrival_ms, sector, sectors, in any order, arrivals ascending. `file` names
// it in messages; every read lies within `drive_sectors`. Throws InputError.
std::vector<ReplayRead> parse_reads(std::string_view text, const std::string& file, std::uint64_t drive_sectors);
std::vector<ReplayRead> load_reads(const std::filesystem::path& file, std::uint64_t drive_sectors);

// Bytes in an address of this drive: its sector size; 512 where the model has none.
std::uint32_t sector_bytes(const DriveModel& model);

// In the order of completion.
std::vector<ReplayedRead> replay(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed,
                                 const std::vector<ReplayRead>& reads);

// As CSV: arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms.
std::string to_csv(const std::vector<ReplayedRead>& reads);

}  // namespace headway
