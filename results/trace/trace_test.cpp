#include "results/trace/trace.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <random>

#include "core/base/error.h"
#include "core/base/testing/errors.h"
#include "results/testing/test_support.h"
#include "results/trace/recorder.h"
#include "results/trace/trace_columns.h"
#include "results/trace/traced_reads.h"

using namespace headway;
using namespace headway::testing;

// HDF5 loses memory of its own when it gives up on a damaged file.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace {

TraceHeader header() { return {"aged", "reada-2011", 7, {{1, 1 << 30}, {2, 2u << 30}}}; }

// Rows with every kind of content: all events, extremes, noise.
TraceRow row_number(std::uint64_t i) {
  std::mt19937_64 random(i);
  TraceRow row;
  row.time_s = static_cast<double>(i) * 1e-3 + static_cast<double>(random() % 1000) * 1e-7;
  row.event = static_cast<TraceEvent>(i % trace_event_count);
  row.device = 1 + random() % 2;
  row.logical = random();
  row.physical = random() & ~std::uint64_t{4095};
  if (i % 3 == 0) row.handle = static_cast<HandleId>(random());
  if (i % 5 == 0) row.tree = random();
  if (i % 2 == 0) row.error = i % 4 == 0 ? 5 : 0;
  if (i % 2 == 0) row.queue_s = 1.0 / static_cast<double>(i + 1);
  row.seek_s = std::ldexp(1.0, -static_cast<int>(i % 1000));
  row.bytes = 16384;
  row.mirror = static_cast<std::uint8_t>(1 + i % 4);
  row.level = static_cast<std::uint8_t>(i % 8);
  return row;
}

void write(const std::filesystem::path& path, std::uint64_t rows) {
  TraceWriter writer(path, header());
  for (std::uint64_t i = 0; i < rows; ++i) writer.append(row_number(i));
  writer.close();
}

void check_same(const TraceRow& a, const TraceRow& b) {
  // As CSV, every bit of a number shows.
  CHECK(trace_csv_row(0, a) == trace_csv_row(0, b));
  CHECK(a.event == b.event);
}

std::string thrown_by(const std::filesystem::path& path) {
  try {
    read_trace(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("what is written is read back, row for row, over several chunks") {
  const TemporaryDirectory directory;
  for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{16384}, std::uint64_t{40001}}) {
    write(directory / "a.trace.h5", count);
    const auto rows = read_trace(directory / "a.trace.h5");
    REQUIRE(rows.size() == count);
    for (std::uint64_t i = 0; i < count; i += 1 + count / 5000) check_same(rows[i], row_number(i));
  }
  const TraceReader reader(directory / "a.trace.h5");
  CHECK(reader.header().scenario == "aged");
  CHECK(reader.header().policy == "reada-2011");
  CHECK(reader.header().seed == 7);
  REQUIRE(reader.header().devices.size() == 2);
  CHECK(reader.header().devices[1].bytes == 2u << 30);
  CHECK(reader.rows() == 40001);
}

TEST_CASE("the same rows give the same bytes, and nothing else stays in the directory") {
  const TemporaryDirectory directory;
  write(directory / "a.trace.h5", 20000);
  ::sleep(1);  // so that a time in the file would differ
  write(directory / "b.trace.h5", 20000);
  CHECK(bytes_of(directory / "a.trace.h5") == bytes_of(directory / "b.trace.h5"));
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 2);
}

TEST_CASE("a trace that is not closed does not appear") {
  const TemporaryDirectory directory;
  {
    TraceWriter writer(directory / "a.trace.h5", header());
    for (std::uint64_t i = 0; i < 20000; ++i) writer.append(row_number(i));
  }
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("truncated, foreign and missing files are refused by name") {
  const TemporaryDirectory directory;
  const auto path = directory / "a.trace.h5";
  CHECK(thrown_by(path).find("no such file") != std::string::npos);
  write(path, 20000);
  const std::string whole = bytes_of(path);
  for (const std::size_t size : {whole.size() - 1, whole.size() / 2, std::size_t{100}, std::size_t{0}}) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    const std::string text = thrown_by(path);
    CHECK_MESSAGE(text.find("a.trace.h5: expected a trace that can be opened, found ") != std::string::npos, text);
  }
  std::ofstream(path) << "seq,time_s\n";
  CHECK(thrown_by(path).find("not HDF5") != std::string::npos);
}

TEST_CASE("damage inside is found before rows come out wrong in kind") {
  const TemporaryDirectory directory;
  const auto path = directory / "a.trace.h5";
  write(path, 20000);
  const std::string whole = bytes_of(path);
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 16; ++i)
      damaged[random() % (round < 50 ? 8192 : damaged.size())] ^= static_cast<char>(1 + random() % 255);
    std::ofstream(path, std::ios::binary) << damaged;
    try {
      for (const TraceRow& row : read_trace(path)) REQUIRE(static_cast<std::size_t>(row.event) < trace_event_count);
    } catch (const InputError&) {
      // refused: as good
    }
  }
}

