// The order in which each discipline serves the same commands, at the drive and in its host's queue.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/base/testing/approx.h"
#include "models/drive/mechanical/discipline/disciplines.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

// Sector at the start of a cylinder of the first zone.
std::uint64_t at_cylinder(std::uint64_t cylinder) { return cylinder * 200; }

// The first request takes the heads to cylinder 5; while it is served the others arrive.
std::vector<std::uint64_t> order(Discipline discipline, const std::vector<std::uint64_t>& cylinders,
                                 std::uint32_t depth = 16, double max_age_s = 1e9) {
  std::vector<Run> requests{{.sector = at_cylinder(5)}};
  for (const auto cylinder : cylinders) requests.push_back({.sector = at_cylinder(cylinder), .at_s = 1e-4});
  auto all = tags(run(plain_drive(), {.discipline = discipline, .depth = depth, .max_age_s = max_age_s}, requests));
  all.erase(all.begin());
  std::vector<std::uint64_t> served;
  for (const auto tag : all) served.push_back(cylinders[tag - 1]);
  return served;
}

using Order = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("each discipline has its order") {
  const Order arrived{9, 4, 7, 1, 6};
  CHECK(order(discipline_of("fcfs"), arrived) == Order{9, 4, 7, 1, 6});
  CHECK(order(discipline_of("sstf"), arrived) == Order{4, 6, 7, 9, 1});
  CHECK(order(discipline_of("look"), arrived) == Order{6, 7, 9, 4, 1});
  CHECK(order(discipline_of("scan"), arrived) == Order{6, 7, 9, 4, 1});
  CHECK(order(discipline_of("c-look"), arrived) == Order{6, 7, 9, 1, 4});
}

TEST_CASE("every discipline serves every command, one at a time") {
  std::vector<Run> requests;
  for (std::uint64_t i = 0; i < 200; ++i)
    requests.push_back({.sector = i * 7919 % 2990, .at_s = 1e-3 * static_cast<double>(i)});
  for (const Kind& discipline : disciplines()) {
    CAPTURE(discipline.name);
    for (const std::uint32_t depth : {1, 2, 32}) {
      const auto done = run(plain_drive(), {.discipline = discipline_of(discipline.name), .depth = depth}, requests);
      std::vector<bool> served(requests.size());
      double last_s = 0;
      for (const auto& one : done) {
        CHECK(!served[one.tag]);
        served[one.tag] = true;
        CHECK(one.end_s > last_s);
        last_s = one.end_s;
      }
    }
  }
}

TEST_CASE("scan goes on to the edge before it turns round, look does not") {
  const std::vector<Run> requests{{.sector = at_cylinder(5)}, {.sector = at_cylinder(4), .at_s = 1e-4}};
  const auto look = run(plain_drive(), {.discipline = discipline_of("look"), .depth = 4}, requests);
  const auto scan = run(plain_drive(), {.discipline = discipline_of("scan"), .depth = 4}, requests);
  CHECK(look[1].times.seek_s == testing::approx(1.0e-3));
  CHECK(scan[1].times.seek_s == testing::approx(2.3e-3 + 2.4e-3));  // 14 cylinders on to 19, 15 back to 4
}

TEST_CASE("the drive chooses among the commands it holds; the rest wait above it in order") {
  const Order arrived{9, 4, 7, 1, 6};
  CHECK(order(discipline_of("sstf"), arrived, 1) == arrived);
  CHECK(order(discipline_of("sstf"), arrived, 2) == Order{4, 7, 9, 6, 1});  // of {9, 4}, {9, 7}, {9, 1}, {1, 6}
}

TEST_CASE("sptf takes what comes by first") {
  // On the same track as the heads: 80, 20, 50 sectors after the index mark; they are at 10.1 when the first ends.
  const std::vector<Run> requests{
      {.sector = 10}, {.sector = 80, .at_s = 1e-4}, {.sector = 20, .at_s = 1e-4}, {.sector = 50, .at_s = 1e-4}};
  CHECK(tags(run(plain_drive(), {.discipline = discipline_of("sptf"), .depth = 8}, requests)) ==
        std::vector<std::uint64_t>{0, 2, 3, 1});
}

