// See input_file.h.
#include "core/base/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/error.h"

namespace headway {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view begin;
  std::string_view name;
};

// What people hand over by mistake, by how it begins.
constexpr std::array<Signature, 12> signatures{{
    {"\x89HDF\r\n\x1a\n", "an HDF5 file"},
    {"\x89PNG", "a PNG image"},
    {"%PDF", "a PDF document"},
    {"\x7f" "ELF", "a program"},
    {"PK\x03\x04", "a zip archive"},
    {"\x1f\x8b", "a file packed by gzip"},
    {"BZh", "a file packed by bzip2"},
    {"\xfd" "7zXZ", "a file packed by xz"},
    {"\x28\xb5\x2f\xfd", "a file packed by zstd"},
    {"\xff\xfe", "text in UTF-16"},
    {"\xfe\xff", "text in UTF-16"},
    {"{\0"sv, "text in UTF-16"},  // without its mark
}};

}  // namespace

std::string why_unreadable(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return errno == ENOENT ? "no such file" : std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "a directory";
  return ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 ? "" : std::strerror(errno);
}

std::string not_text(std::string_view begin) {
  const auto fits = [&](const Signature& signature) { return begin.starts_with(signature.begin); };
  const auto* const known = std::find_if(signatures.begin(), signatures.end(), fits);
  if (known != signatures.end()) return std::string(known->name);
  return begin.find('\0') == std::string_view::npos ? "" : "binary data";
}

std::string read_text_file(const std::filesystem::path& path, std::string_view expected, std::uint64_t most_bytes) {
  const auto refuse = [&](std::string_view found) { throw InputError(path.string(), "", expected, found); };
  if (const auto why = why_unreadable(path); !why.empty()) refuse(why);
  constexpr std::size_t piece_bytes = 1 << 20;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  for (std::size_t got = 0; in; text.resize(got)) {
    text.resize(got + piece_bytes);
    in.read(text.data() + got, piece_bytes);
    const auto more = static_cast<std::size_t>(in.gcount());
    if (got == 0) {
      const auto what = not_text(std::string_view(text).substr(0, std::min<std::size_t>(more, 4096)));
      if (!what.empty()) refuse(what);
    }
    got += more;
    if (got > most_bytes) refuse(fmt::format("one of more than {} MiB", most_bytes >> 20));
  }
  if (!in.eof()) refuse("an error on reading it");
  if (text.empty()) refuse("an empty file");
  return text;
}

}  // namespace headway
