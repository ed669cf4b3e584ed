// The floor under a seek curve against its definition, distance by distance.
#include "models/drive/bound/seek_floor.h"

#include <doctest/doctest.h>

#include "core/base/testing/sanitized.h"
#include "models/drive/drive_model.h"
#include "models/drive/library.h"

using namespace headway;

namespace {

// How often the floor is not f(d) = d * min over k <= d of g(k) / k, g(d) = min over e >= d of seek(e), to the bit.
std::uint64_t wrong_distances(const MechanicalModel& model) {
  const SeekFloor floor(model);
  std::vector<double> later_s(model.seek_s.size());
  double least_s = model.seek_s.longest_s();
  for (std::uint32_t d = model.seek_s.size(); d-- > 0;) later_s[d] = least_s = std::min(least_s, model.seek_s[d]);
  std::uint64_t wrong = 0;
  double slope_s = later_s[1];
  for (std::uint32_t d = 1; d < model.seek_s.size(); ++d) {
    slope_s = std::min(slope_s, later_s[d] / d);
    wrong += floor.over(d) != std::min(later_s[d], slope_s * d);
  }
  return wrong + (floor.over(0) != 0);
}

}  // namespace

TEST_CASE("the floor under a seek is its definition's: all drives of the library") {
  std::size_t concave = 0, others = 0;
  for (const std::string& name : drive_names()) {
    CAPTURE(name);
    const auto drive = load_drive(name);
    const auto* const model = std::get_if<MechanicalModel>(&drive->kind);
    if (!model || (testing::sanitized && model->seek_s.size() > 100'000)) continue;
    (model->seek_s.concave() ? concave : others) += 1;
    CHECK(wrong_distances(*model) == 0);
  }
  CHECK((concave > 3 || testing::sanitized));
  CHECK(others > 3);
}
