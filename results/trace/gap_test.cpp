#include "results/trace/gap.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "core/base/testing/files.h"
#include "core/testing/world.h"
#include "results/trace/trace.h"

using namespace headway;
using namespace headway::testing;
using enum GapPart;

namespace {

constexpr std::uint64_t root = mib, node = mib + node_bytes, leaf = 2 * mib, last_leaf = 2 * mib + node_bytes;

// A root and below it a node on device 1; below that, two leaves that lie behind each other on device 2, or on both.
struct Tree {
  explicit Tree(bool mirrored = false)
      : volume(make_volume(2, 2, mirrored ? Profile::raid1 : Profile::single, [&](std::size_t chunk) {
          return mirrored ? std::vector<DeviceIndex>{0, 1}
                          : std::vector<DeviceIndex>{static_cast<DeviceIndex>(chunk)};
        })),
        forest(make_forest(volume,
                           {{root, 2, 1, {{{1, 1, 1}, node}}},
                            {node, 1, 1, {{{1, 1, 1}, leaf}, {{2, 1, 1}, last_leaf}}},
                            {leaf, 0, 1, {}},
                            {last_leaf, 0, 1, {}}},
                           {{5, root}})) {}

  const Volume volume;
  const Forest forest;
};

struct Phases {
  double seek_s = 0, rotation_s = 0, transfer_s = 0;
};

class Trace {
 public:
  Trace() : writer_(path(), {"hand-made", "p", 1, {{1, mib << 20}, {2, mib << 20}}}) {}

  Trace& block(double t, TraceEvent event, std::uint64_t logical) {
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.logical = logical;
    row.bytes = node_bytes;
    row.level = 0;
    return append(row);
  }
  Trace& issue(double t, std::uint64_t device, std::uint64_t logical, std::uint32_t blocks = 1) {
    TraceRow row = row_of(t, TraceEvent::issue, device, logical);
    row.bytes = blocks * node_bytes;
    return append(row);
  }
  Trace& complete(double t, std::uint64_t device, std::uint64_t logical, Phases phases = {}, std::int32_t error = 0,
                  std::uint32_t blocks = 1) {
    TraceRow row = row_of(t, TraceEvent::complete, device, logical);
    row.bytes = blocks * node_bytes;
    row.error = error;
    row.queue_s = 0;
    row.seek_s = phases.seek_s;
    row.rotation_s = phases.rotation_s;
    row.transfer_s = phases.transfer_s;
    return append(row);
  }

  std::vector<GapParts> parts(const Tree& tree, double elapsed_s, const CpuCosts& cpu = {}) {
    writer_.close();
    auto all = time_parts(path(), tree.volume, tree.forest, elapsed_s, cpu);
    for (const GapParts& device : all) CHECK(device.sum() == approx(elapsed_s));
    return all;
  }

 private:
  std::filesystem::path path() const { return directory_ / "p.1.trace.h5"; }
  static TraceRow row_of(double t, TraceEvent event, std::uint64_t device, std::uint64_t logical) {
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.device = device;
    row.logical = row.physical = logical;
    row.level = 0;
    return row;
  }
  Trace& append(const TraceRow& row) {
    writer_.append(row);
    return *this;
  }

  TemporaryDirectory directory_;
  TraceWriter writer_;
};

// The node from 1 to 4 s, then one leaf from 5 to 6 s and the other from 7 to 9 s.
void read_tree(Trace& trace) {
  trace.block(0, TraceEvent::cached, root);
  trace.issue(1, 1, node).complete(4, 1, node, {1, 0.5, 0.25});
  trace.issue(5, 2, leaf).complete(6, 2, leaf, {0.1, 0.2, 0.3});
  trace.issue(7, 2, last_leaf).complete(9, 2, last_leaf, {0.4, 0.5, 0.6});
}

}  // namespace

TEST_CASE("a device's time falls into what its reads took and why it was idle, as summed by hand") {
  const Tree tree;
  Trace trace;
  read_tree(trace);
  const auto parts = trace.parts(tree, 10);
  // The first: held back up to 1 s, at its read up to 4 s; then it has nothing left while the other one works for 3 s,
  // and nobody does for 3 s.
  CHECK(parts[0][seek] == approx(1));
  CHECK(parts[0][rotation] == approx(0.5));
  CHECK(parts[0][transfer] == approx(1.5));
  CHECK(parts[0][imbalance] == approx(3));
  CHECK(parts[0][held_back] == approx(4));
  CHECK(parts[0][unknown] == 0);
  // The second: its leaves are known from 4 s on; held back for a second before each of them, and after the last.
  CHECK(parts[1][unknown] == approx(4));
  CHECK(parts[1][held_back] == approx(3));
  CHECK(parts[1][imbalance] == 0);
  CHECK(parts[1][seek] == approx(0.5));
  CHECK(parts[1][rotation] == approx(0.7));
  CHECK(parts[1][transfer] == approx(1.8));
}

TEST_CASE("while somebody computes, a device that is held back waits for the CPU") {
  const Tree tree;
  Trace trace;
  read_tree(trace);
  // Busy: 0.1 s from each issue at 1, 5 and 7 s, 0.7 s from 4 s on for the node, 0.5 s from 6 and 9 s for the leaves.
  const auto parts = trace.parts(tree, 10, {1, 0.1, 0.5, 0.1});
  CHECK(parts[1][cpu] == approx(0.7 + 0.5 + 0.5));
  CHECK(parts[1][held_back] == approx(3 - 1.7));
  CHECK(parts[1][unknown] == approx(4));
  CHECK(parts[0][cpu] == approx(0.7 + 0.5 + 0.5));  // nobody works then
  CHECK(parts[0][imbalance] == approx(3));
  CHECK(parts[0][held_back] == approx(4 - 1.7));
}

