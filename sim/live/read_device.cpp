#include "sim/live/read_device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "core/base/byte_source.h"
#include "core/base/error.h"
#include "sim/live/buffers.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  const auto end = line.find_last_not_of(' ');
  return end == line.npos ? "" : line.substr(0, end + 1);
}

// The whole of "none [mq-deadline] bfq" is what there are; in brackets stands the one in use.
std::string chosen(const std::string& line) {
  const auto open = line.find('['), close = line.find(']');
  return open == line.npos || close == line.npos ? line : line.substr(open + 1, close - open - 1);
}

// What the block layer says of a device, or of that which an image file lies on.
void describe(ReadDevice& device, const struct stat& status) {
  const dev_t number = device.is_file ? status.st_dev : status.st_rdev;
  std::error_code error;
  fs::path place = fs::canonical(fmt::format("/sys/dev/block/{}:{}", major(number), minor(number)), error);
  if (error) return;  // a file system without a device of its own
  if (fs::exists(place / "partition", error)) place = place.parent_path();
  device.rotational = first_line(place / "queue/rotational") == "1";
  device.scheduler = chosen(first_line(place / "queue/scheduler"));
  device.model = first_line(place / "device/model");
  const std::string requests = first_line(place / "queue/nr_requests");
  std::from_chars(requests.data(), requests.data() + requests.size(), device.nr_requests);
}

// The loop device that the image is the file of and that somebody uses, as a mounted file system does; else "".
std::string loop_in_use(const fs::path& image) {
  std::error_code error;
  const fs::path whole = fs::canonical(image, error);
  for (fs::directory_iterator blocks("/sys/block", error), end; !error && blocks != end; blocks.increment(error)) {
    if (first_line(blocks->path() / "loop/backing_file") != whole.string()) continue;
    const fs::path node = "/dev" / blocks->path().filename();
    const int descriptor = ::open(node.c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
    if (descriptor < 0) return node.string();
    ::close(descriptor);
  }
  return "";
}

std::string why_not_opened(int error) {
  if (error == EACCES || error == EPERM) return "no permission to read it (devices are for root and the group disk)";
  if (error == EBUSY) return "one that is mounted or in use (--mounted-ok reads it all the same)";
  return std::strerror(error);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

ReadDevice open_read_device(const fs::path& path, const std::string& option, const OpenOptions& options) {
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw InputError(path.string(), option, expected, found);
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) fail("a block device or an image file", std::strerror(errno));
  ReadDevice device{.path = path, .descriptor = Descriptor(), .is_file = S_ISREG(status.st_mode)};
  if (!device.is_file && !S_ISBLK(status.st_mode)) fail("a block device or an image file", "neither");
  if (device.is_file && open_bytes(path, Zeros::free)->compressed())
    fail("an image as it lies on a device", "a compressed one");
  const std::string in_use_by = device.is_file && !options.mounted_ok ? loop_in_use(path) : "";
  if (!in_use_by.empty())
    fail("an image that nobody uses",
         fmt::format("one that is mounted or in use by {} (--mounted-ok reads it all the same)", in_use_by));
  const int exclusive = device.is_file || options.mounted_ok ? 0 : O_EXCL;
  device.descriptor =
      Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | exclusive | (options.buffered ? 0 : O_DIRECT)));
  const int descriptor = device.descriptor.number();
  if (descriptor < 0 && errno == EINVAL && !options.buffered)
    fail("what can be read past the page cache (O_DIRECT)",
         "what cannot (--buffered reads through the page cache, and measures that)");
  if (descriptor < 0) fail("what can be opened for reading", why_not_opened(errno));
  device.bytes = static_cast<std::uint64_t>(status.st_size);
  int sector_bytes = static_cast<int>(Buffers::aligned_bytes);
  if (!device.is_file &&
      (::ioctl(descriptor, BLKGETSIZE64, &device.bytes) != 0 || ::ioctl(descriptor, BLKSSZGET, &sector_bytes) != 0))
    fail("a block device that tells its size", std::strerror(errno));
  device.sector_bytes = static_cast<std::uint32_t>(sector_bytes);
  describe(device, status);
  return device;
}

}  // namespace headway
