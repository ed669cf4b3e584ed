// Reads `btrfs-image` streams (-c0 to -c9): what people attach to bug reports. All tree blocks of a file system, in the
// order of their addresses, with the chunk tree that it had; so the layout on several devices is still in it.
#pragma once

#include <memory>
#include <string>

#include "core/base/byte_source.h"
#include "models/layout/layout.h"

namespace headway {

inline constexpr std::uint64_t image_stream_magic = 0xbd5c25e27295668b;

// Nodes must have their checksum; leaves need not, since older versions do not renew it after they have wiped the data
// in a leaf. Leaves' items and free space are known, unlike from images. Blocks that are no tree blocks (the free-space
// cache, data) are passed over. Throws InputError with the byte offset in the (uncompressed) stream.
Layout read_image_stream(const std::string& name, std::unique_ptr<ByteSource> bytes, const LoadOptions& options);

}  // namespace headway
