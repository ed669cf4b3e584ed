// Files that appear whole or not at all: a reader never sees half a result, and a failed run leaves none behind.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string_view>

namespace headway {

// Calls `write` with the name of a new file beside `target` (same directory, same ending), and renames that over
// `target` once `write` has returned. When anything fails the file beside is removed, `target` is as it was, and the
// error goes on to the caller. There is no fsync: a crash of the machine may lose the file, a crash of the program
// cannot leave half of it. Throws std::system_error that names `target` when it cannot be put in place.
void write_whole(const std::filesystem::path& target,
                 const std::function<void(const std::filesystem::path& beside)>& write);

// A file being written, for use inside write_whole(). Errors are std::system_error and name `target`, the file that the
// user asked for; a full disk is std::errc::no_space_on_device.
class OutputFile {
 public:
  OutputFile(const std::filesystem::path& path, const std::filesystem::path& target);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  void close();  // reports what was still on its way; without it the file counts as given up

 private:
  std::FILE* file_;
  std::filesystem::path target_;
};

// The same for text that is there already. A full disk is std::system_error with std::errc::no_space_on_device.
void write_whole_text(const std::filesystem::path& target, std::string_view text);

// The file beside `target` that write_whole() would use; for writers that stay open longer than a call.
std::filesystem::path beside(const std::filesystem::path& target);

}  // namespace headway
