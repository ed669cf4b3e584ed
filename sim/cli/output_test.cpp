#include "sim/cli/output.h"

#include <doctest/doctest.h>

#include <iterator>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("a verb's output is there whole or not at all, and one that cannot be written is the user's to mend") {
  const TemporaryDirectory directory;
  write_output_text(directory / "reads.csv", "old");
  CHECK_THROWS_AS(write_output(directory / "reads.csv",
                               [](const std::filesystem::path& part) {
                                 write_bytes(part, "half");
                                 throw std::runtime_error("full");
                               }),
                  std::runtime_error);
  CHECK(bytes_of(directory / "reads.csv") == "old");
  write_output_text(directory / "reads.csv", "new");
  CHECK(bytes_of(directory / "reads.csv") == "new");
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
  CHECK(error_of([&] {
          write_output(directory / "reads.csv",
                       [](const std::filesystem::path& part) { throw InputError(part.string(), "", "room", "none"); });
        }) == (directory / "reads.csv").string() + ": expected room, found none");
  const auto odd = directory / "a\x1b";
  std::filesystem::create_directory(odd);
  CHECK(error_of([&] {
          write_output(odd / "x",
                       [](const std::filesystem::path& part) { throw InputError(part.string(), "", "room", "none"); });
        }) == (directory / "a\\x1b" / "x").string() + ": expected room, found none");
  const auto nowhere = directory / "no/reads.csv";
  CHECK(error_of([&] { write_output_text(nowhere, "x"); }) ==
        nowhere.string() + ": expected a file that can be written, found No such file or directory");
}
