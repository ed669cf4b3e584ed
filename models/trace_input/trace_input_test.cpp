// Each format's published form, line by line, and what is said of lines that do not fit.
#include "models/trace_input/trace_input.h"

#include <bzlib.h>
#include <doctest/doctest.h>

#include <set>

#include "core/base/testing/approx.h"
#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"

using namespace headway;

namespace {

std::vector<TraceRequest> read_all(std::string_view text, const std::string& format, const TraceOptions& options = {}) {
  const auto trace = open_trace(text, "t", *trace_format(format), options);
  std::vector<TraceRequest> all;
  while (const auto request = trace->next()) all.push_back(*request);
  return all;
}

std::string complaint(std::string_view text, const std::string& format) {
  return testing::error_of([&] { read_all(text, format); });
}

void check(const TraceRequest& got, double time_s, std::uint32_t device, std::uint64_t offset, std::uint32_t bytes,
           bool write) {
  CHECK(got.time_s == testing::approx(time_s));
  CHECK(got.device == device);
  CHECK(got.offset_bytes == offset);
  CHECK(got.bytes == bytes);
  CHECK(got.write == write);
}

}  // namespace

TEST_CASE("trace input: every format says the same thing") {
  // Reads of 4 KiB at 8192 on device 0 and, half a second later, a write of 1 KiB at 512 on device 1.
  const std::vector<std::pair<std::string, std::string>> texts{
      {"msr",
       "128166372003061629,usr,0,Read,8192,4096,41286\n"
       "128166372008061629,usr,1,Write,512,1024,100\n"},
      {"alibaba", "3,R,8192,4096,1577808000000000\n7,W,512,1024,1577808000500000\n"},
      {"tencent", "1538323199,16,8,0,1283\n1538323199.5,1,2,1,1576\n"},
      {"fiu",
       "329125585938 4892 syslogd 16 8 R 6 0 531e779f\n"
       "329625585938 2522 kjournald 1 2 W 8 0 9b82c14d\n"},
      {"spc", "0,16,4096,R,0.011413\n1,1,1024,w,0.511413\n"},
      {"disksim", "10.0 0 16 8 1\r\n\n510.0 1 1 2 0\r\n"},
      {"blkparse",
       "  8,0    0        1     0.250000000  4242  Q RAM 16 + 8 [reada]\n"
       "  8,0    0        2     0.250001000  4242  G RAM 16 + 8 [reada]\n"
       "  8,0    0        3     0.260001000  4242  Q FN [reada]\n"
       "  8,0    0        4     0.260001000  4242  Q D 99 + 8 [reada]\n"
       "  8,0    0        5     0.270000000  4242  m N cfq something\n"
       "  8,16   1        1     0.750000000  4242  Q WS 1 + 2 [reada]\n"
       "CPU0 (8,0):\n Reads Queued:           1,        4KiB\n"},
      {"fio",
       "fio version 2 iolog\na.img add\nb.img add\na.img open\na.img wait 100\na.img read 8192 4096\na.img wait 500000\n"
       "b.img write 512 1024\na.img sync 0 0\na.img close\n"},
      {"fio",
       "fio version 3 iolog\n0 a.img add\n3 a.img open\n7 a.img read 8192 4096\n500007 b.img write 512 1024\n"
       "500008 a.img close\n"},
  };
  std::set<std::string> tried;
  for (const auto& text : texts) {
    CAPTURE(text.first);
    tried.insert(text.first);
    const auto requests = read_all(text.second, text.first);
    REQUIRE(requests.size() == 2);
    check(requests[0], 0, 0, 8192, 4096, false);
    check(requests[1], 0.5, 1, 512, 1024, true);
  }
  CHECK(tried == std::set<std::string>(trace_format_names().begin(), trace_format_names().end()));
}

TEST_CASE("trace input: the table finds each format by its own name") {
  std::set<std::string> names;
  for (const TraceFormat* format : trace_formats()) {
    CAPTURE(format->name);
    CHECK(names.insert(format->name).second);
    CHECK(trace_format(format->name) == format);
    CHECK(format->sentence.ends_with("."));
  }
  CHECK(trace_format("msrc") == nullptr);
}

TEST_CASE("trace input: headings, byte order marks, blank lines and letters of any size") {
  const std::pair<std::string, std::string> texts[] = {
      {"msr", "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime\n1,web,0,read,0,4096,3\n\n2,web,0,WRITE,0,512,3\n"},
      {"tencent", "\xef\xbb\xbfTimestamp,Offset,Size,IOType,VolumeID\r\n1,16,8,0,7\r\n \r\n2,8,1,1,7\r\n"},
      {"alibaba", "\n\ndevice_id,opcode,offset,length,timestamp\n3,r,8192,4096,1\n3,w,0,512,2"},
      {"spc", "\"ASU\",\"LBA\",\"Size\",\"Opcode\",\"Timestamp\"\n0,16,4096,R,0.1\n0,16,512,w,0.2\n"},
      {"disksim", "\xef\xbb\xbf" "0.0 0 4096 8 0x1\n5.0 0 8192 1 0X0\n"},
      {"fio", "\nfio version 2 iolog\n\na read 0 4096\na write 0 512\n"},
      {"fiu", "1 1 p 16 8 r 6 0 m\n\n2 1 p 16 1 w 6 0 m\n"},
  };
  for (const auto& [format, text] : texts) {
    CAPTURE(format);
    const auto requests = read_all(text, format);
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].bytes == 4096);
    CHECK_FALSE(requests[0].write);
    CHECK(requests[1].bytes == 512);
    CHECK(requests[1].write);
  }
}