TEST_CASE("sptf takes the older of two that cost the same") {
  // When the first has gone, the drive holds the last of them in its place.
  const std::vector<Run> requests{
      {.sector = 10}, {.sector = 20, .at_s = 1e-4}, {.sector = 50, .at_s = 1e-4}, {.sector = 50, .at_s = 1e-4}};
  CHECK(tags(run(plain_drive(), {.discipline = discipline_of("sptf"), .depth = 8}, requests)) ==
        std::vector<std::uint64_t>{0, 1, 2, 3});
}

TEST_CASE("sptf leaves a near cylinder for one whose sector comes by sooner") {
  // Cylinder 5 ends at angle 0.31 or so; the next cylinder's sector just passed would cost a turn.
  std::vector<Run> requests{{.sector = at_cylinder(5)}};
  const auto first = run(plain_drive(), {}, requests)[0];
  const double there = first.end_s / 10e-3 + 0.1;  // angle on arrival at the next cylinder
  const auto model = model_of(plain_drive());
  const auto& geometry = std::get<MechanicalModel>(model->kind).geometry;
  std::uint64_t passed = 0, coming = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto ahead = [&](std::uint64_t sector, double by) {
      const double wait = geometry.place(sector).angle - by;
      return wait - std::floor(wait);
    };
    if (ahead(at_cylinder(6) + i, there) > 0.98) passed = at_cylinder(6) + i;
    const double farther = first.end_s / 10e-3 + 0.12;
    if (ahead(at_cylinder(8) + i, farther) < 0.02) coming = at_cylinder(8) + i;
  }
  requests.push_back({.sector = passed, .at_s = 1e-4});
  requests.push_back({.sector = coming, .at_s = 1e-4});
  CHECK(tags(run(plain_drive(), {.discipline = discipline_of("sstf"), .depth = 4}, requests))[1] == 1);
  CHECK(tags(run(plain_drive(), {.discipline = discipline_of("sptf"), .depth = 4}, requests))[1] == 2);
}

TEST_CASE("sptf leaves alone what comes by sooner than its margin after a seek") {
  const std::vector<Run> first{{.sector = at_cylinder(5)}};
  const double free_s = run(plain_drive(), {}, first)[0].end_s;
  const auto model = model_of(plain_drive());
  const auto& geometry = std::get<MechanicalModel>(model->kind).geometry;
  // The sector of a cylinder that comes by so long after a seek of that time.
  const auto coming = [&](std::uint64_t cylinder, double seek_s, double wait_s) {
    std::uint64_t sector = at_cylinder(cylinder);
    const auto waits_s = [&] {
      const double turns = geometry.place(sector).angle - (free_s + seek_s) / 10e-3 + 10;
      return (turns - std::floor(turns)) * 10e-3;
    };
    while (std::abs(waits_s() - wait_s) > 0.051e-3) ++sector;
    return sector;
  };
  const auto order_of = [&](const char* discipline, double margin_ms, std::uint64_t later, std::uint64_t sooner) {
    auto json = plain_drive();
    json["positioning_margin_ms"] = margin_ms;
    std::vector<Run> requests = first;
    for (const auto sector : {later, sooner}) requests.push_back({.sector = sector, .at_s = 1e-5});
    return tags(run(json, {.discipline = discipline_of(discipline), .depth = 4}, requests));
  };
  const std::uint64_t later = coming(8, 1.2e-3, 3.5e-3), sooner = coming(8, 1.2e-3, 1e-3);
  CHECK(order_of("sptf", 0, later, sooner) == Order{0, 2, 1});
  CHECK(order_of("sptf", 2.5, later, sooner) == Order{0, 1, 2});
  CHECK(order_of("sptf-exact", 2.5, later, sooner) == Order{0, 2, 1});
  // Heads that stay on their track need none.
  CHECK(order_of("sptf", 2.5, coming(5, 0, 3.5e-3), coming(5, 0, 1e-3)) == Order{0, 2, 1});
  CHECK(order_of("sptf", 2.5, coming(5, 0, 2e-3), coming(5, 0, 1e-3)) == Order{0, 2, 1});
  CHECK(order_of("sptf", 2.5, later, coming(5, 0, 3.5e-3)) == Order{0, 2, 1});
  CHECK(order_of("sptf", 2.5, later, coming(5, 0, 5.5e-3)) == Order{0, 1, 2});
  CHECK(order_of("sptf", 2.5, coming(5, 0, 3e-3), sooner) == Order{0, 1, 2});
  // Nor does a step that tracks are skewed for.
  CHECK(order_of("sptf", 2.5, later, coming(6, 1e-3, 1e-3)) == Order{0, 2, 1});
  CHECK(order_of("sptf", 2.5, coming(5, 0, 1.5e-3), coming(6, 1e-3, 0.2e-3)) == Order{0, 2, 1});
}

