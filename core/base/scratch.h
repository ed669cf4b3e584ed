// What is there only while a process works: files beside their targets until they are whole, directories for gnuplot.
//
// A process that is killed cannot clear them away. The next one that works in the same directory does: their names say
// which machine and process made them ("headway-1f0c93ab-4711-..."), and what a process of this machine has left that
// is no more is removed; what one of another machine made, which may be alive, after a week without a write.
#pragma once

#include <filesystem>
#include <string_view>

namespace headway {

// A name in `directory` that nobody has, for a file that is to be renamed when it is done; `ending` (".h5") stays, for
// tools that go by it. Clears `directory` first, once a process.
std::filesystem::path scratch_file(const std::filesystem::path& directory, const std::filesystem::path& ending);

// A directory in the system's place for such, which goes away with the object.
class ScratchDirectory {
 public:
  ScratchDirectory();  // throws std::system_error that names the system's place
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace headway
