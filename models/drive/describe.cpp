#include "models/drive/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/base/number_text.h"
#include "models/drive/library.h"
#include "models/drive/measure.h"

namespace headway {

namespace {

double mean_seek_s(const MechanicalModel& model) { return mean_over_random_pairs(model.seek_s, model.geometry); }

std::string label(const DriveModel& model) {
  return std::visit([](const auto& kind) { return kind.label(); }, model.kind);
}

// Time over distance, 60 columns by 12 rows. The distance grows as its square: short seeks get room.
std::string draw_curve(const SeekCurve& curve) {
  constexpr int width = 60, height = 12;
  double most = 0;
  for (std::uint32_t d = 0; d < curve.size(); ++d) most = std::max(most, curve[d]);
  std::vector<std::string> rows(height, std::string(width, ' '));
  for (int x = 0; x < width; ++x) {
    const double part = (x + 1.0) / width;
    const auto d = std::max(1u, static_cast<std::uint32_t>(part * part * static_cast<double>(curve.size() - 1)));
    const int y = std::min(height - 1, static_cast<int>(curve[d] / most * height));
    rows[static_cast<std::size_t>(height - 1 - y)][static_cast<std::size_t>(x)] = '*';
  }
  std::string text = "Seek time over distance (the axis grows as the square)\n";
  for (int y = 0; y < height; ++y) {
    const double level_ms = most * 1e3 * (height - y) / height;
    text += fmt::format("{:7.2f} ms |{}\n", level_ms, rows[static_cast<std::size_t>(y)]);
  }
  text += fmt::format("{:>10} +{:-<{}}\n{:>12}{:>{}}\n", "", "", width, 1, curve.size() - 1, width);
  return text + fmt::format("{:>12}cylinders\n", "");
}

std::string mechanics_of(const MechanicalModel& model) {
  const auto& zones = model.geometry.zones();
  std::string text = draw_curve(model.seek_s) + "\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<34} {}\n", name, value);
  };
  line("Turns a minute", fmt::format("{:.0f}", 60 / model.revolution_s));
  line("Surfaces x cylinders", fmt::format("{} x {}", model.geometry.surfaces(), model.geometry.cylinders()));
  if (model.geometry.band_tracks() > 1)
    line("Serpentine bands", fmt::format("of {} tracks a surface", model.geometry.band_tracks()));
  if (model.actuators > 1) line("Actuators", fmt::format("{} (surfaces and cylinders are of one)", model.actuators));
  line("Seek to the next track, two on", fmt::format("{:.3f}, {:.3f} ms", model.seek_s[1] * 1e3,
                                                     model.seek_s[std::min(2u, model.seek_s.size() - 1)] * 1e3));
  line("Zones", fmt::format("{}: {} to {} sectors a track", zones.size(), zones.front().sectors_per_track,
                            zones.back().sectors_per_track));
  line("Mean seek of random reads", fmt::format("{:.3f} ms", mean_seek_s(model) * 1e3));
  line("Half a revolution", fmt::format("{:.3f} ms", model.revolution_s / 2 * 1e3));
  return text;
}

// A figure that somebody has stated of a drive, beside the one that running it finds.
struct Held {
  const SheetFigure& stated;
  std::optional<double> ours;

  double off() const { return ours ? *ours / stated.value - 1 : INFINITY; }
  std::string off_text() const { return ours ? fmt::format("{:+.1f}%", off() * 100) : "-"; }
};

std::vector<Held> held_figures(const std::shared_ptr<const DriveModel>& model) {
  std::vector<Held> all;
  for (const auto* figures : {&model->sheet, &model->measured}) {
    for (const auto& figure : *figures) all.push_back({figure, measure_figure(model, figure.name)});
  }
  return all;
}

// What its data sheet says, then what others measured.
std::string held_lines(const std::shared_ptr<const DriveModel>& model) {
  const auto all = held_figures(model);
  if (all.empty()) return "";
  std::string text =
      fmt::format("\n{:<35} {:>13} {:>13} {:>8}  whose\n", "What is said of it", "stated", "ours", "distance");
  for (const Held& held : all)
    text += fmt::format("  {:<33} {:>13} {:>13} {:>8}  {}{}{}\n", held.stated.name, plain_text(held.stated.value),
                        plain_text(held.ours.value_or(NAN)), held.off_text(), held.stated.origin,
                        held.stated.source.empty() ? "" : ": ", held.stated.source);
  return text;
}

}  // namespace