TEST_CASE("a command beyond the age bound goes first") {
  const Order arrived{9, 4, 7, 1, 6};
  CHECK(order(discipline_of("sstf"), arrived, 16, 1e-9) == arrived);
  CHECK(order(discipline_of("sstf"), arrived, 16, 10) == Order{4, 6, 7, 9, 1});
}

namespace {

// sptf as its rule says it: a command at a time, by the plain curve and std::fmod.
std::size_t least_positioning(const QueueView& queue, double margin_s) {
  const MechanicalModel& model = queue.mechanics.model();
  const double sure_s = std::max(model.seek_s[std::min(2u, model.seek_s.size() - 1)], model.head_switch_s);
  std::size_t best = 0;
  double best_s = 1e9;
  for (std::size_t i = 0; i < queue.pending.size(); ++i) {
    const Pending& one = queue.pending[i];
    const std::uint32_t here = queue.cylinder(), there = one.place.cylinder;
    double seek_s = model.seek_s[here < there ? there - here : here - there];
    if (one.place.head != queue.mechanics.head()) seek_s = std::max(seek_s, model.head_switch_s);
    const double reckoned_s = seek_s > sure_s ? margin_s : 0;
    const double angle = std::fmod((queue.start_s + seek_s + reckoned_s) * (1 / model.revolution_s), 1.0);
    const double wait = std::fmod(one.place.angle - angle + 1, 1.0);
    double cost_s = seek_s + reckoned_s - margin_s + (wait > 1 - 1e-6 ? 0 : wait * model.revolution_s);
    if (!one.host.request.write && queue.buffer.streams_to(one.first)) cost_s = -margin_s;
    if (cost_s > best_s || (cost_s == best_s && one.sequence > queue.pending[best].sequence)) continue;
    best = i;
    best_s = cost_s;
  }
  return best;
}

}  // namespace

TEST_CASE("sptf by columns chooses as its rule does: every drive of the library, random queues") {
  std::mt19937_64 random(1);
  std::uint64_t read_ahead = 0;
  for (const std::string& name : drive_names()) {
    CAPTURE(name);
    const auto drive = load_drive(name);
    const auto* const model = std::get_if<MechanicalModel>(&drive->kind);
    if (!model) continue;
    const Geometry& geometry = model->geometry;
    std::uint64_t wrong = 0;
    for (int queue = 0; queue < 60; ++queue) {
      Mechanics mechanics(*model, 0);
      ReadAhead buffer(model->buffer);
      const std::uint64_t at = 8 + random() % (geometry.sectors() - 4096);
      double now_s = static_cast<double>(random() % 1'000'000'000) * 1e-4;  // up to a day
      for (const std::uint64_t first : {at - 8, at}) {
        const MediaAccess done = mechanics.access(first, geometry.place(first), 8, false, now_s);
        buffer.begin(mechanics, first, 8, done);
        now_s = done.media_end_s;
      }
      buffer.advance(mechanics, now_s += 1e-3);
      PendingQueue pending(256);
      for (std::uint64_t left = 1 + random() % 200, sequence = 0; left > 0; --left) {
        const bool near = random() % 8 == 0;
        const std::uint64_t first = near ? at + random() % 4096 : random() % geometry.sectors();
        Pending one{.first = first, .sectors = 1, .place = geometry.place(first)};
        one.host.request.write = random() % 8 == 0;
        for (std::uint64_t times = random() % 16 == 0 ? 2 : 1; times > 0; --times) {
          one.sequence = sequence++;
          pending.add(one);
        }
        read_ahead += buffer.streams_to(first);
      }
      for (int served = 0; served < 20 && !pending.empty(); ++served) {
        for (const double margin_s : {0.0, 1.2e-3}) {
          const QueueView view{pending, mechanics, buffer, now_s};
          wrong += Sptf::shortest(view, margin_s).index != least_positioning(view, margin_s);
        }
        pending.take(random() % pending.size());
      }
    }
    CHECK(wrong == 0);
  }
  CHECK(read_ahead > 100);
}
