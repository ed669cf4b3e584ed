// See scratch.h.
#include "core/base/scratch.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <system_error>

#include "core/base/sha256.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "headway-";
constexpr std::size_t machine_letters = 8;

// Where a process's number means one process: the machine, since it was started (its name need not be its own: many
// are called localhost), and on it the container.
std::string machine() {
  std::string started;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> started;
  struct stat numbers {};
  ::stat("/proc/self/ns/pid", &numbers);
  return sha256_of(fmt::format("{} {}", started, numbers.st_ino)).substr(0, machine_letters);
}

std::string name_of_ours() { return fmt::format("{}{}-{}-", mark, machine(), ::getpid()); }

struct Maker {
  std::string_view machine;
  ::pid_t process = 0;
};

// Of a name that scratch_file() or ScratchDirectory has made.
std::optional<Maker> maker_of(std::string_view name) {
  if (name.starts_with('.')) name.remove_prefix(1);
  if (!name.starts_with(mark)) return std::nullopt;
  name.remove_prefix(mark.size());
  Maker maker{.machine = name.substr(0, machine_letters)};
  if (maker.machine.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  if (name.size() <= machine_letters || name[machine_letters] != '-') return std::nullopt;
  const char* const end = name.data() + name.size();
  const auto [after, error] = std::from_chars(name.data() + machine_letters + 1, end, maker.process);
  if (error != std::errc{} || after == end || *after != '-' || maker.process <= 0) return std::nullopt;
  return maker;
}

bool is_left_behind(const fs::path& path, const Maker& maker) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || found.st_uid != ::geteuid()) return false;
  if (maker.machine == machine()) return ::kill(maker.process, 0) != 0 && errno == ESRCH;
  const std::chrono::seconds written(found.st_mtim.tv_sec);
  return std::chrono::system_clock::now().time_since_epoch() - written > std::chrono::hours(7 * 24);
}

void clear_once(const fs::path& directory) {
  static std::set<fs::path> cleared;
  if (!cleared.insert(directory).second) return;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto maker = maker_of(name);
    std::error_code ignored;  // somebody else is clearing as well
    if (maker && is_left_behind(entry->path(), *maker)) fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

fs::path scratch_file(const fs::path& directory, const fs::path& ending) {
  static unsigned count = 0;
  clear_once(directory.empty() ? "." : directory);
  return directory / fmt::format(".{}{}{}", name_of_ours(), count++, ending.string());
}

ScratchDirectory::ScratchDirectory() {
  const fs::path place = fs::temp_directory_path();
  clear_once(place);
  std::string name = (place / (name_of_ours() + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot make a directory in {}", place.string()));
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace headway
