// What an emulated device promises but for the clock: exact dates, however late it is asked; bytes; a log.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "models/drive/library.h"
#include "models/request_log/request_log.h"
#include "sim/emulate/emulation.h"
#include "sim/emulate/served_log.h"

using namespace headway;
using namespace headway::emulate;
using namespace headway::testing;

namespace {

struct Asked {
  double at_s;
  std::uint64_t offset_bytes;
};

// The dates at which a drive ends what it is asked, by tag, where the keeper wakes up to `late_s` after each event.
std::vector<double> ends(const std::vector<Asked>& all, double late_s) {
  const auto drive = make_drive(load_drive("seagate-constellation2-1tb"), {}, 1);
  std::vector<double> found(all.size(), NAN);
  const auto keep = [&](const DriveCompletion& done) { found[done.tag] = done.end_s; };
  std::mt19937_64 random(1);
  double now_s = 0, last_s = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    while (drive->next_event_s() <= all[i].at_s) {
      now_s = std::min(all[i].at_s, drive->next_event_s() + late_s * static_cast<double>(random() % 100) / 100);
      catch_up(*drive, now_s, last_s, keep);
    }
    drive->submit({.tag = i, .offset_bytes = all[i].offset_bytes, .bytes = 4096}, all[i].at_s);
  }
  catch_up(*drive, 1e6, last_s, keep);
  CHECK(last_s == *std::max_element(found.begin(), found.end()));
  return found;
}

std::string complaint(const EmulationOptions& options) {
  try {
    plan_emulation(options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an emulated drive keeps its dates, however late its keeper wakes") {
  std::mt19937_64 random(7);
  std::vector<Asked> all;
  double at_s = 0;
  for (int i = 0; i < 300; ++i) {
    at_s += 1e-5 * static_cast<double>(random() % 1000);
    all.push_back({at_s, random() % 1'000'000 * 4096});
  }
  CHECK(ends(all, 0) == ends(all, 2e-3));
}

TEST_CASE("threads that ask an emulated drive at once are answered when it has ended, not before") {
  RealTimeDrive drive(make_drive(load_drive("constant"), {}, 1), 100, 0);
  std::vector<std::thread> threads;
  std::vector<Served> served(8);
  for (std::size_t i = 0; i < served.size(); ++i)
    threads.emplace_back([&, i] { served[i] = drive.serve(i * 65536, 4096, false); });
  for (auto& thread : threads) thread.join();
  for (const auto& one : served) {
    CHECK(one.end_s > one.arrival_s);
    CHECK(one.answered_s >= one.end_s);
  }
}

TEST_CASE("a lead dates a request back, no farther than the drive's last date") {
  RealTimeDrive drive(make_drive(load_drive("constant"), {}, 1), 1, 1000);
  const Served first = drive.serve(0, 4096, false);
  CHECK(first.arrival_s == 0);
  CHECK(first.end_s < first.answered_s);
  CHECK(drive.serve(1 << 20, 4096, false).arrival_s == first.end_s);
}

TEST_CASE("an image under a layer reads what was written, and the file stays as it was") {
  const TemporaryDirectory directory;
  const auto file = directory / "image";
  std::string text(10'000, '\0');
  std::mt19937_64 random(3);
  for (char& one : text) one = static_cast<char>(random());
  write_bytes(file, text);
  std::string expected = text;
  Image image(file, Writes::discard);
  REQUIRE(image.bytes() == text.size());
  for (int i = 0; i < 200; ++i) {
    const std::size_t offset = random() % text.size();
    const std::size_t bytes = 1 + random() % std::min<std::size_t>(6000, text.size() - offset);
    const std::string piece(bytes, static_cast<char>('a' + i % 26));
    if (i % 3 == 0) {
      image.write(std::as_bytes(std::span(piece)), offset);
      expected.replace(offset, bytes, piece);
    }
    std::string found(bytes, '\0');
    image.read(std::as_writable_bytes(std::span(found)), offset);
    REQUIRE(found == expected.substr(offset, bytes));
  }
  CHECK(bytes_of(file) == text);
  Image kept(file, Writes::keep);
  kept.write(std::as_bytes(std::span("xy", 2)), 5);
  CHECK(bytes_of(file) == text.substr(0, 5) + "xy" + text.substr(7));
}

TEST_CASE("the log of an emulated device is in the order of arrival, and one that replay reads") {
  const TemporaryDirectory directory;
  const auto file = directory / "dev1.csv";
  {
    ServedLog log(file);
    const auto first = log.begin();
    const auto second = log.begin();
    log.end(second, 8192, 512, true, {.arrival_s = 0.002, .end_s = 0.003, .answered_s = 0.0031});
    log.end(first, 4096, 4096, false, {.arrival_s = 0.001, .end_s = 0.011, .answered_s = 0.0112});
  }
  const RequestLog log = load_request_log(file);
  REQUIRE(log.requests.size() == 2);
  CHECK(log.requests[0].offset_bytes == 4096);
  CHECK(log.requests[0].measured_s == doctest::Approx(0.010));
  CHECK_FALSE(log.requests[0].write);
  CHECK(log.requests[1].write);
  CHECK(log.requests[1].bytes == 512);
}

TEST_CASE("what an emulation lacks is said before anything is served") {
  const TemporaryDirectory directory;
  const auto scenario = directory / "two.json";
  write_bytes(scenario, R"({"schema_version": 1, "name": "two", "layout": {"file": "x.h5"},
    "devices": [{"drive": "constant", "count": 2}], "workload": [{"name": "files", "kind": "enumerate", "tree": "256"}],
    "policies": {"walk": {}}})");
  const auto image = directory / "image";
  write_bytes(image, std::string(8192, 'a'));
  const std::string one = "1=" + image.string(), two = "2=" + image.string();
  CHECK(complaint({.scenario = scenario, .images = {one, two}}) == "");
  CHECK(complaint({.scenario = scenario, .images = {one}}) ==
        "--image: expected one for each of 2 devices, found none for device 2");
  CHECK(complaint({.scenario = scenario, .images = {one, one}}) ==
        "--image: expected one image a device, found two for device 1");
  CHECK(complaint({.scenario = scenario, .images = {one, "3=" + image.string()}}) ==
        "--image: expected a device from 1 to 2, as the scenario has them, found 3");
  for (const auto* const word : {"1", "=x", "a=x", "1="})
    CHECK(complaint({.scenario = scenario, .images = {word}}) ==
          fmt::format("--image: expected DEVID=FILE, found \"{}\"", word));
  CHECK(complaint({.scenario = scenario, .images = {one, "2=" + (directory / "none").string()}}).find("No such file") !=
        std::string::npos);
}
