// A real device or an image file, opened for reading alone, and what the operating system says of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace headway {

struct OpenOptions {
  bool mounted_ok = false;  // also devices that are mounted or otherwise in use
  bool buffered = false;    // through the page cache, without O_DIRECT
};

// Closed with the object.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const { return number_; }

 private:
  int number_;
};

struct ReadDevice {
  std::filesystem::path path;
  Descriptor descriptor;
  std::uint64_t bytes = 0;
  bool is_file = false;              // an image, not a block device
  std::uint32_t sector_bytes = 512;  // what offsets and lengths are multiples of
  // Of an image file the following are those of the disk that it lies on.
  bool rotational = false;
  std::string model, scheduler;   // empty where the operating system does not say
  std::uint64_t nr_requests = 0;  // likewise 0
};

// Opens it O_RDONLY and, unless `buffered`, O_DIRECT; exclusively, so that nobody mounts it meanwhile, unless
// `mounted_ok`. `option`: what named it, for messages. Throws InputError for what is not there, is neither a block
// device nor an image as it lies on one, may not be read, is mounted or in use, or cannot be read past the page cache.
ReadDevice open_read_device(const std::filesystem::path& path, const std::string& option, const OpenOptions& options);

}  // namespace headway
