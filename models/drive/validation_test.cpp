// The yardsticks of results/validation: each figure computed anew, held against the bound that stands there, and
// against the figure that stands there, so that the table stays true.
//
// After a change that moves figures for a reason: HEADWAY_REFRESH=1 models_test -tc="*yardstick*" prints the new ones.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/base/json_node.h"
#include "core/base/testing/files.h"
#include "core/base/testing/sanitized.h"
#include "models/drive/describe.h"
#include "models/drive/library.h"
#include "models/drive/measure.h"
#include "models/drive/read_drive.h"
#include "models/drive/replay.h"

using namespace headway;

namespace {

const std::filesystem::path folder = testing::source_directory() / "results/validation";

std::string unpacked(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream packed;
  packed << in.rdbuf();
  const std::string bytes = packed.str();
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  REQUIRE(size < (1u << 28));
  std::string text(size, '\0');
  REQUIRE(ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size()) == size);
  return text;
}

// What DiskSim said: a row a read, in the order of arrival. First come, first served, one at the drive.
struct Reference {
  double seek_ms, rotation_ms, transfer_ms, service_ms, response_ms;
};

std::vector<Reference> reference_of(const std::string& text) {
  std::vector<Reference> all;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  REQUIRE(line == "arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms");
  double end_ms = 0;
  while (std::getline(lines, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream cells(line);
    double arrival_ms, sector, sectors;
    Reference one{};
    cells >> arrival_ms >> sector >> sectors >> one.seek_ms >> one.rotation_ms >> one.transfer_ms >> one.service_ms;
    REQUIRE(cells);
    end_ms = std::max(end_ms, arrival_ms) + one.service_ms;
    one.response_ms = end_ms - arrival_ms;
    all.push_back(one);
  }
  return all;
}

template <class Row, class Field>
std::vector<double> column(const std::vector<Row>& rows, Field field) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(field(row));
  return values;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double off_percent(const std::vector<double>& ours, const std::vector<double>& theirs) {
  return (mean(ours) / mean(theirs) - 1) * 100;
}

using Figures = std::map<std::string, double>;

// The library's Cheetah 9LP, or the same as the form without layout details has it: its readers infer what is missing.
std::shared_ptr<const DriveModel> cheetah(bool plain) {
  const auto file = folder.parent_path().parent_path() / "models" / "drive" / "library" / "cheetah9LP.json";
  Json json = JsonNode::read_file(file).json();
  if (plain) {
    const std::set<std::string> form{"drive",
                                     "rpm",
                                     "surfaces",
                                     "cylinders",
                                     "sectors",
                                     "sector_bytes",
                                     "head_switch_ms",
                                     "write_settle_ms",
                                     "zones",
                                     "seek_curve_ms",
                                     "read_miss_overhead_ms",
                                     "bus_ms_per_sector",
                                     "buffer_segments",
                                     "segment_sectors"};
    Json bare;
    for (const auto& [key, value] : json.items()) {
      if (form.contains(key)) bare[key] = value;
    }
    for (auto& zone : bare["zones"]) zone.erase("slips");
    json = bare;
  }
  return std::make_shared<DriveModel>(read_drive(JsonNode::parse(json.dump(), file.string())));
}

void against_disksim(Figures& figures, const std::string& prefix, bool plain) {
  const std::string text = unpacked(folder / "cheetah9LP.disksim.csv.zst");
  const auto theirs = reference_of(text);
  const auto model = cheetah(plain);
  const auto log = parse_request_log(text, "cheetah9LP.disksim.csv");
  hold_within(log, capacity_bytes(*model));
  const auto ours = replay(model, {}, 0, log);
  REQUIRE(ours.size() == theirs.size());
  double near = 0, queued = 0, same = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    near += std::abs(ours[i].seek_s * 1e3 - theirs[i].seek_ms) <= 0.005 * theirs[i].seek_ms + 1e-9;
    if (theirs[i].response_ms < theirs[i].service_ms + 1e-6) continue;
    ++queued;
    same += std::abs((ours[i].end_s - ours[i].begin_s) * 1e3 - theirs[i].service_ms) < 0.005;
  }
  const auto our = [&](auto field) { return column(ours, field); };
  const auto their = [&](double Reference::*field) {
    return column(theirs, [field](const Reference& one) { return one.*field; });
  };
  const auto service = our([](const Replayed& one) { return (one.end_s - one.begin_s) * 1e3; });
  const auto response = our([](const Replayed& one) { return one.response_s() * 1e3; });
  const auto rotation = our([](const Replayed& one) { return one.rotation_s * 1e3; });
  const auto transfer = our([](const Replayed& one) { return one.transfer_s * 1e3; });
  figures[prefix + "_seeks_within_half_percent"] = near / static_cast<double>(ours.size()) * 100;
  figures[prefix + "_rotation_off"] = off_percent(rotation, their(&Reference::rotation_ms));
  figures[prefix + "_transfer_off"] = off_percent(transfer, their(&Reference::transfer_ms));
  figures[prefix + "_service_off"] = off_percent(service, their(&Reference::service_ms));
  figures[prefix + "_service_demerit"] = demerit(service, their(&Reference::service_ms)) * 100;
  figures[prefix + "_response_demerit"] = demerit(response, their(&Reference::response_ms)) * 100;
  if (!plain) figures[prefix + "_queued_within_5_us"] = same / queued * 100;
}

