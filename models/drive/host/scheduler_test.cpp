// The schedulers above the drive, by themselves and before a drive that holds one command.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "core/base/testing/approx.h"
#include "models/drive/host/bfq.h"
#include "models/drive/host/kyber.h"
#include "models/drive/host/mq_deadline.h"
#include "models/drive/host/no_scheduler.h"
#include "models/drive/host/zfs.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

HostRequest at(std::uint64_t place, double submitted_s = 0, bool write = false, bool background = false,
               std::uint16_t stream = 0) {
  return {{.tag = place,
           .offset_bytes = place * 512,
           .bytes = 512,
           .write = write,
           .background = background,
           .stream = stream},
          submitted_s};
}

template <class Scheduler>
std::vector<std::uint64_t> drain(Scheduler& scheduler, double now_s) {
  std::vector<std::uint64_t> order;
  HostRequest next;
  while (scheduler.take(next, now_s)) order.push_back(next.request.tag);
  return order;
}

Finished finished(const HostRequest& host, double dispatched_s, double end_s) {
  Finished done;
  done.host = host;
  done.dispatched_s = dispatched_s;
  done.done.tag = host.request.tag;
  done.done.end_s = end_s;
  return done;
}

using Order = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("none keeps the order of arrival") {
  NoScheduler scheduler;
  for (const auto place : {5, 2, 9}) scheduler.add(at(static_cast<std::uint64_t>(place)), 0);
  CHECK(drain(scheduler, 0) == Order{5, 2, 9});
}

TEST_CASE("mq-deadline sorts, and turns to the oldest when nothing lies beyond") {
  MqDeadline scheduler;
  for (const auto place : {50, 20, 90, 70}) scheduler.add(at(static_cast<std::uint64_t>(place)), 0);
  CHECK(drain(scheduler, 0) == Order{20, 50, 70, 90});  // from address 0
  for (const auto place : {80, 10, 30}) scheduler.add(at(static_cast<std::uint64_t>(place)), 0);
  CHECK(drain(scheduler, 0) == Order{80, 10, 30});  // nothing beyond 90: the oldest, 80; then the oldest again, 10
}

TEST_CASE("mq-deadline starts a batch at a read whose time is up") {
  const auto order = [](double now_s) {
    MqDeadline scheduler;
    scheduler.add(at(900, 0.0), 0);
    for (std::uint64_t i = 0; i < 40; ++i) scheduler.add(at(i, 0.3), 0.3);
    HostRequest next;
    for (int i = 0; i < 5; ++i) REQUIRE(scheduler.take(next, 0.4));  // a batch is under way
    return drain(scheduler, now_s);
  };
  CHECK(order(0.499)[11] == 16);
  CHECK(order(0.5)[10] == 15);  // the batch is not broken off
  CHECK(order(0.5)[11] == 900);
}

TEST_CASE("mq-deadline lets writes starve twice") {
  MqDeadline scheduler;
  for (std::uint64_t i = 0; i < 100; ++i) scheduler.add(at(i), 0);
  scheduler.add(at(1000, 0, true), 0);
  HostRequest next;
  Order order;
  while (scheduler.take(next, 0)) {
    order.push_back(next.request.tag);
    if (order.size() == 49) scheduler.add(at(500, 0, true), 0);  // behind
  }
  // The first batch of all begins without a choice. Then two batches of 16 reads, then the write.
  CHECK(order[48] == 1000);
  CHECK(order[49 + 32] == 500);
}

TEST_CASE("mq-deadline serves the idle class last, or after ten seconds") {
  MqDeadline scheduler;
  scheduler.add(at(1, 0, false, true), 0);
  scheduler.add(at(2, 1), 1);
  HostRequest next;
  REQUIRE(scheduler.take(next, 1));
  CHECK(next.request.tag == 2);
  scheduler.add(at(3, 10.1), 10.1);
  REQUIRE(scheduler.take(next, 10.1));
  CHECK(next.request.tag == 1);
}