TEST_CASE("trace input: published as .bz2") {
  std::string packed(1000, '\0'), text = "0,8,4096,R,0.1\n0,40,8192,w,0.2\n";
  auto bytes = static_cast<unsigned>(packed.size());
  REQUIRE(BZ2_bzBuffToBuffCompress(packed.data(), &bytes, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0) ==
          BZ_OK);
  const auto requests = read_all(std::string_view(packed).substr(0, bytes), "spc");
  REQUIRE(requests.size() == 2);
  check(requests[0], 0, 0, 8 * 512, 4096, false);
  check(requests[1], 0.1, 0, 40 * 512, 8192, true);
}

TEST_CASE("trace input: blkparse's requests are known by their operation") {
  const auto bytes = [](const std::string& rwbs) {
    const auto requests = read_all("8,0 0 1 0.1 1 Q R 0 + 8 [c]\n8,0 0 2 0.2 1 Q " + rwbs + " 8 + 2 [c]\n", "blkparse");
    return requests.size() == 1 ? 0 : requests[1].write ? -static_cast<int>(requests[1].bytes) : static_cast<int>(requests[1].bytes);
  };
  for (const char* read : {"R", "RA", "RSM", "RF", "FR"}) CHECK_MESSAGE(bytes(read) == 1024, read);
  for (const char* write : {"W", "WS", "WFS", "FWFSM", "FW", "ZA", "ZAS", "WSM"}) CHECK_MESSAGE(bytes(write) == -1024, write);
  for (const char* none : {"WZ", "WZS", "WZFS", "D", "DS", "DE", "F", "FF", "FN", "N", "ZR", "ZRA", "ZF", "ZO", "ZC", "FD"})
    CHECK_MESSAGE(bytes(none) == 0, none);
}

TEST_CASE("trace input: a trace without a request says what it lacks") {
  CHECK(complaint("", "spc") == "t: expected a trace with a request, found none");
  CHECK(complaint("ASU,LBA,Size,Opcode,Timestamp\n", "spc") == "t: expected a trace with a request, found none");
}

TEST_CASE("trace input: blkparse without what was queued says what is there, and takes what was issued") {
  const std::string text =
      "8,0 1 1 0.000 100 D WS 0 + 8 [app]\n8,0 1 2 0.004 0 C WS 0 + 8 [0]\n8,0 1 3 0.010 100 D R 2048 + 8 [app]\n"
      "8,0 1 4 0.014 0 C R 2048 + 8 [0]\n8,0 1 5 0.020 100 D FN [app]\n";
  CHECK(complaint(text, "blkparse") ==
        "t: expected requests with data that were queued (action Q), found 0 Q with data, 0 without, 2 D with data, 1 "
        "without, 2 lines of other actions; action D takes what was issued");
  const auto issued = read_all(text, "blkparse", {.action = "D"});
  REQUIRE(issued.size() == 2);
  check(issued[0], 0, 0, 0, 4096, true);
  check(issued[1], 0.01, 0, 2048 * 512, 4096, false);
  // Of both, what is asked for, and nothing is counted twice.
  const std::string both = "8,0 1 1 0.000 100 Q R 0 + 8 [app]\n8,0 1 2 0.001 100 D R 0 + 16 [app]\n";
  CHECK(read_all(both, "blkparse")[0].bytes == 4096);
  CHECK(read_all(both, "blkparse", {.action = "Q"}).size() == 1);
  CHECK(read_all(both, "blkparse", {.action = "D"})[0].bytes == 8192);
  const std::string queued = "8,0 1 1 0.0 100 Q R 0 + 8 [app]\n";
  const std::string error = testing::error_of([&] { read_all(queued, "blkparse", {.action = "D"}); });
  CHECK(error.find("that were issued (action D)") != std::string::npos);
  CHECK(error.find("1 Q with data") != std::string::npos);
  CHECK(error.ends_with("; action Q takes what was queued"));
}

TEST_CASE("trace input: an action that a format has not") {
  const auto error = [](const std::string& format, const std::string& action) {
    return testing::error_of([&] { check_trace_action(*trace_format(format), action, "--action"); });
  };
  CHECK(error("blkparse", "D") == "");
  CHECK(error("msr", "") == "");
  CHECK(error("blkparse", "issue") == "--action: expected an action, found \"issue\"; known are Q, D");
  CHECK(error("msr", "D") == "--action: expected no action: msr has none, found \"D\"");
}

