#include "models/drive/replay.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

std::string complaint(const std::string& text) {
  try {
    parse_reads(text, "r.csv", 1000);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("columns in any order, others left alone") {
  const auto reads = parse_reads("sectors,x,sector,arrival_ms\r\n8,a,16,1.5\r\n\n4,b,32,2\n", "r.csv", 1000);
  REQUIRE(reads.size() == 2);
  CHECK(reads[0].arrival_s == testing::approx(1.5e-3));
  CHECK(reads[0].sector == 16);
  CHECK(reads[1].sectors == 4);
}

TEST_CASE("bad reads are told with their line") {
  CHECK(complaint("arrival_ms,sector\n") ==
        "r.csv: line 1: expected a column \"sectors\", found \"arrival_ms,sector\"");
  const std::string head = "arrival_ms,sector,sectors\n";
  CHECK(complaint(head + "1,2\n") == "r.csv: line 2: expected 3 columns, found 2");
  CHECK(complaint(head + "1,x,3\n") == "r.csv: line 2: expected a number in \"sector\", found \"x\"");
  CHECK(complaint(head + "1,-4,3\n") == "r.csv: line 2: expected a number in \"sector\", found \"-4\"");
  CHECK(complaint(head + "-1,4,3\n") == "r.csv: line 2: expected an arrival of 0 ms or later, found -1");
  CHECK(complaint(head + "nan,4,3\n") == "r.csv: line 2: expected an arrival of 0 ms or later, found nan");
  CHECK(complaint(head + "1,4,0\n") == "r.csv: line 2: expected 1 to 4194304 sectors, found 0");
  CHECK(complaint(head + "1,998,3\n") ==
        "r.csv: line 2: expected a read within the drive's 1000 sectors, found 3 sectors from 998 on");
  CHECK(complaint(head + "2,4,3\n1,4,3\n") == "r.csv: line 3: expected arrivals that ascend, found 1 ms after 2 ms");
}

TEST_CASE("rows in the order of completion, parts in milliseconds") {
  const auto model = model_of(plain_drive());
  const std::vector<ReplayRead> reads{{0, 10, 1}, {1e-4, 80, 1}, {1e-4, 20, 1}};
  const auto done = replay(model, {.discipline = discipline_of("sptf"), .depth = 4}, 0, reads);
  CHECK(to_csv(done) ==
        "arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms\n"
        "0.000000,10,1,0.000000,1.000000,0.100000,1.100000,0.000000,1.100000\n"
        "0.100000,20,1,0.000000,0.900000,0.100000,1.000000,1.100000,2.100000\n"
        "0.100000,80,1,0.000000,5.900000,0.100000,6.000000,2.100000,8.100000\n");
}
