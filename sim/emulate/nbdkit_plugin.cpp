// The plug-in that nbdkit loads (nbdkit-plugin(3), API 2): every device of a scenario is an export, named by its devid.
//
// Simplifications: a flush waits for nothing, so what forces writes out costs no time of its own; discards and zeroing
// are not offered, the kernel then writes zeros.
#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "models/drive/library.h"
#include "sim/emulate/emulation.h"
#include "sim/emulate/served_log.h"
#include "sim/faults/faults.h"

#define THREAD_MODEL NBDKIT_THREAD_MODEL_PARALLEL

namespace {

using namespace headway;
using namespace headway::emulate;

class Export {
 public:
  Export(const Emulation& emulation, const EmulatedDevice& device)
      : devid_(device.devid),
        name_(std::to_string(device.devid)),
        image_(device.image, emulation.options.writes),
        faults_(emulation.faults),
        errors_(faults_, emulation.options.seed + device.devid) {
    // The same seed of the platters' angle as in a run (sim/engine/run.cpp).
    auto drive = make_drive(device.drive.model, device.drive.queue,
                            emulation.options.seed * UINT16_MAX + (device.devid - 1));
    rotational_ = drive->rotational();
    if (!emulation.options.log.empty()) log_.emplace(log_file(emulation.options, devid_));
    drive_.emplace(with_faults(std::move(drive), devid_, emulation.faults), emulation.options.speed,
                   emulation.options.lead_s);
  }

  const std::string& name() const { return name_; }
  std::uint64_t bytes() const { return image_.bytes(); }
  bool rotational() const { return rotational_; }

  void read(void* into, std::uint32_t bytes, std::uint64_t offset_bytes) {
    image_.read({static_cast<std::byte*>(into), bytes}, offset_bytes);
    take_time(offset_bytes, bytes, false);
  }
  void write(const void* from, std::uint32_t bytes, std::uint64_t offset_bytes) {
    image_.write({static_cast<const std::byte*>(from), bytes}, offset_bytes);
    take_time(offset_bytes, bytes, true);
  }

 private:
  void take_time(std::uint64_t offset_bytes, std::uint32_t bytes, bool write) {
    const std::uint64_t number = log_ ? log_->begin() : 0;
    const Served served = drive_->serve(offset_bytes, bytes, write);
    if (log_) log_->end(number, offset_bytes, bytes, write, served);
    const std::scoped_lock lock(errors_mutex_);
    const int error = write ? errors_.error_of_write(devid_, served.end_s)
                            : errors_.error_of(devid_, {.bytes = bytes, .physical = offset_bytes}, served.end_s);
    if (error != 0) throw std::system_error(error, std::generic_category());
  }

  std::uint64_t devid_;
  std::string name_;
  Image image_;
  Faults faults_;
  std::mutex errors_mutex_;
  ReadErrors errors_;
  bool rotational_ = false;
  std::optional<ServedLog> log_;
  std::optional<RealTimeDrive> drive_;
};

// Calls what may throw and tells nbdkit, which wants errno and -1.
template <class Call>
int told(const Call& call) {
  try {
    call();
    return 0;
  } catch (const std::system_error& error) {
    nbdkit_error("%s", error.what());
    nbdkit_set_error(error.code().value());
  } catch (const std::exception& error) {
    nbdkit_error("%s", error.what());
    nbdkit_set_error(EIO);
  }
  return -1;
}

EmulationOptions& options() {
  static EmulationOptions all;
  return all;
}

// Leaked on purpose where nbdkit ends without unload: its threads may still be in a request.
std::vector<std::unique_ptr<Export>>& exports() {
  static auto* all = new std::vector<std::unique_ptr<Export>>;
  return *all;
}

template <class Number>
Number number(const char* key, const char* value) {
  Number result{};
  const char* const end = value + std::strlen(value);
  const auto [rest, error] = std::from_chars(value, end, result);
  if (error != std::errc{} || rest != end) throw InputError("", key, "a number", value);
  return result;
}

const std::vector<std::string> keys{"scenario", "set", "image", "speed", "lead_us", "seed", "writes", "log"};

int config(const char* key, const char* value) {
  return told([&] {
    const std::string name = key;
    if (name == "scenario")
      options().scenario = value;
    else if (name == "set")
      options().set.emplace_back(value);
    else if (name == "image")
      options().images.emplace_back(value);
    else if (name == "speed")
      options().speed = number<double>(key, value);
    else if (name == "lead_us")
      options().lead_s = number<double>(key, value) * 1e-6;
    else if (name == "seed")
      options().seed = number<std::uint64_t>(key, value);
    else if (name == "writes")
      options().writes = writes_of(value);
    else if (name == "log")
      options().log = value;
    else
      throw InputError("", "", "a key of the plug-in", unknown_name(name, keys));
  });
}

// Drives have threads, which a fork would lose.
int after_fork() {
  return told([] {
    const Emulation emulation = plan_emulation(options());
    for (const auto& device : emulation.devices) exports().push_back(std::make_unique<Export>(emulation, device));
  });
}

void cleanup() { exports().clear(); }

int list_exports(int /*readonly*/, int /*is_tls*/, nbdkit_exports* list) {
  for (const auto& device : exports()) {
    if (nbdkit_add_export(list, device->name().c_str(), nullptr) != 0) return -1;
  }
  return 0;
}

void* open_export(int /*readonly*/) {
  const std::string name = nbdkit_export_name();
  for (const auto& device : exports()) {
    if (device->name() == name || name.empty()) return device.get();
  }
  nbdkit_error("expected an export from 1 to %zu, found \"%s\"", exports().size(), name.c_str());
  return nullptr;
}

Export& export_of(void* handle) { return *static_cast<Export*>(handle); }

int64_t get_size(void* handle) { return static_cast<int64_t>(export_of(handle).bytes()); }
int yes(void* /*handle*/) { return 1; }
int is_rotational(void* handle) { return export_of(handle).rotational() ? 1 : 0; }
int can_fua(void* /*handle*/) { return NBDKIT_FUA_NATIVE; }
int flush(void* /*handle*/, std::uint32_t /*flags*/) { return 0; }

int read_export(void* handle, void* into, std::uint32_t bytes, std::uint64_t offset, std::uint32_t /*flags*/) {
  return told([&] { export_of(handle).read(into, bytes, offset); });
}

int write_export(void* handle, const void* from, std::uint32_t bytes, std::uint64_t offset, std::uint32_t /*flags*/) {
  return told([&] { export_of(handle).write(from, bytes, offset); });
}

nbdkit_plugin plugin_of_headway() {
  nbdkit_plugin plugin{};
  plugin.name = "headway";
  plugin.longname = "headway: modelled drives in real time";
  plugin.config_help =
      "scenario=FILE  [set=PLACE=VALUE...] image=DEVID=FILE...  [speed=F] [lead_us=F] [seed=N] [writes=discard|keep] [log=DIR]";
  plugin.config = config;
  plugin.after_fork = after_fork;
  plugin.cleanup = cleanup;
  plugin.list_exports = list_exports;
  plugin.open = open_export;
  plugin.get_size = get_size;
  plugin.can_write = yes;
  plugin.can_multi_conn = yes;
  plugin.can_flush = yes;
  plugin.can_fua = can_fua;
  plugin.is_rotational = is_rotational;
  plugin.pread = read_export;
  plugin.pwrite = write_export;
  plugin.flush = flush;
  return plugin;
}

nbdkit_plugin plugin = plugin_of_headway();

}  // namespace

NBDKIT_REGISTER_PLUGIN(plugin)
