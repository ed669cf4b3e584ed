// SHA-256 as lower-case hexadecimal: what names inputs in results and runs in a sweep's cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace headway {

std::string sha256_of(std::string_view bytes);
// Of a file's bytes, or of its first ones. Throws InputError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file, std::uint64_t most_bytes = UINT64_MAX);

}  // namespace headway
