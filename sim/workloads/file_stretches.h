// Where a reader of whole files reads for certain: for its bound (sim/bound/).
#pragma once

#include <vector>

#include "core/volume.h"
#include "models/drive/bound/stream_needs.h"
#include "models/layout/file_extents.h"

namespace headway {

// By device, ascending and apart: the first copy of the extents, which is the one that is read (file_data.h). What
// files share is there once.
std::vector<std::vector<ByteStretch>> file_stretches(const Volume& volume, const std::vector<FileExtent>& extents);

}  // namespace headway
