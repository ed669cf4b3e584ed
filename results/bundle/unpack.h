// A bundle unpacked into a directory, each member held to its size and digest.
#pragma once

#include <filesystem>

#include "results/bundle/contents.h"

namespace headway {

// Into an empty directory, which gets files/, results/ and bundle.json. Throws InputError for what is no bundle, was cut
// short or changed, with the member in whose bytes that is; for members that would lie elsewhere or be anything but
// files; and for more than 64 MiB that are more than 4096 times the bundle's own size (a bomb).
BundleContents unpack_bundle(const std::filesystem::path& bundle, const std::filesystem::path& directory);

}  // namespace headway
