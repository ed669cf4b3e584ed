// Files that are read: what hinders it and what they are instead, in the words that all messages use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace headway {

// Why `path` cannot be opened for reading: "no such file", "a directory", "Permission denied", ...; empty when it can.
// The "found" half of an error.
std::string why_unreadable(const std::filesystem::path& path);

// What bytes that should be text, a file's first ones, say that they are: "an HDF5 file", "a PNG image", "text in
// UTF-16", "binary data"; empty for text.
std::string not_text(std::string_view begin);

// A text file, whole; from a pipe as well. Throws InputError, that `expected` ("a JSON file") was, when it cannot be
// read, is empty, is no text or has more than `most_bytes`.
std::string read_text_file(const std::filesystem::path& path, std::string_view expected,
                           std::uint64_t most_bytes = std::uint64_t{4} << 30);

}  // namespace headway
