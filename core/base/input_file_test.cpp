#include "core/base/input_file.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("what hinders reading is said in one way") {
  const TemporaryDirectory scratch;
  const auto file = scratch / "a.txt";
  const auto error = [&] { return error_of([&] { read_text_file(file, "a table", 3 << 20); }); };
  CHECK(error() == file.string() + ": expected a table, found no such file");
  CHECK(why_unreadable(scratch.path()) == "a directory");
  write_bytes(file, "");
  CHECK(error() == file.string() + ": expected a table, found an empty file");
  write_bytes(file, std::string(5 << 20, 'a'));
  CHECK(error() == file.string() + ": expected a table, found one of more than 3 MiB");
  write_bytes(file, std::string((2 << 20) + 1, 'a'));
  CHECK(read_text_file(file, "a table").size() == (2 << 20) + 1);
  std::filesystem::permissions(file, std::filesystem::perms::none);
  if (::geteuid() != 0) CHECK(error() == file.string() + ": expected a table, found Permission denied");
  CHECK(why_unreadable(file / "b") == "Not a directory");
}

TEST_CASE("what is no text is called by its name") {
  CHECK(not_text("{\"a\": 1}").empty());
  CHECK(not_text("\xef\xbb\xbf{}").empty());
  CHECK(not_text("\x89PNG\r\n\x1a\n") == "a PNG image");
  CHECK(not_text("\x89HDF\r\n\x1a\n") == "an HDF5 file");
  CHECK(not_text(std::string_view("{\0\"\0", 4)) == "text in UTF-16");
  CHECK(not_text(std::string_view("ab\0", 3)) == "binary data");
}
