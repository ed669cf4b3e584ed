// See unpack.h.
#include "results/bundle/unpack.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"
#include "results/bundle/archive.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

class Unpacker {
 public:
  Unpacker(const fs::path& bundle, const fs::path& directory) : bundle_(bundle), directory_(directory), in_(bundle) {}

  BundleContents unpack() {
    const BundleContents contents = read_contents();
    hold_size(contents);
    for (const auto& member : contents.members) unpack(member);
    if (const auto more = in_.next("the end")) fail("the end", "nothing more", fmt::format("\"{}\"", more->name));
    if (!in_.intact())
      fail("", "every byte as `headway bundle` wrote it",
           "another digest at the end, though all members are what they were: a byte between them, in a header, or of the "
           "digest itself was changed, or bytes are missing or added at the end");
    return contents;
  }

 private:
  [[noreturn]] void fail(std::string_view place, std::string_view expected, std::string_view found) const {
    throw InputError(bundle_.string(), place, expected, found);
  }

  BundleContents read_contents() {
    constexpr std::uint64_t most_bytes = 64 << 20;
    const std::string name(BundleContents::file);
    const auto entry = in_.next(name);
    if (!entry) fail(name, "the first member of a bundle", "an empty archive");
    if (entry->name != name) fail(name, "the first member of a bundle", fmt::format("\"{}\"", entry->name));
    if (entry->bytes > most_bytes) fail(name, "at most 64 MiB", fmt::format("{} bytes", entry->bytes));
    std::string text;
    in_.read([&](std::string_view bytes) { text += bytes; });
    if (text.size() != entry->bytes) fail(name, fmt::format("{} bytes", entry->bytes), "fewer");
    write_whole_text(directory_ / name, text);
    return contents_from(JsonNode::parse(text, fmt::format("{}: {}", bundle_.string(), name)));
  }

  void hold_size(const BundleContents& contents) const {
    constexpr std::uint64_t always = 64 << 20, most_times = 4096;
    const std::uint64_t most = std::max(always, fs::file_size(bundle_) * most_times);
    std::uint64_t bytes = 0;
    for (const auto& member : contents.members) {
      if (member.bytes > most - bytes)
        fail(member.file, fmt::format("members that inflate at most {} times", most_times),
             fmt::format("{} bytes of a bundle of {}", member.bytes, fs::file_size(bundle_)));
      bytes += member.bytes;
    }
  }

  void unpack(const BundledMember& member) {
    const auto entry = in_.next(member.file);
    if (!entry) fail(member.file, "a member of the bundle", "its end: it was cut short");
    if (entry->name != member.file) fail(member.file, "this member", fmt::format("\"{}\"", entry->name));
    if (entry->bytes != member.bytes) fail(member.file, fmt::format("{} bytes", member.bytes), std::to_string(entry->bytes));
    const fs::path to = directory_ / member.file;
    fs::create_directories(to.parent_path());
    OutputFile file(to, to);
    in_.read([&](std::string_view bytes) { file.write(bytes); });
    file.close();
    if (const auto found = sha256_of_file(to); found != member.sha256)
      fail(member.file, fmt::format("bytes whose SHA-256 is {}", member.sha256), fmt::format("changed ones ({})", found));
  }

  const fs::path& bundle_;
  const fs::path& directory_;
  ArchiveReader in_;
};

}  // namespace

BundleContents unpack_bundle(const fs::path& bundle, const fs::path& directory) {
  return Unpacker(bundle, directory).unpack();
}

}  // namespace headway
