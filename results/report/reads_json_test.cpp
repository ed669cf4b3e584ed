#include "results/report/reads_json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "results/testing/test_support.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A root that points at two nodes, and they at two leaves each, on the mirror.
Forest two_levels(const Volume& volume) {
  Forest forest = leaves(volume, 7);
  forest.level = {2, 1, 1, 0, 0, 0, 0};
  forest.first_pointer = {0, 2, 4, 6, 6, 6, 6, 6};
  forest.child = {1, 2, 3, 4, 5, 6};
  return forest;
}

TracedRead traced(const Volume& volume, const Forest& forest, BlockId block, double issued_s, double end_s) {
  const Read read = read_of(volume, forest, block, 1);
  TracedRead made;
  made.issued_s = issued_s;
  made.end_s = end_s;
  made.device = volume.devices()[read.device].devid;
  made.logical = read.logical;
  made.physical = read.physical;
  made.bytes = read.bytes;
  made.mirror = 1;
  return made;
}

struct Traced {
  Volume volume = mirror();
  Forest forest = two_levels(volume);
  TracedRun run;

  Traced() {
    run.header.devices = {volume.devices().begin(), volume.devices().end()};
    run.places = DevicePlaces(run.header.devices);
    for (const auto& [block, issued_s, end_s] :
         {std::tuple{0u, 0.0, 1.0}, {2u, 1.0, 2.0}, {1u, 1.0, 3.0}, {5u, 2.0, 4.0}, {3u, 3.0, 5.0}, {4u, 2.5, 6.0}})
      run.reads.push_back(traced(volume, forest, block, issued_s, end_s));
    run.end_s = 6;
  }
  LayoutParts layout() const { return {&volume, &forest}; }
};

}  // namespace

TEST_CASE("a read comes from the read of the node that points at its block, if that had ended before") {
  Traced traced;
  CHECK(origins_of(traced.run, traced.layout()) == std::vector<std::uint32_t>{no_origin, 0, 0, 1, 2, no_origin});
}

TEST_CASE("a node that was read again is where later reads come from; a failed read brought nothing") {
  Traced traced;
  TracedRead again = traced.run.reads[1];
  again.issued_s = 2;
  again.end_s = 2.5;
  traced.run.reads.insert(traced.run.reads.begin() + 2, again);
  traced.run.reads[4].issued_s = 3;  // of block 5
  CHECK(origins_of(traced.run, traced.layout())[4] == 2);
  traced.run.reads[2].error = 5;
  CHECK(origins_of(traced.run, traced.layout())[4] == 1);
}

TEST_CASE("zones last until the drive is sent elsewhere, and lie on each device of their set") {
  Traced traced;
  const std::uint64_t logical = traced.volume.chunks()[0].logical, mebi = 1 << 20;
  for (const double t : {0.5, 2.0}) traced.run.marks.push_back({t, TraceEvent::zone, 1, logical, 0, 0});
  const Json json = reads_as_json(traced.run, traced.layout(), 100);
  CHECK(json["zones"] == Json::parse("[[[0.5, 2.0, 0], [2.0, 6.0, 0]], []]"));
  CHECK(json["sets"][0]["spans"] ==
        Json::array({Json::array({0, 64 * mebi, 320 * mebi}), Json::array({1, 128 * mebi, 384 * mebi})}));
  const Json bare = reads_as_json(traced.run, {}, 100);
  CHECK(bare["sets"][0]["spans"].empty());
  CHECK_FALSE(bare["columns"].contains("parent"));
}

TEST_CASE("of more reads than may be shown every n-th is, and the page is told") {
  Traced traced;
  const Json json = reads_as_json(traced.run, traced.layout(), 3);
  CHECK(json["count"] == 6);
  CHECK(json["shown"] == 3);
}
