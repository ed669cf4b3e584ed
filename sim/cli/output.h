// Files that a verb writes where the user says: whole or not at all, and one that cannot be written is bad usage.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace headway {

// As write_whole() and write_whole_text(), but InputError instead of std::system_error.
void write_output(const std::filesystem::path& target,
                  const std::function<void(const std::filesystem::path& beside)>& write);
// What the user should know beside the result, on stderr.
void say_note(std::string_view sentence);
void write_output_text(const std::filesystem::path& target, std::string_view text);

}  // namespace headway