TEST_CASE("mq-deadline: the idle class waits while another request is at the drive") {
  MqDeadline scheduler;
  scheduler.add(at(1, 0, false, true), 0);
  scheduler.add(at(2), 0);
  HostRequest best_effort, idle;
  REQUIRE(scheduler.take(best_effort, 0));
  CHECK(best_effort.request.tag == 2);
  CHECK_FALSE(scheduler.take(idle, 0.005));
  scheduler.completed(finished(best_effort, 0, 0.01));
  REQUIRE(scheduler.take(idle, 0.01));
  CHECK(idle.request.tag == 1);
}

TEST_CASE("mq-deadline counts one batch for all classes") {
  MqDeadline scheduler;
  for (std::uint64_t i = 0; i < 10; ++i) scheduler.add(at(i), 0);
  for (const auto tag : drain(scheduler, 0)) scheduler.completed(finished(at(tag), 0, 0.01));
  scheduler.add(at(900, 0.1, false, true), 0.1);
  for (std::uint64_t i = 100; i < 120; ++i) scheduler.add(at(i, 0.3, false, true), 0.3);
  // Six are left of the sixteen; only then is it seen that the oldest has waited for half a second.
  const auto order = drain(scheduler, 0.6);
  CHECK(order[5] == 105);
  CHECK(order[6] == 900);
}

TEST_CASE("mq-deadline: fifo_batch is the length of a batch") {
  const auto order = [](std::uint32_t batch) {
    MqDeadline scheduler(QueueSpec{.fifo_batch = batch});
    for (const auto place : {10, 20, 30, 40}) scheduler.add(at(static_cast<std::uint64_t>(place)), 0);
    HostRequest next;
    REQUIRE(scheduler.take(next, 0.1));
    for (const auto place : {11, 12}) scheduler.add(at(static_cast<std::uint64_t>(place), 0.2, true), 0.2);
    return drain(scheduler, 0.2);
  };
  CHECK(order(16) == Order{20, 30, 40, 11, 12});
  CHECK(order(2) == Order{20, 30, 40, 11, 12});  // the second batch passes writes over for the first time
  CHECK(order(1) == Order{20, 30, 11, 40, 12});  // after two batches of reads it is the writes' turn
}

TEST_CASE("mq-deadline with head_first turns to the lowest address, but not before a request whose time is up") {
  const auto order = [](bool head_first, double now_s) {
    MqDeadline scheduler(QueueSpec{.head_first = head_first});
    scheduler.add(at(90), 0);
    HostRequest next;
    REQUIRE(scheduler.take(next, 0));
    for (const auto place : {80, 10, 30}) scheduler.add(at(static_cast<std::uint64_t>(place), 0.1), 0.1);
    return drain(scheduler, now_s);
  };
  CHECK(order(true, 0.2) == Order{10, 30, 80});
  CHECK(order(false, 0.2) == Order{80, 10, 30});
  CHECK(order(true, 0.6) == Order{80, 10, 30});
}

TEST_CASE("kyber cuts the good domain while the other is congested, and never cuts reads alone") {
  const auto load = [](Kyber& scheduler, bool with_writes) {
    double now_s = 0;
    for (int i = 0; i < 4000; ++i) {
      now_s += 1e-3;
      HostRequest next;
      scheduler.add(at(1, now_s), now_s);
      REQUIRE(scheduler.take(next, now_s));
      scheduler.completed(finished(next, now_s, now_s + (with_writes ? 8e-3 : 40e-3)));
      if (!with_writes) continue;
      scheduler.add(at(2, now_s, true), now_s);
      REQUIRE(scheduler.take(next, now_s));
      scheduler.completed(finished(next, now_s, now_s + 1e-3));
    }
  };
  Kyber alone;
  load(alone, false);
  CHECK(alone.depth(false) == 256);
  Kyber both;  // reads beyond their 2 ms, writes within their 10 ms
  load(both, true);
  CHECK(both.depth(true) == 1);
  CHECK(both.depth(false) == 256);
}

