// headway drive probe: a drive of one's own from the drive itself, by reads alone.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/letters.h"
#include "models/drive/fit/holdout.h"
#include "models/drive/probe/probe.h"
#include "results/tables/terminal.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"
#include "sim/live/probe_target.h"
#include "sim/live/read_device.h"

namespace headway {

namespace {

struct Words {
  std::string device, out, log, name;
  double minutes = 10, rpm = 0;
  std::uint64_t seed = 1;
  std::uint32_t surfaces = 0;  // not given
  OpenOptions open;
};

std::function<void(double)> progress_line(double seconds) {
  auto line = std::make_shared<StatusLine>(stderr);
  return [line, seconds](double share) {
    if (line->due(share * seconds)) line->show(share_line("probing", share, share * seconds), share * seconds);
    if (share >= 1) line->clear();
  };
}

// What order at depth buys, as the drive's measured figures: `drive list --sheet` holds the file against them.
void add_depths(Json& file, const std::vector<probe::DepthPoint>& depths, const std::string& device) {
  for (const auto& point : depths) {
    if (point.depth != 1 && point.depth != 8 && point.depth != 32) continue;
    file["measured_figures"][fmt::format("random_read_iops_depth_{}", point.depth)] = {
        {"value", std::round(point.reads_per_s * 10) / 10}, {"origin", "measured: headway drive probe of " + device}};
  }
}

void print_depths(const std::vector<probe::DepthPoint>& depths) {
  fmt::print("Random reads of a block, by how many are at the drive\n\n{:>8}{:>12}{:>8}\n", "depth", "reads/s", "gain");
  for (const auto& point : depths)
    fmt::print("{:>8}{:>12.1f}{:>8.2f}\n", point.depth, point.reads_per_s,
               point.reads_per_s / depths.front().reads_per_s);
  fmt::print("\n");
}

void probe_device(const Words& words) {
  const ReadDevice device = open_read_device(words.device, "", words.open);
  ProbeTarget target(device);
  auto found = probe::probe(target, {.seconds = words.minutes * 60, .seed = words.seed, .name = words.device},
                            progress_line(words.minutes * 60));
  const std::string log = words.log.empty() ? words.out + ".log.csv" : words.log;
  write_output_text(log, probe::log_text(found.log));
  found.log.file = log;
  fit::FitOptions given{.name = words.name.empty() ? std::filesystem::path(words.out).stem().string() : words.name,
                        .capacity_bytes = device.bytes};
  if (words.surfaces > 0) given.surfaces = words.surfaces;
  if (words.rpm > 0) given.rpm = words.rpm;
  auto fitted = fit::fit_drive(found.log, given);
  add_depths(fitted.file, found.depths, device.model.empty() ? words.device : device.model);
  write_output_text(words.out, fitted.file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  fmt::print("{} reads of {}, their log in {}\n\n", found.log.requests.size(), printable(words.device), printable(log));
  print_depths(found.depths);
  fmt::print("{}", fit::fit_report(fitted));
}

}  // namespace

void add_drive_probe_verb(Verb& drive) {
  Verb verb = drive.verb("probe", "Measure a real drive by reads alone, and make its parameter file");
  auto words = std::make_shared<Words>();
  verb.option("DEVICE", words->device, "A block device with heads, which nobody else uses meanwhile").required();
  verb.option("-o,--output", words->out, "The parameter file to write").required();
  verb.option("--minutes", words->minutes, "How long to measure").within(0.2, 1440.0).shows_default();
  verb.option("--log", words->log, "Where the reads and their times go (default: the parameter file's name, .log.csv)");
  verb.option("--seed", words->seed, "Of the places that are read").shows_default();
  verb.option("--rpm", words->rpm, "Revolutions a minute, where the measurement does not tell them")
      .within(100.0, 100000.0);
  verb.option("--surfaces", words->surfaces, "Of the drive, which make cylinders of its tracks (default: the fewest)")
      .within(std::uint64_t{1}, 256);
  verb.option("--name", words->name, "Of the drive (default: that of the file)");
  verb.flag("--mounted-ok", words->open.mounted_ok, "Also a device that is mounted or in use; nothing is ever written");
  verb.footer("The device is opened for reading alone. Half of what was measured is kept out and predicted.");
  verb.run([words] { probe_device(*words); });
}

}  // namespace headway
