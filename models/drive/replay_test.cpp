#include "models/drive/replay.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double ms = 1e-3;

RequestLog log_of(const std::string& text) { return parse_request_log(text, "r.csv"); }

}  // namespace

TEST_CASE("rows in the order of completion, parts in milliseconds") {
  const auto log = log_of("arrival_ms,sector,sectors\n0,10,1\n0.1,80,1\n0.1,20,1\n");
  const auto done = replay(model_of(plain_drive()), {.discipline = discipline_of("sptf"), .depth = 4}, 0, log);
  CHECK(to_csv(done, 512, false) ==
        "arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms,write\n"
        "0.000000,10,1,0.000000,1.000000,0.100000,1.100000,0.000000,1.100000,0\n"
        "0.100000,20,1,0.000000,0.900000,0.100000,1.000000,1.100000,2.100000,0\n"
        "0.100000,80,1,0.000000,5.900000,0.100000,6.000000,2.100000,8.100000,0\n");
}

TEST_CASE("writes are writes") {
  auto json = plain_drive();
  json["write_settle_ms"] = 0.4;
  const auto log = log_of("arrival_ms,sector,sectors,write,measured_ms\n0,800,1,1,9.5\n");
  const auto done = replay(model_of(json), {}, 0, log);
  CHECK(done[0].seek_s == testing::approx(1.7 * ms));
  CHECK(to_csv(done, 512, true).ends_with(",1,9.500000\n"));
}

TEST_CASE("arrivals open at the log's dates, closed after the end and a pause") {
  // The first ends at 3.1 ms here, where 1 ms was measured.
  const auto log = log_of("arrival_ms,sector,sectors,measured_ms,gap_ms\n0,30,1,1,2\n3,60,1,1,0\n");
  const auto open = replay(model_of(plain_drive()), {}, 0, log);
  CHECK(open[1].request.arrival_s == testing::approx(3 * ms));
  CHECK(open[1].response_s() == testing::approx(3.1 * ms));
  const auto closed = replay(model_of(plain_drive()), {}, 0, log, Arrivals::closed);
  CHECK(closed[1].request.arrival_s == testing::approx(5.1 * ms));
  CHECK(closed[1].response_s() == testing::approx(1 * ms));
}

TEST_CASE("the demerit of two distributions, by hand") {
  CHECK(demerit({1, 2, 3}, {3, 1, 2}) == 0);
  CHECK(demerit({2, 3, 4}, {1, 2, 3}) == testing::approx(0.5));
  CHECK(demerit({1, 5}, {1, 3}) == testing::approx(std::sqrt(2.0) / 2));
}

TEST_CASE("measured and simulated response times side by side") {
  const auto log = log_of("arrival_ms,sector,sectors,write,measured_ms\n0,30,1,0,2.1\n10,60,1,0,7.1\n20,30,1,1,3.1\n");
  const auto done = replay(model_of(plain_drive()), {}, 0, log);
  const auto demerits = measured_demerit(done);
  CHECK(demerits.reads_percent == testing::approx(std::sqrt(0.5 * (1 + 1)) / 4.6 * 100).epsilon(1e-6));
  CHECK(demerits.writes_percent == testing::approx(0.0).epsilon(1e-6));
  CHECK(
      comparison_table(done).starts_with("          requests  measured_ms   ours_ms      off    demerit\n"
                                         "all              3        4.100     4.100   +0.0 %    19.91 %\n"
                                         "reads            2        4.600     4.600   +0.0 %    21.74 %\n"
                                         "writes           1        3.100     3.100   +0.0 %     0.00 %\n"));
  CHECK(std::isnan(measured_demerit(std::span(done).first(2)).writes_percent));
}
