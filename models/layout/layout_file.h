// The layout file: HDF5, as layout.h documents it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "models/layout/layout.h"

namespace headway {

inline constexpr std::uint32_t layout_file_version = 1;

// Throws InputError with the column at fault; HDF5's own messages are silenced.
Layout read_layout_file(const std::filesystem::path& path, const LoadOptions& options);
void write_layout_file(const std::filesystem::path& path, const Layout& layout);

}  // namespace headway
