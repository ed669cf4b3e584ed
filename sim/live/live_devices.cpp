#include "sim/live/live_devices.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/random/uniform_int_distribution.hpp>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/base/byte_source.h"
#include "core/base/error.h"
#include "core/random_stream.h"
#include "models/layout/btrfs/image_set.h"
#include "sim/live/buffers.h"
#include "sim/live/read_ring.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

std::string option_of(std::uint64_t devid) { return fmt::format("--device {}", devid); }

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
void describe(LiveDevice& device, const struct stat& status) {
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

std::vector<NamedDevice> named_devices(const std::vector<std::string>& texts) {
  std::vector<NamedDevice> named;
  for (const std::string& text : texts) {
    const std::size_t equals = std::min(text.find('='), text.size());
    NamedDevice one;
    const auto [end, error] = std::from_chars(text.data(), text.data() + equals, one.devid);
    if (error != std::errc{} || end != text.data() + equals || equals + 1 >= text.size())
      throw InputError("", "--device", "DEVID=PATH, as 1=/dev/sdb", fmt::format("\"{}\"", text));
    one.path = text.substr(equals + 1);
    const auto same = std::ranges::find(named, one.devid, &NamedDevice::devid);
    if (same != named.end())
      throw InputError("", option_of(one.devid), "each device once",
                       fmt::format("{} and {}", same->path.string(), one.path.string()));
    named.push_back(std::move(one));
  }
  if (named.empty()) throw InputError("", "--device", "a device for each of the file system's (1=/dev/sdb)", "none");
  std::ranges::sort(named, {}, &NamedDevice::devid);
  return named;
}

LiveDevices::LiveDevices(std::span<const NamedDevice> named, const OpenOptions& options) : buffered_(options.buffered) {
  try {
    for (const NamedDevice& one : named) open(one, options);
    recognize();
  } catch (...) {
    for (const LiveDevice& device : devices_) ::close(device.descriptor);
    throw;
  }
}

LiveDevices::~LiveDevices() {
  for (const LiveDevice& device : devices_) ::close(device.descriptor);
}

void LiveDevices::open(const NamedDevice& named, const OpenOptions& options) {
  const std::string name = named.path.string();
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw InputError(name, option_of(named.devid), expected, found);
  };
  struct stat status {};
  if (::stat(named.path.c_str(), &status) != 0) fail("a block device or an image file", std::strerror(errno));
  LiveDevice device{.devid = named.devid, .path = named.path, .is_file = S_ISREG(status.st_mode)};
  if (!device.is_file && !S_ISBLK(status.st_mode)) fail("a block device or an image file", "neither");
  if (device.is_file && open_bytes(named.path, Zeros::free)->compressed())
    fail("an image as it lies on a device", "a compressed one");
  if (device.is_file && !options.mounted_ok) {
    if (const auto loop = loop_in_use(named.path); !loop.empty())
      fail("an image that nobody uses",
           fmt::format("one that is mounted or in use by {} (--mounted-ok reads it all the "
                       "same)",
                       loop));
  }
  const int exclusive = device.is_file || options.mounted_ok ? 0 : O_EXCL;
  device.descriptor = ::open(named.path.c_str(), O_RDONLY | O_CLOEXEC | exclusive | (options.buffered ? 0 : O_DIRECT));
  if (device.descriptor < 0 && errno == EINVAL && !options.buffered)
    fail("what can be read past the page cache (O_DIRECT)",
         "what cannot (--buffered reads through the page cache, and measures that)");
  if (device.descriptor < 0) fail("what can be opened for reading", why_not_opened(errno));
  devices_.push_back(device);  // from here on it is closed whatever comes
  LiveDevice& opened = devices_.back();
  opened.bytes = static_cast<std::uint64_t>(status.st_size);
  int sector_bytes = static_cast<int>(Buffers::aligned_bytes);
  if (!opened.is_file && (::ioctl(opened.descriptor, BLKGETSIZE64, &opened.bytes) != 0 ||
                          ::ioctl(opened.descriptor, BLKSSZGET, &sector_bytes) != 0))
    fail("a block device that tells its size", std::strerror(errno));
  opened.sector_bytes = static_cast<std::uint32_t>(sector_bytes);
  describe(opened, status);
}

