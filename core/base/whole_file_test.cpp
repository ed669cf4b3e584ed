#include "core/base/whole_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>

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

TEST_CASE("a file that is replaced keeps its mode, and links to it stay links") {
  const TemporaryDirectory directory;
  const auto file = directory / "real/a.txt", link = directory / "link.txt", second = directory / "second.txt";
  std::filesystem::create_directory(directory / "real");
  write_whole_text(file, "old");
  ::chmod(file.c_str(), 0640);
  std::filesystem::create_symlink("real/a.txt", link);
  std::filesystem::create_symlink(link, second);
  write_whole_text(second, "new");
  CHECK(bytes_of(file) == "new");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(std::filesystem::is_symlink(second));
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  CHECK(std::distance(std::filesystem::directory_iterator(directory / "real"), {}) == 1);
}

TEST_CASE("a link to what is not there yet makes it; one in a circle is an error") {
  const TemporaryDirectory directory;
  std::filesystem::create_symlink("later.txt", directory / "link.txt");
  write_whole_text(directory / "link.txt", "new");
  CHECK(bytes_of(directory / "later.txt") == "new");
  CHECK(std::filesystem::is_symlink(directory / "link.txt"));
  std::filesystem::create_symlink("circle.txt", directory / "circle.txt");
  CHECK_THROWS_AS(write_whole_text(directory / "circle.txt", "x"), std::system_error);
}

TEST_CASE("what is no file gets the bytes and stays what it is") {
  const TemporaryDirectory directory;
  const auto fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = bytes_of(fifo); });
  const std::string text(200'000, 'x');  // more than a pipe holds
  write_whole_text(fifo, text);
  reader.join();
  CHECK(read == text);
  CHECK(std::filesystem::is_fifo(fifo));
  const auto node = directory / "null";
  if (::mknod(node.c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0) {  // root only
    const int opened = ::open(node.c_str(), O_WRONLY);
    if (opened >= 0) {  // not so on a file system without devices
      ::close(opened);
      write_whole_text(node, text);
    }
    CHECK(std::filesystem::is_character_file(node));
  }
  try {
    write_whole_text("/dev/full", text);
    FAIL("/dev/full took it");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::no_space_on_device);
  }
  CHECK(std::filesystem::is_character_file("/dev/full"));
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