TEST_CASE("trace input: one trace a file") {
  const std::string event = "  8,0    0        1     0.250000000  4242  Q R 16 + 8 [reada]\n";
  const std::string summary =
      "CPU0 (8,0):\n Reads Queued:           1,        4KiB\t Writes Queued:           0,        0KiB\n\n"
      "Throughput (R/W): 4KiB/s / 0KiB/s\nEvents (8,0): 1 entries\nSkips: 0 forward (0 -   0.0%)\n";
  CHECK(read_all(event + summary + "Total (8,0):\n Reads Queued: 1, 4KiB\n", "blkparse").size() == 1);
  CHECK(complaint(event + summary + event, "blkparse") ==
        "t: line 8: expected one trace a file, found the beginning of another");
  const std::string spc = "ASU,LBA,Size,Opcode,Timestamp\n0,16,4096,R,0.1\n";
  CHECK(complaint(spc + spc, "spc") == "t: line 3: expected one trace a file, found the beginning of another");
  const std::string fio = "fio version 2 iolog\na read 0 4096\n";
  CHECK(complaint(fio + fio, "fio") == "t: line 3: expected one trace a file, found the beginning of another");
}

TEST_CASE("trace input: fields that are empty") {
  CHECK(complaint("1,,0,Read,8192,4096,1\n", "msr") == "t: line 1: expected a host's name, found \"\"");
  CHECK(complaint("1,a,,Read,8192,4096,1\n", "msr") == "t: line 1: expected a disk's number, found \"\"");
  CHECK(complaint(",R,0,4096,1\n", "alibaba") == "t: line 1: expected a device, found \"\"");
  CHECK(complaint("1,0,8,0,\n", "tencent") == "t: line 1: expected a volume, found \"\"");
  CHECK(complaint(",16,4096,R,0.1\n", "spc") == "t: line 1: expected an ASU, found \"\"");
}

TEST_CASE("trace input: a line that does not fit is named") {
  CHECK(complaint("1,usr,0,Read,0,512,1\n2,usr,0,Raed,0,512,1\n", "msr") ==
        "t: line 2: expected Read or Write, found \"Raed\"");
  CHECK(complaint("1,R,x,512,1\n", "alibaba") == "t: line 1: expected an offset in bytes, a whole number, found \"x\"");
  CHECK(complaint("1,R\n", "alibaba") == "t: line 1: expected device_id,opcode,offset,length,timestamp, found 2 fields");
  CHECK(complaint("nan,1,1,0,1\n", "tencent").find("a timestamp in seconds") != std::string::npos);
  CHECK(complaint("1,36893488147419103,1,0,1\n", "tencent").find("within 2^64 bytes") != std::string::npos);
  CHECK(complaint("1,R,18446744073709551615,512,1\n", "alibaba").find("ends below 2^64") != std::string::npos);
  CHECK(complaint("1,R,0,4294967296,1\n", "alibaba").find("less than 2 GiB") != std::string::npos);
  CHECK(complaint("0 a.img read 0 512\n", "fio").find("\"fio version 2 iolog\"") != std::string::npos);
  CHECK(complaint("fio version 3 iolog\n0 a.img reed 0 512\n", "fio").find("line 2") != std::string::npos);
  CHECK(complaint("8,0 0 1 0.25 1 Q R x + 8 [c]\n", "blkparse").find("a sector") != std::string::npos);
  CHECK(complaint("-1 0 16 8 1\n", "disksim").find("not negative") != std::string::npos);
}

TEST_CASE("trace input: a time that goes back is an error, or counts as the one before") {
  const std::string text = "1,R,0,512,2000000\n1,R,0,512,1000000\n1,R,0,512,3000000\n";
  CHECK(complaint(text, "alibaba") ==
        "t: line 2: expected a time that is not before that of the last request, 2 s, found 1 s");
  const auto clamped = read_all(text, "alibaba", {.clamp_times = true});
  REQUIRE(clamped.size() == 3);
  CHECK(clamped[1].time_s == 0);
  CHECK(clamped[2].time_s == testing::approx(1));
}

TEST_CASE("trace input: samples that the real fio and blkparse take") {
  const auto samples = testing::source_directory() / "models/trace_input/testdata";
  for (const auto& sample : {std::pair{"iolog_v2.txt", "fio"}, {"iolog_v3.txt", "fio"}, {"blkparse.txt", "blkparse"}}) {
    CAPTURE(sample.first);
    const auto trace = open_trace(samples / sample.first, *trace_format(sample.second));
    std::size_t requests = 0;
    while (const auto request = trace->next()) {
      CHECK(request->device < 2);
      CHECK(request->bytes == 16384);
      ++requests;
    }
    CHECK(requests > 5);
  }
}
