#include "models/request_log/request_log.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/testing/approx.h"

using namespace headway;

namespace {

std::string complaint(const std::string& text, const LogOptions& options = {}) {
  try {
    hold_within(parse_request_log(text, "r.csv", options), 1000 * 512);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

constexpr double ms = 1e-3;

}  // namespace

TEST_CASE("columns in any order, others left alone") {
  const auto log = parse_request_log("sectors, x,sector,arrival_ms\r\n8,a,16,1.5\r\n\n4,b,32,2\n", "r.csv");
  REQUIRE(log.requests.size() == 2);
  CHECK(log.form == "csv");
  CHECK(log.requests[0].arrival_s == testing::approx(1.5 * ms));
  CHECK(log.requests[0].offset_bytes == 16 * 512);
  CHECK(log.requests[1].bytes == 4 * 512);
  CHECK(log.requests[1].line == 4);
  CHECK(!log.requests[1].write);
  CHECK(!log.has_pauses);
  CHECK(parse_request_log("sector,sectors,arrival_ms\n1,1,0\n", "r", {.sector_bytes = 4096}).requests[0].bytes == 4096);
}

TEST_CASE("what a request does, in a column of its own") {
  const auto writes = [](const std::string& column, const std::string& cell) {
    return parse_request_log("arrival_ms,sector,sectors," + column + "\n0,1,1," + cell + "\n", "r").requests[0].write;
  };
  CHECK(writes("write", "1"));
  CHECK(!writes("write", "0"));
  CHECK(writes("op", "W"));
  CHECK(!writes("op", "read"));
}

TEST_CASE("pauses are the log's own, or what arrivals and response times leave") {
  const auto told = parse_request_log("sector,sectors,measured_ms,gap_ms\n1,1,2,30\n2,1,3,40\n", "r");
  CHECK(told.has_pauses);
  CHECK(told.requests[1].pause_s == testing::approx(30 * ms));
  CHECK(told.requests[1].arrival_s == testing::approx(32 * ms));
  const auto left = parse_request_log("arrival_ms,sector,sectors,measured_ms\n0,1,1,2\n5,2,1,3\n", "r");
  CHECK(left.has_pauses);
  CHECK(left.requests[1].pause_s == testing::approx(3 * ms));
  const auto queued = parse_request_log("arrival_ms,sector,sectors,measured_ms\n0,1,1,2\n1,2,1,3\n", "r");
  CHECK(!queued.has_pauses);
  CHECK_THROWS_WITH_AS(need_pauses(queued),
                       "r: line 3: expected one request at the drive at a time, found one that came before the end of "
                       "the last",
                       InputError);
}

TEST_CASE("bad logs are told with their line") {
  CHECK(complaint("arrival_ms,sector\n") ==
        "r.csv: line 1: expected a column \"sectors\", found \"arrival_ms,sector\"");
  CHECK(complaint("sector,sectors\n") == "r.csv: line 1: expected a column \"arrival_ms\", found \"sector,sectors\"");
  CHECK(complaint("") == "r.csv: expected a log with requests, found none");
  const std::string head = "arrival_ms,sector,sectors\n";
  CHECK(complaint(head) == "r.csv: expected a log with requests, found none");
  CHECK(complaint(head + "1,2\n") == "r.csv: line 2: expected 3 columns, found 2");
  CHECK(complaint(head + "1,x,3\n") == "r.csv: line 2: expected a number in \"sector\", found \"x\"");
  CHECK(complaint(head + "1,-4,3\n") == "r.csv: line 2: expected a number in \"sector\", found \"-4\"");
  CHECK(complaint(head + "-1,4,3\n") == "r.csv: line 2: expected an arrival of 0 ms or later, found -1");
  CHECK(complaint(head + "nan,4,3\n") == "r.csv: line 2: expected an arrival of 0 ms or later, found nan");
  CHECK(complaint(head + "1,4,0\n") == "r.csv: line 2: expected 1 to 4194304 sectors, found 0");
  CHECK(complaint(head + "1,998,2\n1,998,3\n") ==
        "r.csv: line 3: expected a request within the drive's 512000 bytes, found 1536 bytes from 510976 on");
  CHECK(complaint(head + "1,18446744073709551615,3\n") ==
        "r.csv: line 2: expected a sector within 2^64 bytes, found 18446744073709551615");
  CHECK(complaint(head + "2,4,3\n1,4,3\n") == "r.csv: line 3: expected arrivals that ascend, found 1 ms after 2 ms");
  CHECK(complaint("arrival_ms,sector,sectors,write\n1,4,3,yes\n") ==
        "r.csv: line 2: expected 0 or 1 in \"write\", found \"yes\"");
  CHECK(complaint("arrival_ms,sector,sectors,op\n1,4,3,trim\n") ==
        "r.csv: line 2: expected read or write in \"op\", found \"trim\"");
  CHECK(complaint("1 2 3\n").starts_with("r.csv: line 1: expected a heading with \"sector\", a line of blkparse"));
  CHECK(complaint("1,2,3\n", {.form = "blkparze"}) ==
        "form of the log: expected a known one, found \"blkparze\" (did you mean \"blkparse\"?)");
}

TEST_CASE("response times that cannot be") {
  const std::string head = "arrival_ms,sector,sectors,measured_ms\n";
  CHECK(complaint(head + "0,4,3,-1\n") == "r.csv: line 2: expected a response time of 0 ms or later, found -1");
  CHECK(complaint(head + "0,4,3,2000000\n") ==
        "r.csv: line 2: expected a response time of at most 1000000 ms: \"measured_ms\" counts milliseconds, found "
        "2000000");
  // Microseconds in a column of milliseconds.
  CHECK(complaint(head + "0,4,3,5000\n9000,4,3,6000\n") ==
        "r.csv: line 3: expected response times below 1 s on average, with one request at the drive at a time, found a "
        "mean of 5.5 s and 6 s here: another unit than the column's?");
  const std::string all = "arrival_ms,sector,sectors,measured_ms,gap_ms\n0,4,3,5,10\n";
  CHECK(complaint(all + "15,4,3,5,10\n").empty());
  CHECK(
      complaint(all + "25,4,3,5,10\n") ==
      "r.csv: line 3: expected an arrival at 15.000 ms, the last end and its gap_ms on, found 25 ms: rows are missing "
      "or overlap");
  CHECK(complaint("sector,sectors,gap_ms\n4,3,-2\n") == "r.csv: line 2: expected a pause of 0 ms or later, found -2");
}

TEST_CASE("several at the drive become one at a time: each from when it came, or from the end of the one before") {
  const std::string head = "arrival_ms,sector,sectors,measured_ms\n";
  const auto in_order = one_at_a_time(parse_request_log(head + "0,1,1,5\n2,2,1,7\n20,3,1,4\n", "r"));
  REQUIRE(in_order.has_pauses);
  CHECK(in_order.requests[1].arrival_s == testing::approx(5 * ms));
  CHECK(in_order.requests[1].measured_s == testing::approx(4 * ms));
  CHECK(in_order.requests[2].pause_s == testing::approx(11 * ms));
  CHECK(std::none_of(in_order.requests.begin(), in_order.requests.end(), [](const auto& one) { return one.waited; }));
  CHECK(in_order.notes.back().starts_with("1 of 3 requests came while the drive had others: served in the order"));
  const auto chosen = one_at_a_time(parse_request_log(head + "0,1,1,5\n2,2,1,18\n3,3,1,9\n30,4,1,6\n", "r"));
  REQUIRE(chosen.requests.size() == 4);
  CHECK(chosen.requests[1].offset_bytes == 3 * 512);  // in the order of their ends
  CHECK(chosen.requests[1].measured_s == testing::approx(7 * ms));
  CHECK(!chosen.requests[0].waited);
  CHECK(chosen.requests[1].waited);
  CHECK(chosen.requests[2].waited);
  CHECK(!chosen.requests[3].waited);
  CHECK(chosen.notes.back().find("the drive chose their order") != std::string::npos);
  CHECK_THROWS_AS(one_at_a_time(parse_request_log("arrival_ms,sector,sectors\n0,1,1\n", "r")), InputError);
  CHECK_THROWS_AS(one_at_a_time(parse_request_log(head + "0,1,1,50000\n2,2,1,100000\n", "r")), InputError);
}

TEST_CASE("blkparse: from D to C, by device and direction") {
  const std::string text =
      "  8,0    0        1     1.000000000  42  Q   R 100 + 8 [fio]\n"
      "  8,0    0        2     1.000100000  42  D   R 100 + 8 [fio]\n"
      "  8,0    0        3     1.005100000   0  C   R 100 + 8 [0]\n"
      "  8,0    0        4     1.010000000  42  D  WS 200 + 16 [fio]\n"
      "  8,0    0        5     1.011000000   0  C  WS 200 + 16 [0]\n"
      "  8,0    0        6     1.012000000  42  D FWFS [fio]\n"
      "  8,0    0        7     1.013000000   0  C   R 900 + 8 [0]\n"
      "  8,0    0        8     1.014000000  42  D   R 300 + 8 [fio]\n"
      "CPU0 (8,0):\n Reads Queued: 1\n";
  const auto log = parse_request_log(text, "b");
  REQUIRE(log.requests.size() == 2);
  CHECK(log.form == "blkparse");
  CHECK(log.requests[0].measured_s == testing::approx(5 * ms));
  CHECK(log.requests[0].offset_bytes == 51200);
  CHECK(log.requests[1].write);
  CHECK(log.requests[1].arrival_s == testing::approx(9.9 * ms));
  CHECK(log.has_pauses);
  CHECK(log.requests[1].pause_s == testing::approx(4.9 * ms));
  CHECK(log.notes == std::vector<std::string>{"1 requests that were issued and not completed are left out",
                                              "1 completions of what was not issued in the log are left out"});
  const std::string two = text.substr(0, text.find("CPU")) + "  8,16 0 1 1.02 42 D R 1 + 8 [fio]\n";
  CHECK(complaint(two) ==
        "r.csv: line 9: expected requests of one device, 8,0, found one of 8,16: --device says whose");
  CHECK(parse_request_log(two, "b", {.device = "8,0"}).requests.size() == 2);
  CHECK(complaint("8,0 0 1 1.0 42 D R 1 + 8 [x]\n8,0 0 1 0.5 0 C R 1 + 8 [0]\n") ==
        "r.csv: line 2: expected an end after the issue at 1 s, found 0.5 s");
}

TEST_CASE("blkparse: what moves no data is no request, be there an R or a W in its letters") {
  std::string text;
  int second = 0;
  for (const char* rwbs : {"R", "WZ", "ZA", "ZR", "DE", "FWS", "D", "RA"}) {
    text += "8,0 0 1 " + std::to_string(++second) + ".0 42 D " + rwbs + " 100 + 8 [x]\n";
    text += "8,0 0 1 " + std::to_string(second) + ".5 42 C " + rwbs + " 100 + 8 [0]\n";
  }
  const auto log = parse_request_log(text, "b");
  REQUIRE(log.requests.size() == 4);
  CHECK(!log.requests[0].write);
  CHECK(log.requests[1].write);  // a zone append
  CHECK(log.requests[2].write);
  CHECK(!log.requests[3].write);
  CHECK(complaint(text + "CPU0 (8,0):\n 8,0 0 1 1.0 42 D R 1 + 8 [x]\n").find("line 18: ") != std::string::npos);
}

TEST_CASE("what no clock and no address carries is refused, whatever the form") {
  CHECK(complaint("arrival_ms,sector,sectors\n1e300,1,1\n") ==
        "r.csv: line 2: expected an arrival within 100000000 s of the first, found 1e+297 s");
  CHECK(complaint("8,0 0 1 1.0 42 D R 1 + 8 [x]\n8,0 0 1 2000.0 0 C R 1 + 8 [0]\n") ==
        "r.csv: line 1: expected a response time of at most 1000 s, found 1999 s");
  CHECK(complaint("2000, 1500000000000, 0, 4096, 0\n").find("a response time of at most 1000 s") != std::string::npos);
  CHECK(complaint("2000, 1000, 0, 4096, 18446744073709551000\n").find("ends below 2^64 bytes") != std::string::npos);
}

TEST_CASE("blkparse without completions is no log of a drive") {
  CHECK(complaint("8,0 0 1 1.0 42 D R 1 + 8 [x]\n") ==
        "r.csv: expected a log with requests, found none: 1 requests that were issued and not completed are left out");
}

TEST_CASE("fio: the latency log with offsets, its times those of completion") {
  const auto log =
      parse_request_log("10, 4000000, 0, 4096, 8192\n30, 1000000, 1, 512, 512, 0\n40, 5, 2, 512, 0\n", "f");
  REQUIRE(log.requests.size() == 2);
  CHECK(log.form == "fio");
  CHECK(log.requests[0].measured_s == testing::approx(4 * ms));
  CHECK(log.requests[1].arrival_s == testing::approx(23 * ms));
  CHECK(log.requests[1].write);
  CHECK(log.requests[1].pause_s == testing::approx(19 * ms));
  CHECK(log.notes == std::vector<std::string>{"1 trims are left out"});
  CHECK(complaint("10, 4000000, 0, 4096\n").starts_with("r.csv: line 1: expected time, latency, direction"));
  CHECK(complaint("10, 4, 5, 4096, 0\n") ==
        "r.csv: line 1: expected a direction of 0 (read), 1 (write) or 2 (trim), found \"5\"");
}
