// Reads the trees of a btrfs from the images of its devices: internal nodes only, and the leaves of the chunk and root
// trees, which lead to the others. Never data, and never a write.
#pragma once

#include <filesystem>
#include <span>

#include "models/layout/layout.h"

namespace headway {

// A device that is missing is tolerated where every block that is needed has a copy elsewhere or can be rebuilt from
// parity. Leaves keep the generation that their pointers expect; what they hold is not known. A tree that is being
// deleted is left out, as its blocks may be gone. Throws InputError with the image and byte offset.
Layout read_images(std::span<const std::filesystem::path> paths, const LoadOptions& options);

}  // namespace headway