namespace {

void serve(Kyber& scheduler, bool write, double latency_s, double end_s) {
  HostRequest next;
  scheduler.add(at(1, end_s - latency_s, write), end_s - latency_s);
  REQUIRE(scheduler.take(next, end_s - latency_s));
  scheduler.completed(finished(next, end_s - latency_s, end_s));
}

}  // namespace

TEST_CASE("kyber's 99th percentile: of 501 reads the 496th from below") {
  const auto depth = [](int slow) {
    Kyber scheduler;
    for (int i = 0; i < 500; ++i) serve(scheduler, true, 12e-3, 0.05);     // beyond their 10 ms: the drive is congested
    for (int i = 0; i < slow; ++i) serve(scheduler, false, 1.2e-3, 0.06);  // in the third quarter of their 2 ms
    for (int i = slow; i < 501; ++i) serve(scheduler, false, 0.1e-3, 0.07);  // in the first
    HostRequest next;
    scheduler.take(next, 0.1499);
    CHECK(scheduler.depth(false) == 256);
    scheduler.take(next, 0.1501);  // 100 ms after the first completion it is time to look
    return scheduler.depth(false);
  };
  CHECK(depth(5) == 256 * 1 / 4);
  CHECK(depth(6) == 256 * 3 / 4);
}

TEST_CASE("kyber with few samples: the time at the drive takes the second that a domain's histograms share") {
  // 64 reads a second of 0.1 ms, well within their 2, and 16 writes of 12 ms, beyond their 10. The first look is at
  // 0.1 s, and from 1.1 s on one a second finds the drive congested. The reads' total latency, though, waits for its
  // 500 samples, that is for 7.8 s, and the next look that finds congestion cuts them. With a second of its own it
  // would have cut them at 1.1 s.
  Kyber scheduler;
  double at_s = 0;
  const auto serve_until = [&](double end_s) {
    for (int i = 0; at_s < end_s; at_s += 0.0125, ++i) {
      const double latency_s = i % 5 == 0 ? 12e-3 : 0.1e-3;
      serve(scheduler, i % 5 == 0, latency_s, at_s + latency_s);
    }
    return scheduler.depth(false);
  };
  CHECK(serve_until(7.7) == 256);
  CHECK(serve_until(9.0) == 64);
}

TEST_CASE("bfq sorts a stream's reads and keeps the drive for it while it thinks") {
  Bfq scheduler;
  for (const auto place : {50, 20, 90}) scheduler.add(at(static_cast<std::uint64_t>(place), 0, false, false, 1), 0);
  scheduler.add(at(1000, 0, false, false, 2), 0);
  HostRequest next;
  for (const std::uint64_t expected : {20, 50, 90}) {
    REQUIRE(scheduler.take(next, 0));
    CHECK(next.request.tag == expected);
    scheduler.completed(finished(next, 0, 0.001));
  }
  CHECK(!scheduler.take(next, 0.0085));  // stream 1 may go on until 1 + 8 ms
  CHECK(scheduler.wake_s() == testing::approx(0.009));
  REQUIRE(scheduler.take(next, scheduler.wake_s()));
  CHECK(next.request.tag == 1000);
}

namespace {

// Stream 1 has read 32 times, `far` times of them from beyond 800 sectors (and each of these from where one ended), and
// its last read ends at 1 s: nothing of it waits.
void read_32(Bfq& scheduler, int far, std::uint32_t bytes = 512) {
  HostRequest next;
  std::uint64_t place = 1000;
  for (int i = 0; i < 32; ++i) {
    place += i < 32 - far ? 1 : 1 + 801;
    HostRequest request = at(place, 1 - 1e-3 * (32 - i), false, false, 1);
    request.request.bytes = bytes;
    scheduler.add(request, request.submitted_s);
    REQUIRE(scheduler.take(next, request.submitted_s));
    scheduler.completed(finished(next, request.submitted_s, 1 - 1e-3 * (31 - i)));
  }
}

bool waits_with_other(int far, bool rotational = true) {
  Bfq scheduler(rotational);
  read_32(scheduler, far);
  scheduler.add(at(1, 1, false, false, 2), 1);
  HostRequest next;
  return !scheduler.take(next, 1);
}

}  // namespace

