// One real device or image file, opened for reading alone, and what the operating system says of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace headway {

struct OpenOptions {
  bool mounted_ok = false;  // also devices that are mounted or otherwise in use
  bool buffered = false;    // through the page cache, without O_DIRECT
};

struct LiveDevice {
  std::uint64_t devid = 0;
  std::filesystem::path path;
  int descriptor = -1;
  std::uint64_t bytes = 0;
  bool is_file = false;              // an image, not a block device
  std::uint32_t sector_bytes = 512;  // what offsets and lengths are multiples of
  bool rotational = false;
  std::string model, scheduler;   // empty where the operating system does not say
  std::uint64_t nr_requests = 0;  // likewise 0
};

// Opens it O_RDONLY and, unless `buffered`, O_DIRECT; exclusively, so that nobody mounts it meanwhile, unless
// `mounted_ok`. `place`: where the user named it ("--device 1"), for errors. Throws InputError for one that is not there,
// may not be read, is mounted or in use, or cannot be read past the page cache. The descriptor is the caller's to close.
LiveDevice open_device(const std::filesystem::path& path, const std::string& place, const OpenOptions& options);

// One that is closed with the object.
class OpenedDevice {
 public:
  OpenedDevice(const std::filesystem::path& path, const OpenOptions& options);
  ~OpenedDevice();
  OpenedDevice(const OpenedDevice&) = delete;
  OpenedDevice& operator=(const OpenedDevice&) = delete;

  const LiveDevice& get() const { return device_; }

 private:
  LiveDevice device_;
};

}  // namespace headway