TEST_CASE("a chunk that inflates to less than its size is refused by column") {
  const TemporaryDirectory directory;
  const auto path = directory / "a.trace.h5";
  write(path, 20000);
  {
    const h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    const h5::Handle set(H5Dopen2(file, "logical", H5P_DEFAULT), H5Dclose, "open");
    const std::vector<unsigned char> nothing_deflated{0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01};
    const hsize_t first = 0;
    h5::check(H5Dwrite_chunk(set, H5P_DEFAULT, 0, &first, nothing_deflated.size(), nothing_deflated.data()), "write");
  }
  CHECK(thrown_by(path) == path.string() + ": logical: expected values that can be read, found damaged ones");
}

TEST_CASE("a trace that claims rows it does not hold is refused") {
  const TemporaryDirectory directory;
  const auto path = directory / "a.trace.h5";
  write(path, 20000);
  {
    const h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    const hsize_t rows = hsize_t{1} << 40;
    for_each_trace_column([&](const auto& column, std::size_t) {
      const h5::Handle set(H5Dopen2(file, column.name, H5P_DEFAULT), H5Dclose, "open");
      h5::check(H5Dset_extent(set, &rows), "extend");
    });
  }
  CHECK(thrown_by(path).find("expected a trace of 1099511627776 rows, found ") != std::string::npos);
}

TEST_CASE("a full disk is an error that names the file and leaves nothing") {
  const TemporaryDirectory directory;
  const auto path = directory / "a.trace.h5";
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300000, 300000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write(path, 200000);
    } catch (const std::runtime_error& error) {
      ::_exit(std::strstr(error.what(), "a.trace.h5: File too large") != nullptr ? 0 : 2);
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a directory that is not there is an error that names the file") {
  CHECK_THROWS_AS(TraceWriter("/nowhere/at/all.trace.h5", header()), std::runtime_error);
}

TEST_CASE("each event of the recorder fills the columns that DESIGN gives it, and no other") {
  const TemporaryDirectory directory;
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 4);
  const Read read = read_of(volume, forest, 1, 2);
  TraceWriter writer(directory / "a.trace.h5", header());
  Recorder recorder(volume, forest, &writer);
  recorder.add(0, 0, 256);
  recorder.cached(0, 0);
  recorder.zone(0, 1, 1 << 30);
  recorder.issue(0.5, read);
  recorder.hit(0.5, read);
  recorder.complete(0.51, read, 0, {0.001, 0.002, 0.003, 0.004}, 0.5);
  recorder.evict(0.6, 1);
  recorder.finish(0.7, 0);
  recorder.detach(0.1 + 0.7, 0);
  writer.close();

  TraceReader reader(directory / "a.trace.h5");
  write_trace_csv(reader, directory / "a.csv");
  CHECK(bytes_of(directory / "a.csv") ==
        "seq,time_s,event,handle,tree,device,mirror,logical,physical,bytes,level,error,queue_s,seek_s,rotation_s,"
        "transfer_s\n"
        "0,0,add,0,256,,,,,,,,,,,\n"
        "1,0,cached,,,,,1073741824,,16384,0,,,,,\n"
        "2,0,zone,,,2,,1073741824,,,,,,,,\n"
        "3,0.5,issue,,,2,2,1073758208,134234112,16384,0,,,,,\n"
        "4,0.5,hit,,,2,2,1073758208,134234112,16384,0,,,,,\n"
        "5,0.51,complete,,,2,2,1073758208,134234112,16384,0,0,0.001,0.002,0.003,0.004\n"
        "6,0.6,evict,,,,,1073758208,,16384,0,,,,,\n"
        "7,0.7,finish,0,,,,,,,,,,,,\n"
        "8,0.7999999999999999,detach,0,,,,,,,,,,,,\n");
}

TEST_CASE("the README has each column of a trace with its unit") {
  const std::string readme = bytes_of(source_directory() / "results/README.md");
  for_each_trace_column([&](const auto& column, std::size_t) {
    CHECK_MESSAGE(readme.find(fmt::format("| `{}` | {} |", column.name, column.unit)) != std::string::npos,
                  std::string(column.name));
  });
}

TEST_CASE("a policy's name becomes a file name without leaving the directory") {
  CHECK(trace_file_name("reada-2011", 1) == "reada-2011.1.trace.h5");
  CHECK(trace_file_name("../a\n", 2) == ".._a_.2.trace.h5");
  CHECK(trace_file_name("先読み", 3) == "先読み.3.trace.h5");
}

TEST_CASE("a trace is not taken for more than it can hold") {
  const TemporaryDirectory directory;
  const auto refused = [&](unsigned rows_alike) {
    const auto path = directory / "claims.h5";
    {
      TraceWriter writer(path, header());
      TraceRow row;
      row.event = TraceEvent::finish;
      for (unsigned i = 0; i < 3'000'000; ++i) {
        row.handle = i / rows_alike;
        writer.append(row);
      }
      writer.close();
    }
    CHECK(std::filesystem::file_size(path) < 150'000);  // for rows that take 140 MB in memory
    return error_of([&] { read_run(path); });
  };
  CHECK(contains(refused(4'000'000), "claims.h5: expected a trace of 3000000 rows, found "));
  CHECK(contains(refused(128), "reads and zones in a file of that size, found more"));
}