TEST_CASE("bfq waits for a sequential stream, and for a seeky one, 20 far reads in 32, when it is alone") {
  CHECK(waits_with_other(19));
  CHECK_FALSE(waits_with_other(20));
  CHECK_FALSE(waits_with_other(0, false));  // a drive that does not rotate and holds several commands
  Bfq alone;
  read_32(alone, 19);
  CHECK(alone.wake_s() == testing::approx(1.008));
  Bfq seeky;
  read_32(seeky, 20);
  CHECK(seeky.wake_s() == testing::approx(1.002));
}

TEST_CASE("bfq waits 8 ms for a seeky stream while the idle class has requests") {
  Bfq scheduler;
  scheduler.add(at(900000, 0.9, false, true, 3), 0.9);
  HostRequest idle, next;
  REQUIRE(scheduler.take(idle, 0.9));  // at the drive until the end
  read_32(scheduler, 32);
  CHECK(scheduler.wake_s() == testing::approx(1.008));
  scheduler.add(at(1, 1, false, false, 2), 1);
  CHECK_FALSE(scheduler.take(next, 1.0079));
  REQUIRE(scheduler.take(next, 1.0081));
  CHECK(next.request.stream == 2);
}

TEST_CASE("bfq does not wait for a stream that has been away for more than a fifth of its time") {
  // 2 ms of work every 3 ms: 33 % away. It thinks for 1 ms only, which is short.
  const auto waits = [](double away_s) {
    Bfq scheduler;
    HostRequest next;
    double now_s = 0;
    for (int i = 0; i < 100; ++i) {
      scheduler.add(at(1000 + static_cast<std::uint64_t>(i), now_s, false, false, 1), now_s);
      REQUIRE(scheduler.take(next, now_s));
      scheduler.completed(finished(next, now_s, now_s + 2e-3));
      now_s += 2e-3 + away_s;
    }
    scheduler.add(at(1, now_s - away_s, false, false, 2), now_s - away_s);
    return !scheduler.take(next, now_s - away_s);
  };
  CHECK(waits(0.4e-3));        // 17 %
  CHECK_FALSE(waits(0.6e-3));  // 23 %
}

TEST_CASE("bfq waits for any stream on a rotating drive that holds one command at a time") {
  const auto waits = [](std::size_t at_once) {
    Bfq scheduler;
    HostRequest next;
    std::deque<HostRequest> at_drive;
    for (std::uint64_t i = 0; i < 80; ++i) scheduler.add(at(i * 9000, 0, false, false, 1), 0);
    double now_s = 0;
    for (int i = 0; i < 60; ++i, now_s += 1e-3) {
      while (at_drive.size() < at_once && scheduler.take(next, now_s)) at_drive.push_back(next);
      scheduler.completed(finished(at_drive.front(), 0, now_s));
      at_drive.pop_front();
    }
    scheduler.add(at(1, now_s, false, false, 2), now_s);
    while (scheduler.take(next, now_s)) at_drive.push_back(next);
    for (const HostRequest& host : at_drive) scheduler.completed(finished(host, 0, now_s));
    return next.request.stream == 1;  // all of the first, and then the drive is kept for it
  };
  CHECK(waits(1));
  CHECK_FALSE(waits(4));
}

TEST_CASE("bfq puts back a seeky stream for one with less service that comes") {
  Bfq scheduler;
  read_32(scheduler, 32);
  for (std::uint64_t i = 1; i < 10; ++i) scheduler.add(at(i * 100000, 1, false, false, 1), 1);
  HostRequest next;
  REQUIRE(scheduler.take(next, 1.001));
  CHECK(next.request.stream == 1);
  scheduler.add(at(5, 1.002, false, false, 2), 1.002);
  REQUIRE(scheduler.take(next, 1.002));
  CHECK(next.request.stream == 2);
}