TEST_CASE("one worker does one thing after the other, two share") {
  const Tree tree;
  for (const std::uint32_t workers : {1, 2}) {
    Trace trace;
    trace.block(0, TraceEvent::cached, root);
    trace.issue(0, 1, node).complete(1, 1, node).issue(1, 2, leaf).issue(1, 2, last_leaf);
    trace.complete(2, 2, leaf).complete(2, 2, last_leaf);
    CHECK(trace.parts(tree, 10, {workers, 0, 2, 0})[1][cpu] == approx(workers == 1 ? 5 : 3));
  }
}

TEST_CASE("who reads a block before its node is there knows all from the start; of what lies beside it, nothing") {
  const Tree tree;
  Trace foreseeing;
  foreseeing.block(0, TraceEvent::cached, root);
  foreseeing.issue(1, 2, leaf).complete(2, 2, leaf);
  foreseeing.issue(2, 1, node).complete(3, 1, node);
  foreseeing.issue(4, 2, last_leaf).complete(5, 2, last_leaf);
  const auto all = foreseeing.parts(tree, 5);
  CHECK(all[1][unknown] == 0);
  CHECK(all[1][held_back] == approx(3));

  Trace by_catch;  // the leaf that was not known comes with the one that was
  by_catch.block(0, TraceEvent::cached, root).block(0, TraceEvent::cached, node);
  by_catch.issue(1, 2, leaf, 2).complete(3, 2, leaf, {}, 0, 2);
  const auto caught = by_catch.parts(tree, 4);
  CHECK(caught[1][held_back] == approx(2));
  CHECK(caught[0][imbalance] == approx(2));
}

TEST_CASE("what has left memory or failed is wanted again, and the holder of any copy could read it") {
  const Tree tree(true);
  Trace trace;
  trace.block(0, TraceEvent::cached, root).block(0, TraceEvent::cached, node);
  trace.issue(0, 1, leaf).complete(1, 1, leaf, {}, 5);  // while it is on its way nothing is left for the second
  trace.issue(2, 2, leaf).complete(3, 2, leaf);         // but from 1 to 2 s
  trace.block(5, TraceEvent::evict, leaf);
  trace.issue(6, 1, leaf).complete(7, 1, leaf);
  const auto parts = trace.parts(tree, 7);
  CHECK(parts[0][transfer] == approx(2));
  CHECK(parts[0][imbalance] == approx(1));
  CHECK(parts[0][held_back] == approx(4));
  CHECK(parts[1][transfer] == approx(1));
  CHECK(parts[1][imbalance] == approx(2));
  CHECK(parts[1][held_back] == approx(4));
}

TEST_CASE("what a drive does at once is shortened to the time that there were reads at it; an end cut off counts") {
  const Tree tree;
  Trace trace;
  trace.block(0, TraceEvent::cached, root).block(0, TraceEvent::cached, node);
  trace.issue(0, 2, leaf).issue(0, 2, last_leaf);
  trace.complete(2, 2, leaf, {1, 0, 1}).complete(2, 2, last_leaf, {1, 1, 0});
  trace.issue(2, 2, leaf);
  const auto parts = trace.parts(tree, 3);
  CHECK(parts[1][seek] == approx(1.5));  // 4 s of movement in 3
  CHECK(parts[1][rotation] == approx(0.75));
  CHECK(parts[1][transfer] == approx(0.75));
}

TEST_CASE("the bound is filled with parts in their order, and what it leaves adds up to the rest of the time") {
  std::vector<GapParts> devices(2);
  devices[0][transfer] = 4, devices[0][seek] = 6;
  devices[1][transfer] = 1, devices[1][rotation] = 2, devices[1][imbalance] = 3, devices[1][cpu] = 4;
  for (const double bound_s : {0.0, 2.0, 3.5, 7.25, 10.0}) {
    const Gap gap = gap_of(devices, 10, bound_s);
    CHECK(gap.parts.sum() == approx(10 - bound_s));
  }
  const Gap gap = gap_of(devices, 10, 3.5);
  CHECK(gap.parts[transfer] == 0);
  CHECK(gap.parts[seek] == approx(2));
  CHECK(gap.parts[rotation] == approx(1));
  CHECK(gap_text(gap) == "10.0 s = bound 3.5 + movement 2.0 + rotation 1.0 + imbalance of copies 1.5 + CPU 2.0");
  CHECK(gap_text(gap_of(devices, 10, 10)) == "10.0 s = bound 10.0");
}

TEST_CASE("a trace that is not the layout's, not the run's or without the drive's times is refused") {
  const Tree tree;
  const auto refused = [&](double elapsed_s, const char* what, const auto& fill) {
    Trace trace;
    fill(trace);
    CHECK_THROWS_WITH_AS(trace.parts(tree, elapsed_s), doctest::Contains(what), InputError);
  };
  refused(1, "a block of the layout", [](Trace& trace) { trace.issue(0, 1, 7 * mib); });
  refused(1, "a block of the layout", [](Trace& trace) { trace.issue(0, 1, leaf + 512); });
  refused(1, "a device of the layout", [](Trace& trace) { trace.issue(0, 3, leaf); });
  refused(1, "the end of the run, 1 s", [](Trace& trace) { trace.issue(2, 1, leaf); });
  refused(1, "the issue of a read", [](Trace& trace) { trace.complete(0, 1, leaf); });
  refused(1, "the issue of a read", [](Trace& trace) { trace.issue(0, 1, leaf).complete(0, 1, last_leaf); });
  refused(1, "does not tell", [](Trace& trace) { trace.issue(0, 1, leaf).complete(0, 1, leaf, {NAN, 0, 0}); });
}
