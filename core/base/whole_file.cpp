// See whole_file.h.
#include "core/base/whole_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace headway {

namespace {

[[noreturn]] void fail(int error, const std::filesystem::path& target) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot write {}", target.string()));
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

std::filesystem::path beside(const std::filesystem::path& target) {
  // The process's number keeps two writers of one target apart; the ending stays, for tools that go by it.
  return target.parent_path() /
         fmt::format(".{}.{}{}", target.stem().string(), ::getpid(), target.extension().string());
}

void write_whole(const std::filesystem::path& target,
                 const std::function<void(const std::filesystem::path& beside)>& write) {
  const std::filesystem::path part = beside(target);
  try {
    write(part);
    if (std::rename(part.c_str(), target.c_str()) != 0) fail(errno, target);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw;
  }
}

void write_whole_text(const std::filesystem::path& target, std::string_view text) {
  write_whole(target, [&](const std::filesystem::path& part) {
    OutputFile file(part, target);
    file.write(text);
    file.close();
  });
}

}  // namespace headway
