#include "core/base/whole_file.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("a file that fails half-way leaves the old one and no other") {
  const TemporaryDirectory directory;
  write_whole_text(directory / "a.txt", "old");
  CHECK_THROWS_AS(write_whole(directory / "a.txt",
                              [](const std::filesystem::path& part) {
                                std::ofstream(part) << "half";
                                throw std::runtime_error("full");
                              }),
                  std::runtime_error);
  CHECK(bytes_of(directory / "a.txt") == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("a full disk is said to be one") {
  OutputFile file("/dev/full", "out.csv");
  try {
    file.write("text");
    file.close();
    FAIL("/dev/full took it");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::no_space_on_device);
    CHECK(std::string(error.what()) == "cannot write out.csv: No space left on device");
  }
}
