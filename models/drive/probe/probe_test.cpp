// A library drive, probed for two minutes of its own time through a host that adds 30 us to each read, and found again.
#include "models/drive/probe/probe.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/testing/approx.h"
#include "core/base/testing/sanitized.h"
#include "models/drive/fit/holdout.h"
#include "models/drive/probe/simulated_target.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double host_s = 30e-6;

const MechanicalModel& mechanics_of(const DriveModel& model) { return std::get<MechanicalModel>(model.kind); }

// Of the tracks in the middle of the zones: on average, and each.
void check_rates(const Geometry& found, const Geometry& truth) {
  double off = 0;
  for (const Zone& zone : truth.zones()) {
    const auto place = found.place(zone.first_sector + zone.sectors / 2);
    const double rate = found.zones()[place.zone].sectors_per_track / static_cast<double>(zone.sectors_per_track);
    CHECK(rate == testing::approx(1).epsilon(0.03));
    off += std::abs(rate - 1) / static_cast<double>(truth.zones().size());
  }
  CHECK(off < 0.01);
}

}  // namespace

TEST_CASE("two minutes of reads tell the drive" * doctest::skip(testing::sanitized)) {  // minutes under the sanitizer
  const std::string name = "seagate-constellation2-1tb";
  const auto model = load_drive(name);
  const auto& truth = mechanics_of(*model);
  probe::testing::SimulatedTarget target(make_drive(model, {}, 1), host_s);
  const auto probed = probe::probe(target, {.seconds = 120, .seed = 1, .name = name}, [](double) {});
  const auto fitted = fit::fit_drive(probed.log, {.name = "found", .capacity_bytes = target.bytes()});
  const auto found_model = model_of(fitted.file);
  const auto& found = mechanics_of(*found_model);
  CHECK(found.revolution_s == testing::approx(truth.revolution_s).epsilon(2e-3));
  const auto mean_seek_s = [](const MechanicalModel& one) { return mean_over_random_pairs(one.seek_s, one.geometry); };
  CHECK(mean_seek_s(found) == testing::approx(mean_seek_s(truth)).epsilon(0.03));
  CHECK(fitted.found.heads.overhead_told);
  CHECK(std::abs(found.interface.read_miss.after_read_s - host_s - truth.interface.read_miss.after_read_s) < 0.1e-3);
  CHECK(std::abs(found.interface.read_hit.after_read_s - host_s - truth.interface.read_hit.after_read_s) < 0.1e-3);
  CHECK(found.buffer.read_ahead_after == truth.buffer.read_ahead_after);
  check_rates(found.geometry, truth.geometry);
}