// By their superblocks, which the importer of images reads and checks.
void LiveDevices::recognize() {
  std::vector<fs::path> paths;
  for (const LiveDevice& device : devices_) paths.push_back(device.path);
  const ImageSet images(paths);
  for (std::uint16_t i = 0; i < devices_.size(); ++i) {
    const std::uint64_t devid = images.devid_of(i);
    if (devid == devices_[i].devid) continue;
    const auto named = std::ranges::find(devices_, devid, &LiveDevice::devid);
    throw InputError(devices_[i].path.string(), option_of(devices_[i].devid),
                     fmt::format("device {} of its file system", devices_[i].devid),
                     named == devices_.end() ? fmt::format("device {}", devid)
                                             : fmt::format("device {}, swapped with {}?", devid, named->path.string()));
  }
  super_ = images.super();
}

void LiveDevices::check(const Layout& layout) const {
  std::string wanted, given;
  for (const Device& device : layout.volume.devices()) wanted += fmt::format(" {}", device.devid);
  for (const LiveDevice& device : devices_) given += fmt::format(" {}", device.devid);
  if (!std::ranges::equal(layout.volume.devices(), devices_, {}, &Device::devid, &LiveDevice::devid))
    throw InputError("", "--device", fmt::format("the devices of {}, which has{}", layout.source, wanted),
                     "those of" + given);
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const std::uint64_t needed = layout.volume.devices()[i].bytes;
    if (devices_[i].bytes < needed)
      throw InputError(devices_[i].path.string(), option_of(devices_[i].devid),
                       fmt::format("a device of at least {} bytes, as the layout has it", needed),
                       fmt::format("one of {}", devices_[i].bytes));
  }
  const Forest& forest = layout.forest;
  if (forest.node_bytes != super_.node_bytes)
    throw InputError(layout.source, "",
                     fmt::format("the layout of the devices' file system, with nodes of {} bytes", super_.node_bytes),
                     fmt::format("one with nodes of {}", forest.node_bytes));
  const auto root_tree = forest.find_tree(btrfs::root_tree);
  if (!root_tree) return;
  const BlockId root = forest.trees[*root_tree].root;
  if (forest.logical[root] != super_.root || forest.generation[root] != super_.generation)
    throw InputError(layout.source, "",
                     fmt::format("the layout of the devices' file system as it is, generation {}", super_.generation),
                     fmt::format("that of another, or of another date: generation {}", forest.generation[root]));
}

std::vector<int> LiveDevices::descriptors() const {
  std::vector<int> all;
  for (const LiveDevice& device : devices_) all.push_back(device.descriptor);
  return all;
}

std::vector<DeviceTraits> LiveDevices::traits() const {
  std::vector<DeviceTraits> all;
  for (const LiveDevice& device : devices_) all.push_back({.rotational = device.rotational});
  return all;
}

void LiveDevices::cool(std::uint64_t bytes, std::uint64_t seed) const {
  if (buffered_) return;
  for (const LiveDevice& device : devices_) ::posix_fadvise(device.descriptor, 0, 0, POSIX_FADV_DONTNEED);
  constexpr std::uint64_t read_bytes = 1 << 20;
  constexpr std::uint64_t depth = 4;
  auto random = random_stream(seed, RandomPurpose::requests, UINT16_MAX);
  std::vector<std::uint64_t> left;  // reads, by device
  for (const LiveDevice& device : devices_) left.push_back(std::min(bytes, device.bytes) / read_bytes);
  Buffers buffers;
  const auto discarded = buffers.take(read_bytes);  // by all: nobody looks at it
  ReadRing ring(descriptors());
  std::uint64_t in_flight = 0;
  const auto begin_one = [&](std::size_t device) {
    if (left[device] == 0) return;
    --left[device];
    ++in_flight;
    const std::uint64_t places = devices_[device].bytes / read_bytes;
    const std::uint64_t place = boost::random::uniform_int_distribution<std::uint64_t>(0, places - 1)(random);
    ring.read(device, place * read_bytes, discarded, device);
  };
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    for (std::uint64_t i = 0; i < depth; ++i) begin_one(device);
  }
  while (in_flight > 0) {
    ring.wait(INFINITY);
    std::array<RingEnd, 64> ends;
    const std::size_t count = ring.take(ends);
    for (std::size_t i = 0; i < count; ++i) {
      --in_flight;
      begin_one(ends[i].tag);  // whatever came: that a device fails is for the run to tell
    }
  }
}

}  // namespace headway
