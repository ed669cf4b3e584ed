#include "core/base/sha256.h"

#include <fmt/format.h>
#include <gcrypt.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "core/base/error.h"

namespace headway {

namespace {

// One computation, fed piece by piece.
class Sha256 {
 public:
  Sha256() {
    gcry_check_version(nullptr);  // initialises the library
    gcry_md_hd_t made = nullptr;
    if (gcry_md_open(&made, GCRY_MD_SHA256, 0) != 0) throw std::bad_alloc();
    state_.reset(made);
  }

  void add(std::string_view bytes) { gcry_md_write(state_.get(), bytes.data(), bytes.size()); }

  std::string hex() {
    const unsigned char* digest = gcry_md_read(state_.get(), GCRY_MD_SHA256);
    std::string text;
    for (unsigned i = 0; i < 32; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  struct Close {
    void operator()(gcry_md_hd_t state) const { gcry_md_close(state); }
  };
  std::unique_ptr<gcry_md_handle, Close> state_;
};

}  // namespace

std::string sha256_of(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

std::string sha256_of_file(const std::filesystem::path& file, std::uint64_t most_bytes) {
  Sha256 sum;
  std::ifstream in(file, std::ios::binary);
  std::vector<char> piece(1 << 20);
  for (std::uint64_t left = most_bytes; in && left > 0;) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, piece.size())));
    sum.add({piece.data(), static_cast<std::size_t>(in.gcount())});
    left -= static_cast<std::uint64_t>(in.gcount());
  }
  if (!in && !in.eof()) throw InputError(file.string(), "", "a readable file", "none that can be read");
  return sum.hex();
}

}  // namespace headway
