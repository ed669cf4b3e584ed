// Files that appear whole or not at all: a reader never sees half a result, and a failed run leaves none behind.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "core/base/scratch.h"

namespace headway {

// A file that is being written where nobody looks for it, and then put where it belongs.
//
// What is put in place of a regular file or of nothing is written beside it (same directory, same ending) and renamed
// over it; it takes over mode and, where the process may, owner. Symbolic links are followed, not replaced. Anything else
// (a device node, a FIFO, what a shell's >(command) names, the standard output) gets the finished bytes streamed into
// it; `-` is the standard output. There is no fsync: a crash of the machine may lose the file, a crash of the program
// cannot leave half of it. What a killed program leaves beside the target the next one clears (scratch.h).
class PartFile {
 public:
  // Throws std::system_error that names `target` when there is no place to write.
  explicit PartFile(const std::filesystem::path& target);
  ~PartFile();  // what was not put in place is removed
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }  // where to write
  const std::filesystem::path& target() const { return target_; }
  // The file is written and closed: puts it in place. Throws std::system_error that names `target`; std::errc says why.
  void place();

 private:
  void stream() const;

  std::filesystem::path target_;     // as the user named it
  std::filesystem::path place_;      // behind its links; empty: the bytes are streamed
  std::optional<ScratchDirectory> directory_;  // where they are streamed
  std::filesystem::path path_;
  bool placed_ = false;
};

// Calls `write` with the name of a new file and puts that in the place of `target` once `write` has returned. When
// anything fails `target` is as it was, and the error goes on to the caller.
void write_whole(const std::filesystem::path& target,
                 const std::function<void(const std::filesystem::path& part)>& write);

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

}  // namespace headway
