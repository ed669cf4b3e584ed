// headway emulate: a scenario's drives served as block devices in real time, by nbdkit and our plug-in for it.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "models/drive/library.h"
#include "sim/cli/verbs.h"
#include "sim/emulate/emulation.h"
#include "sim/plugins/beside.h"

namespace headway {

namespace {

struct Words {
  std::string scenario, socket = "headway.sock", log, writes = "discard";
  std::vector<std::string> images, set;
  double speed = 1, lead_us = 0;
  std::uint64_t seed = 1, threads = 256;
};

std::filesystem::path plugin_file() {
  const auto file = beside_program("headway-nbdkit-plugin.so");
  if (std::filesystem::exists(file)) return file;
  throw InputError(file.string(), "", "the plug-in for nbdkit (built where nbdkit-plugin-dev is installed)", "none");
}

// The address of one export, for nbd-client, QEMU, nbdfuse, nbdcopy.
std::string address_of(const std::string& socket, std::uint64_t devid) {
  return fmt::format("nbd+unix:///{}?socket={}", devid, std::filesystem::absolute(socket).string());
}

bool rotates(const emulate::EmulatedDevice& device) {
  return make_drive(device.drive.model, device.drive.queue, 1)->rotational();
}

// Does not come back: nbdkit takes the process, so that signals and its exit code are the caller's.
[[noreturn]] void become_nbdkit(const Words& words) {
  std::vector<std::string> command{"nbdkit",
                                   "--foreground",
                                   "--exit-with-parent",
                                   "--unix",
                                   std::filesystem::absolute(words.socket).string(),
                                   fmt::format("--threads={}", words.threads),
                                   plugin_file().string(),
                                   "scenario=" + words.scenario,
                                   fmt::format("speed={}", words.speed),
                                   fmt::format("lead_us={}", words.lead_us),
                                   fmt::format("seed={}", words.seed),
                                   "writes=" + words.writes};
  for (const auto& set : words.set) command.push_back("set=" + set);
  for (const auto& image : words.images) command.push_back("image=" + image);
  if (!words.log.empty()) command.push_back("log=" + words.log);
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execvp("nbdkit", arguments.data());
  throw InputError("nbdkit", "", "the program, from Debian's package of that name", std::strerror(errno));
}

void emulate_scenario(const Words& words) {
  const auto emulation = emulate::plan_emulation({.scenario = words.scenario,
                                                  .set = words.set,
                                                  .images = words.images,
                                                  .speed = words.speed,
                                                  .seed = words.seed,
                                                  .writes = emulate::writes_of(words.writes),
                                                  .log = words.log});
  if (std::filesystem::exists(words.socket))
    throw InputError(words.socket, "", "a name for a socket that nobody has", "a file");
  if (!words.log.empty() && !std::filesystem::is_directory(words.log))
    throw InputError(words.log, "", "a directory", "none");
  for (const auto& device : emulation.devices)
    fmt::print("device {}: {} on {}, {}{}\n", device.devid, printable(device.image.string()),
               printable(device.drive.drive), rotates(device) ? "rotational, " : "",
               address_of(words.socket, device.devid));
  std::fflush(stdout);
  become_nbdkit(words);
}

}  // namespace

void add_emulate_verb(Verb& app) {
  Verb verb = app.verb("emulate", "Serve a scenario's drives as block devices that take as long as the model says");
  auto words = std::make_shared<Words>();
  verb.option("SCENARIO", words->scenario, "Whose devices to serve; its layout may be what is yet to be made on them")
      .required();
  add_set_option(verb, words->set);
  verb.option("--image", words->images, "DEVID=FILE: the bytes of a device, devices counted from 1; one for each")
      .required();
  verb.option("--socket", words->socket, "Where to serve them").shows_default();
  verb.option("--speed", words->speed, "Seconds of the drives a second of the clock").positive().shows_default();
  verb.option("--lead-us", words->lead_us, "What a request's way to the drive and back takes, to be taken off")
      .within(0.0, 1e6)
      .shows_default();
  verb.option("--seed", words->seed, "Sets the platters' angles, as a run's seed does").shows_default();
  verb.option("--writes", words->writes, "What becomes of them: they are discarded at the end, or kept in the images")
      .out_of({"discard", "keep"}, "a fate of writes")
      .shows_default();
  verb.option("--log", words->log, "A directory for devN.csv: what each was asked, for `drive replay` and `drive fit`");
  verb.option("--threads", words->threads, "Requests under way at once, of all devices")
      .within(std::uint64_t{1}, std::uint64_t{4096})
      .shows_default();
  verb.footer(
      "Ends with Ctrl-C. `nbdfuse FILE ADDRESS` makes a file of a device, `losetup --direct-io=on` a block\n"
      "device of that; array.sh (in share/headway, or in sim/emulate of the sources) does both for a whole\n"
      "array, and clears it away again.");
  verb.run([words] { emulate_scenario(*words); });
}

}  // namespace headway