TEST_CASE("bfq charges a slow stream for its time") {
  // Stream 2 is served 1 or 3 MiB. Stream 1 then has the drive for 32 ms, of which it makes 16 KiB: charged are
  // 8 MiB * 32 / 125 = 2.05 MiB.
  const auto next_stream = [](std::uint32_t mib) {
    Bfq scheduler;
    HostRequest next;
    HostRequest big = at(5000000, 0.9, false, false, 2);
    big.request.bytes = mib << 20;
    scheduler.add(big, 0.9);
    REQUIRE(scheduler.take(next, 0.9));
    scheduler.completed(finished(next, 0.9, 0.91));
    CHECK_FALSE(scheduler.take(next, 0.92));
    read_32(scheduler, 32);
    CHECK_FALSE(scheduler.take(next, 1.01));  // neither has anything
    for (std::uint16_t stream = 1; stream <= 2; ++stream) scheduler.add(at(7, 1.01, false, false, stream), 1.01);
    REQUIRE(scheduler.take(next, 1.01));
    return next.request.stream;
  };
  CHECK(next_stream(1) == 2);
  CHECK(next_stream(3) == 1);
}

TEST_CASE("bfq gives streams equal shares, a budget at a time") {
  Bfq scheduler;
  const auto big = [](std::uint64_t tag, std::uint16_t stream) {
    return HostRequest{{.tag = tag, .offset_bytes = tag << 20, .bytes = 1 << 20, .stream = stream}, 0};
  };
  for (std::uint64_t i = 0; i < 40; ++i) scheduler.add(big(i, 1), 0);
  for (std::uint64_t i = 0; i < 40; ++i) scheduler.add(big(1000 + i, 2), 0);
  const auto order = drain(scheduler, 0);
  int first = 0;
  for (std::size_t i = 0; i < 32; ++i) first += order[i] < 1000;
  CHECK(first == 16);
  CHECK(order[7] < 1000);  // 8 MiB, then the other
  CHECK(order[8] >= 1000);
}

TEST_CASE("bfq gives a stream that was away no credit for it") {
  Bfq scheduler;
  const auto big = [](std::uint64_t tag, std::uint16_t stream) {
    return HostRequest{{.tag = tag, .offset_bytes = tag << 20, .bytes = 1 << 20, .stream = stream}, 0};
  };
  HostRequest next;
  scheduler.add(big(1000, 2), 0);
  REQUIRE(scheduler.take(next, 0));
  scheduler.completed(finished(next, 0, 0.01));
  for (std::uint64_t i = 0; i < 40; ++i) scheduler.add(big(i, 1), 0.1);
  const auto alone = drain(scheduler, 0.1);
  CHECK(alone.size() == 40);
  for (const auto tag : alone) scheduler.completed(finished(big(tag, 1), 0.1, 0.2));
  for (std::uint64_t i = 0; i < 24; ++i) {
    scheduler.add(big(100 + i, 1), 0.3);
    scheduler.add(big(2000 + i, 2), 0.3);
  }
  const auto order = drain(scheduler, 0.3);
  REQUIRE(order.size() == 48);
  int second = 0;
  for (std::size_t i = 0; i < 24; ++i) second += order[i] >= 2000;
  CHECK(second == 16);  // two budgets, since the first one had begun its last at 32 of 40 MiB; with credit all 24
}

TEST_CASE("bfq serves the idle class when nobody else waits") {
  Bfq scheduler;
  scheduler.add(at(1, 0, false, true), 0);
  scheduler.add(at(2, 0), 0);
  scheduler.add(at(3, 0), 0);
  CHECK(drain(scheduler, 0) == Order{2, 3});  // and the drive is kept for that stream
  HostRequest next;
  scheduler.completed(finished(at(2), 0, 0.01));
  scheduler.completed(finished(at(3), 0, 0.02));
  REQUIRE(scheduler.take(next, 0.028));
  CHECK(next.request.tag == 1);
}

