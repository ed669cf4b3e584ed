// See whole_file.h.
#include "core/base/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace headway {

namespace {

[[noreturn]] void fail(int error, const std::filesystem::path& target) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot write {}", target.string()));
}

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  const int number;
};

// Also by another name, as /dev/stdout: renamed over, the shell's file would lose its name.
bool is_standard_output(const std::filesystem::path& target) {
  if (target == "-") return true;
  struct stat out {}, named {};
  return ::fstat(STDOUT_FILENO, &out) == 0 && ::stat(target.c_str(), &named) == 0 && out.st_dev == named.st_dev &&
         out.st_ino == named.st_ino;
}

bool is_streamed(const std::filesystem::path& target) {
  if (is_standard_output(target)) return true;
  std::error_code error;
  const auto status = std::filesystem::status(target, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

// The file that a chain of symbolic links ends at, whether or not it is there.
std::filesystem::path behind_links(std::filesystem::path target) {
  constexpr int most_links = 40;  // as Linux
  std::error_code error;
  for (int i = 0; std::filesystem::is_symlink(target, error); ++i) {
    if (i == most_links) fail(ELOOP, target);
    const auto to = std::filesystem::read_symlink(target);
    target = to.is_absolute() ? to : target.parent_path() / to;
  }
  return target;
}

}  // namespace

OutputFile::OutputFile(const std::filesystem::path& path, const std::filesystem::path& target)
    : file_(std::fopen(path.c_str(), "wb")), target_(target) {
  if (file_ == nullptr) fail(errno, target_);
}

OutputFile::~OutputFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(errno, target_);
}

void OutputFile::close() {
  if (std::fclose(std::exchange(file_, nullptr)) != 0) fail(errno, target_);
}

PartFile::PartFile(const std::filesystem::path& target) : target_(target) {
  if (is_streamed(target)) {
    directory_.emplace();
    path_ = directory_->path() / target.filename();
    return;
  }
  place_ = behind_links(target);
  path_ = scratch_file(place_.parent_path(), place_.extension());
}

PartFile::~PartFile() {
  std::error_code ignored;
  if (!placed_) std::filesystem::remove(path_, ignored);
}

void PartFile::place() {
  if (place_.empty()) return stream();
  struct stat old {};
  if (::stat(place_.c_str(), &old) == 0) {
    // Another user's file stays theirs where we may give it to them, and ours where not.
    const bool given = ::chown(path_.c_str(), old.st_uid, old.st_gid) == 0;
    const mode_t mode = old.st_mode & (given ? 07777 : 0777);
    if (::chmod(path_.c_str(), mode) != 0) fail(errno, target_);
  }
  if (std::rename(path_.c_str(), place_.c_str()) != 0) fail(errno, target_);
  placed_ = true;
}

void PartFile::stream() const {
  std::fflush(stdout);  // what was said before comes before
  const Descriptor from(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor to(is_standard_output(target_) ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                                                  : ::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
  if (from.number < 0 || to.number < 0) fail(errno, target_);
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ::ssize_t got = ::read(from.number, buffer.data(), buffer.size());
    if (got < 0) fail(errno, target_);
    if (got == 0) return;
    for (::ssize_t done = 0; done < got;) {
      const ::ssize_t now = ::write(to.number, buffer.data() + done, static_cast<std::size_t>(got - done));
      if (now < 0 && errno != EINTR) fail(errno, target_);
      if (now > 0) done += now;
    }
  }
}

void write_whole(const std::filesystem::path& target,
                 const std::function<void(const std::filesystem::path& part)>& write) {
  PartFile part(target);
  write(part.path());
  part.place();
}

void write_whole_text(const std::filesystem::path& target, std::string_view text) {
  write_whole(target, [&](const std::filesystem::path& part) {
    OutputFile file(part, target);
    file.write(text);
    file.close();
  });
}

}  // namespace headway
