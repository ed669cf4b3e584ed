// A bundle's file: a tar archive (POSIX pax where a name needs it, ustar else) compressed by zstd, which
// `tar --zstd -xf` unpacks anywhere.
//
// The same members give the same bytes: they stand as they are given, with mode 644, no owner and no date. Each member
// is a zstd frame of its own with a checksum, so that what is damaged is that one. Behind the last stands a skippable
// frame, "headway sha256 " and the digest of every byte before it: with that, a changed byte that changes no member, in
// a header or between two, is seen as well. It is no seal: whoever means to can make another bundle.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

struct ArchiveMember {
  std::string name;            // "results/first-look/results.json"
  std::filesystem::path file;  // with its bytes
};

// Whole or not at all. Throws InputError for a member that cannot be read or changes on the way, std::system_error where
// the disk does not take it.
void write_archive(const std::filesystem::path& out, const std::vector<ArchiveMember>& members);

// An archive from front to back. Everything in it is a stranger's.
class ArchiveReader {
 public:
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;
  };

  // Throws InputError for what is no such archive.
  explicit ArchiveReader(const std::filesystem::path& file);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // Whether all bytes are those that were written, by the digest at the end.
  bool intact() const { return intact_; }
  // The next one, a regular file; nothing behind the last. Throws InputError in whose place stands `expected`, the
  // member that should come.
  std::optional<Entry> next(std::string_view expected);
  // The bytes of the last one, piece by piece. Throws likewise.
  void read(const std::function<void(std::string_view)>& take);

 private:
  [[noreturn]] void fail(std::string_view found) const;

  struct State;
  std::unique_ptr<State> state_;
  std::string file_;
  std::string member_;  // that is being read, for messages
  bool intact_ = false;
};

}  // namespace headway