TEST_CASE("zfs: a scrub alone has one request at the drive, and three once five have ended") {
  Zfs scheduler;
  for (std::uint64_t i = 0; i < 20; ++i) scheduler.add(at(i, 0, false, true), 0);
  for (std::uint64_t i = 0; i < 4; ++i) {
    REQUIRE(drain(scheduler, 0) == Order{i});
    scheduler.completed(finished(at(i, 0, false, true), 0, 0.01));
  }
  REQUIRE(drain(scheduler, 0) == Order{4});
  scheduler.completed(finished(at(4, 0, false, true), 0, 0.01));
  CHECK(drain(scheduler, 0) == Order{5, 6, 7});
}

TEST_CASE("zfs: while reads are at the drive a scrub has one there, as long as its credit lasts") {
  Zfs scheduler;
  for (std::uint64_t i = 0; i < 20; ++i) scheduler.add(at(100 + i, 0, false, true), 0);
  for (std::uint64_t i = 0; i < 12; ++i) scheduler.add(at(i), 0);
  // The classes take turns below their least: the last was none, that is reads, so the scrub goes first. Then ten reads.
  CHECK(drain(scheduler, 0) == Order{100, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  // The first read gave a credit of 1: one more scrub request goes, and no third.
  scheduler.completed(finished(at(100, 0, false, true), 0, 0.01));
  CHECK(drain(scheduler, 0) == Order{101});
  scheduler.completed(finished(at(101, 0, false, true), 0, 0.01));
  CHECK(drain(scheduler, 0).empty());
  // A read that ends while others are there makes it 5.
  scheduler.completed(finished(at(0), 0, 0.01));
  CHECK(drain(scheduler, 0) == Order{10, 102});
  for (std::uint64_t i = 2; i <= 5; ++i) {
    scheduler.completed(finished(at(100 + i, 0, false, true), 0, 0.01));
    CHECK(drain(scheduler, 0) == Order{100 + i + 1});
  }
  scheduler.completed(finished(at(106, 0, false, true), 0, 0.01));
  CHECK(drain(scheduler, 0).empty());
}

TEST_CASE("zfs: a scrub goes by address from the last request on, within half a second's arrivals") {
  Zfs scheduler;
  for (const std::uint64_t place : {50, 20, 90}) scheduler.add(at(place, 0.1, false, true), 0.1);
  scheduler.add(at(60, 0.6, false, true), 0.6);  // another bucket of 0.537 s
  scheduler.add(at(49, 0.6), 0.6);
  Order order;
  HostRequest next;
  while (order.size() < 5) {
    REQUIRE(scheduler.take(next, 0.6));
    order.push_back(next.request.tag);
    scheduler.completed(finished(next, 0.6, 0.6));
  }
  CHECK(order == Order{20, 49, 50, 90, 60});
}

TEST_CASE("every request comes out of every scheduler before every kind of drive") {
  for (const char* kind : {"plain", "dual", "constant"}) {
    auto json = plain_drive();
    if (std::string(kind) == "dual") json["actuators"] = 2;
    if (std::string(kind) == "constant")
      json = Json::parse(R"({"drive": "c", "kind": "constant", "capacity_bytes": 1536000, "latency_ms": 1,
                             "bytes_per_s": 1000000})");
    for (const Kind& scheduler : schedulers()) {
      for (const std::uint32_t depth : {1, 4}) {
        std::vector<Run> requests;
        for (std::uint64_t i = 0; i < 300; ++i)
          requests.push_back({.sector = i * 7919 % 2990, .at_s = 1e-3 * static_cast<double>(i), .write = i % 5 == 0});
        auto order = tags(
            run(json, {.discipline = discipline_of("sptf"), .depth = depth, .scheduler = scheduler_of(scheduler.name)},
                requests));
        std::sort(order.begin(), order.end());
        bool all = order.size() == 300;
        for (std::size_t i = 0; i < order.size(); ++i) all = all && order[i] == i;
        CHECK(all);
      }
    }
  }
}