std::string list_drives() {
  std::string text = fmt::format("{:<29} {:<8} {:>7} {:>5} {:>7} {:>6}  {}\n", "name", "kind", "GB", "rpm", "seek_ms",
                                 "MB/s", "held to");
  for (const auto& name : drive_names()) {
    const auto model = load_drive(name);
    const auto* mechanical = std::get_if<MechanicalModel>(&model->kind);
    text += fmt::format("{:<29} {:<8} {:>7.1f} {:>5} {:>7} {:>6.0f}  {}\n    {}\n", name, label(*model),
                        static_cast<double>(capacity_bytes(*model)) / 1e9,
                        mechanical ? fmt::format("{:.0f}", 60 / mechanical->revolution_s) : "-",
                        mechanical ? fmt::format("{:.2f}", mean_seek_s(*mechanical) * 1e3) : "-",
                        sequential_rate(model) / 1e6, held_to(*model), model->description);
  }
  return text +
         "\nheld to: measured N %: the real drive's response times, N % off (the demerit of all requests);\n"
         "DiskSim: extracted from the real drive and validated there; data sheet, measured (figures that\n"
         "others measured of one): headway drive list --sheet\n";
}

std::string describe_drive(std::shared_ptr<const DriveModel> model) {
  std::string text = fmt::format("{} ({}): {}\n\n", model->name, label(*model), model->description);
  if (const auto* mechanical = std::get_if<MechanicalModel>(&model->kind)) text += mechanics_of(*mechanical);
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<34} {}\n", name, value);
  };
  line("Capacity", fmt::format("{:.1f} GB", static_cast<double>(capacity_bytes(*model)) / 1e9));
  line("Random 4 KiB reads/s, depth 1", fmt::format("{:.0f}", random_read_iops(model, 1)));
  line("Random 4 KiB reads/s, depth 32", fmt::format("{:.0f}", random_read_iops(model, 32)));
  if (std::holds_alternative<MechanicalModel>(model->kind)) {
    line("Read within 0.1, 1, 10, 100 %",
         fmt::format("{:.2f}, {:.2f}, {:.2f}, {:.2f} ms (4 KiB, one at a time)", random_read_s(model, 0.001) * 1e3,
                     random_read_s(model, 0.01) * 1e3, random_read_s(model, 0.1) * 1e3, random_read_s(model, 1) * 1e3));
    if (capacity_bytes(*model) >= 10'000'000'000)
      line("Read 8 MiB from the last",
           fmt::format("{:.2f} ms (both ways, as diskinfo -t of FreeBSD)", short_seek_read_s(model) * 1e3));
  }
  line("Sequential reading, first part", fmt::format("{:.1f} MB/s", sequential_rate(model) / 1e6));
  line("Sequential reading, last part", fmt::format("{:.1f} MB/s", sequential_rate(model, true) / 1e6));
  line("Held to", held_to(*model));
  const auto percent_text = [](double percent) { return std::isnan(percent) ? "-" : fmt::format("{:.2f}", percent); };
  if (const auto& demerit = model->demerit)
    line("Demerit of all, reads, writes",
         fmt::format("{}, {}, {} % ({})", percent_text(demerit->all_percent), percent_text(demerit->reads_percent),
                     percent_text(demerit->writes_percent), demerit->source));
  if (!model->completed.empty())
    line("Of the library's, not in the file", fmt::format("{}", fmt::join(model->completed, ", ")));
  text += held_lines(model);
  if (!model->origins.empty()) text += "\nWhere its parameters come from\n";
  for (const auto& origin : model->origins) text += fmt::format("  {:<24} {}\n", origin.parameter, origin.origin);
  return text;
}

std::string validation_table(bool& within) {
  constexpr double bound = 0.05;
  within = true;
  std::string text =
      fmt::format("{:<36} {:>17} {:>17} {:>8}  {}\n", "drive and figure", "stated", "ours", "distance", "whose");
  for (const auto& name : drive_names()) {
    const auto model = load_drive(name);
    const std::vector<Held> all = held_figures(model);
    if (!all.empty()) text += name + "\n";
    for (const Held& held : all) {
      const bool missed = held.stated.origin == "maker" && !(std::abs(held.off()) <= bound);
      within = within && !missed;
      text += fmt::format("  {:<34} {:>17} {:>17} {:>8}  {}{}\n", held.stated.name, plain_text(held.stated.value),
                          plain_text(held.ours.value_or(NAN)), held.off_text(), held.stated.origin,
                          missed ? " MISSED" : "");
    }
  }
  return text;
}

}  // namespace headway
