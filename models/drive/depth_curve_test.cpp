// What a command queue is worth: random 4 KiB reads a second at depths 1 to 64, beside what was published of these
// drives (in their files) or of their class (in results/validation/depth-curves.json, which states the curves too).
//
// After a change that moves figures for a reason: HEADWAY_REFRESH=1 models_test -tc="*depth curve*" prints the new
// ones.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <vector>

#include "core/base/json_node.h"
#include "core/base/testing/files.h"
#include "core/base/testing/sanitized.h"
#include "models/drive/library.h"
#include "models/drive/measure.h"

using namespace headway;

namespace {

std::map<std::uint64_t, double> curve_of(const std::string& drive, const std::string& discipline,
                                         const std::vector<std::uint64_t>& depths) {
  const auto model = load_drive(drive);
  std::map<std::uint64_t, double> curve;
  for (const std::uint64_t depth : depths) {
    const auto commands = static_cast<std::uint32_t>(depth);
    const QueueSpec queue{.discipline = discipline_of(discipline), .depth = commands};
    curve[depth] = random_reads(model, queue, 4096, commands, 20'000, 1).reads_per_s;
  }
  return curve;
}

// A figure that a drive's file has of its own depth curve.
std::optional<std::uint64_t> depth_of(const SheetFigure& figure) {
  constexpr std::string_view prefix = "random_read_iops_depth_";
  if (!figure.name.starts_with(prefix)) return std::nullopt;
  return std::stoull(figure.name.substr(prefix.size()));
}

// Where a curve passes what was published, in parts of that.
std::vector<double> distances(const std::map<std::uint64_t, double>& curve, const DriveModel& model,
                              const JsonNode& of_its_class) {
  std::vector<double> all;
  for (const auto* figures : {&model.sheet, &model.measured}) {
    for (const auto& figure : *figures) {
      if (const auto depth = depth_of(figure)) all.push_back(curve.at(*depth) / figure.value - 1);
    }
  }
  for (const auto& point : of_its_class.items()) {
    const double ours = curve.at(point.at("depth").unsigned_integer(1, 64));
    const auto rate = point.find("reads_per_s");
    all.push_back(rate ? ours / rate->number(1, 1e6) - 1 : ours / curve.at(1) / point.at("gain").number(1, 100) - 1);
  }
  return all;
}

}  // namespace

TEST_CASE("each depth curve passes what was published within 15 %, and is what the table says" *
          doctest::skip(testing::sanitized)) {
  const auto table = JsonNode::read_file(testing::source_directory() / "results/validation/depth-curves.json");
  const bool refresh = std::getenv("HEADWAY_REFRESH") != nullptr;
  std::vector<std::uint64_t> depths;
  for (const auto& depth : table.at("depths").items()) depths.push_back(depth.unsigned_integer(1, 64));
  std::size_t points = 0;
  for (const auto& row : table.at("curves").items()) {
    const std::string drive = row.at("drive").string();
    const std::string discipline = row.at("discipline").string();
    CAPTURE(drive);
    const auto curve = curve_of(drive, discipline, depths);
    const auto stated = row.at("reads_per_s").items();
    REQUIRE(stated.size() == depths.size());
    if (refresh) {
      std::vector<std::string> figures;
      for (const auto& [depth, rate] : curve) figures.push_back(fmt::format("{:.1f}", rate));
      fmt::print("{} {}: [{}]\n", drive, discipline, fmt::join(figures, ", "));
    }
    for (std::size_t i = 0; i < depths.size(); ++i)
      CHECK(std::abs(curve.at(depths[i]) / stated[i].number(1, 1e6) - 1) < 0.002);
    if (discipline != "sptf") continue;
    for (const double distance : distances(curve, *load_drive(drive), row.at("published"))) {
      CHECK(std::abs(distance) <= 0.15);
      ++points;
    }
  }
  CHECK(points == 12);
}

TEST_CASE("solid-state drives hold what was published of depth 1, of saturation and between") {
  for (const auto& name : drive_names()) {
    const auto model = load_drive(name);
    if (!std::holds_alternative<SolidStateModel>(model->kind)) continue;
    CAPTURE(name);
    std::uint64_t shallowest = UINT64_MAX, deepest = 0;
    for (const auto* figures : {&model->sheet, &model->measured}) {
      for (const auto& figure : *figures) {
        const auto depth = depth_of(figure);
        if (!depth) continue;
        CAPTURE(figure.name);
        CHECK(std::abs(*measure_figure(model, figure.name) / figure.value - 1) <= 0.051);
        shallowest = std::min(shallowest, *depth);
        deepest = std::max(deepest, *depth);
      }
    }
    CHECK(shallowest == 1);
    CHECK(deepest >= 32);
    // And nothing beyond: the deepest queue gets no more than the figure of saturation.
    const double saturated = random_read_iops(model, static_cast<std::uint32_t>(deepest));
    CHECK(random_read_iops(model, 1024) <= saturated * 1.02);
  }
}
