// Has a file changed since? By what the kernel keeps of each change, so that one that was put back counts as well.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

namespace headway {

struct FileStamp {
  std::filesystem::path file;
  std::uint64_t device = 0, inode = 0, bytes = 0;
  std::int64_t changed_s = 0, changed_ns = 0;  // ctime: whoever writes cannot set it back

  // Of a file as it is now; all 0 for one that is not there.
  explicit FileStamp(std::filesystem::path path) : file(std::move(path)) {
    struct stat now {};
    if (::stat(file.c_str(), &now) != 0) return;
    device = now.st_dev;
    inode = now.st_ino;
    bytes = static_cast<std::uint64_t>(now.st_size);
    changed_s = now.st_ctim.tv_sec;
    changed_ns = now.st_ctim.tv_nsec;
  }

  bool operator==(const FileStamp&) const = default;
  bool still_holds() const { return FileStamp(file) == *this; }
};

}  // namespace headway