void closed_forms(Figures& figures) {
  const auto model = load_drive("seagate-constellation2-1tb");
  const auto one = random_reads(model, {}, 4096, 1, 100'000, 1);
  const double track_bytes = 1953525168.0 * 512 / (8 * 165800.0);
  const double form_s = 7.5e-3 + 0.5 / 120 + 4096 / track_bytes / 120 + 0.2e-3;
  figures["random_read_off_closed_form"] = (one.service_s / form_s - 1) * 100;
  double worst = 0;
  for (const std::uint32_t depth : {1u, 8u, 32u}) {
    const auto many = random_reads(model, sheet_queue(*model, depth), 4096, depth, 20'000, 1);
    worst = std::max(worst, std::abs(many.in_flight / (many.reads_per_s * many.latency_s) - 1) * 100);
  }
  figures["littles_law_off"] = worst;
  const double fcfs = random_reads(model, {.depth = 64}, 4096, 64, 20'000, 1).reads_per_s;
  for (const std::uint32_t depth : {1u, 2u, 4u, 8u, 16u, 32u, 64u})
    figures[fmt::format("sptf_gain_depth_{}", depth)] = random_read_iops(model, depth) / fcfs;
  figures["exos_x18_iops_depth_16"] = random_read_iops(load_drive("seagate-exos-x18-18tb"), 16);
  figures["exos_2x18_iops_depth_16"] = random_read_iops(load_drive("seagate-exos-2x18-18tb"), 16);
}

// Random reads within a part of the drive, one at a time.
void short_strokes(Figures& figures) {
  const auto nearline = load_drive("seagate-constellation2-1tb");
  for (const auto& [name, part] : std::map<std::string, double>{{"0.1", 0.001}, {"1", 0.01}, {"10", 0.1}, {"100", 1}})
    figures[fmt::format("read_ms_within_{}_percent", name)] = random_read_s(nearline, part) * 1e3;
  const auto desktop = load_drive("seagate-barracuda-7200-12-1tb");
  const double desktop_s = random_read_s(desktop, 1);
  figures["desktop_read_ms"] = desktop_s * 1e3;
  figures["desktop_read_within_25_percent"] = random_read_s(desktop, 0.25) / desktop_s;
  figures["desktop_read_within_5_percent"] = random_read_s(desktop, 0.05) / desktop_s;
  const auto fast = load_drive("seagate-cheetah-15k7-600gb");
  const double fast_s = random_read_s(fast, 1);
  figures["15k_read_within_10_percent"] = random_read_s(fast, 44.0 / 450) / fast_s;
  figures["15k_read_within_4_percent"] = random_read_s(fast, 20.0 / 450) / fast_s;
  double sum_s = 0;
  const std::vector<const char*> drives{"hitachi-deskstar-7k500",     "seagate-barracuda-7200-12-1tb",
                                        "seagate-constellation2-1tb", "hgst-ultrastar-7k8-8tb",
                                        "wd-ultrastar-hc310-6tb",     "seagate-exos-x18-18tb"};
  for (const auto* name : drives) sum_s += short_seek_read_s(load_drive(name));
  figures["diskinfo_short_seek_ms"] = sum_s / static_cast<double>(drives.size()) * 1e3;
}

}  // namespace

TEST_CASE("every yardstick is met, and the table says what is measured" * doctest::skip(testing::sanitized)) {
  Figures figures;
  against_disksim(figures, "disksim", false);
  against_disksim(figures, "disksim_plain", true);
  closed_forms(figures);
  short_strokes(figures);
  const auto table = JsonNode::read_file(folder / "yardsticks.json");
  const bool refresh = std::getenv("HEADWAY_REFRESH") != nullptr;
  std::size_t known = 0;
  for (const auto& yardstick : table.at("yardsticks").items()) {
    const std::string name = yardstick.at("name").string();
    CAPTURE(name);
    REQUIRE(figures.contains(name));
    ++known;
    const double figure = figures[name];
    if (refresh) fmt::print("{} {:.4g}\n", name, figure);
    CHECK(figure >= yardstick.at("at_least").number(-1e9, 1e9));
    CHECK(figure <= yardstick.at("at_most").number(-1e9, 1e9));
    const double stated = yardstick.at("figure").number(-1e9, 1e9);
    CHECK(std::abs(figure - stated) <= 0.002 * std::max(1.0, std::abs(stated)));
  }
  CHECK(known == figures.size());
}

TEST_CASE("the library's drives meet their makers' figures within 5 %" * doctest::skip(testing::sanitized)) {
  bool within = false;
  const auto table = validation_table(within);
  CAPTURE(table);
  CHECK(within);
}

TEST_CASE("what others measured of a drive is told apart from what its maker says") {
  const auto text = describe_drive(load_drive("intel-p3700-800gb"));
  CHECK(text.find("random_read_iops_depth_128              460,000") != std::string::npos);
  CHECK(text.find("%  maker: product specification 330566-005") != std::string::npos);
  CHECK(text.find("%  measured: AnandTech 8104") != std::string::npos);
  bool within = false;
  CHECK(validation_table(within).find("%  measured\n") != std::string::npos);
}

TEST_CASE("sptf gains with depth, and never loses") {
  const auto model = load_drive("seagate-constellation2-1tb");
  double before = 0;
  for (const std::uint32_t depth : {1u, 2u, 4u, 8u, 16u, 32u, 64u}) {
    const double iops = random_read_iops(model, depth);
    CHECK(iops >= before * 0.999);
    before = iops;
  }
}

TEST_CASE("every library drive loads, and each of its parameters says whose it is") {
  for (const auto& name : drive_names()) {
    CAPTURE(name);
    const auto model = load_drive(name);
    CHECK(model->name == name);
    CHECK(!model->description.empty());
    const auto file = folder.parent_path().parent_path() / "models" / "drive" / "library" / (name + ".json");
    const auto node = JsonNode::read_file(file);
    if (node.at("kind").string() == "constant") continue;
    for (const auto& [key, value] : node.members()) {
      CAPTURE(key);
      if (key != "drive" && key != "kind" && key != "description" && key != "origins" && key != "data_sheet" &&
          key != "measured_figures" && key != "measured_demerit")
        CHECK(node.at("origins").has(key));
    }
  }
}
