#include "core/base/scratch.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <set>

#include "core/base/testing/files.h"
#include "core/base/whole_file.h"

using namespace headway;
using namespace headway::testing;

namespace {

// In a process of its own, which the directories are new to; it is killed at the work's end, or before.
void in_killed_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
}

std::set<std::string> names_in(const std::filesystem::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

}  // namespace

TEST_CASE("what a killed writer leaves goes with the next file in that directory, and nothing else does") {
  const TemporaryDirectory directory;
  for (const char* mine : {"a.txt", ".a.4711.txt", ".headway-notes.txt", ".headway-0123456789-1-0.txt", "headway-x"})
    directory.write(mine, "mine");
  const auto mine = names_in(directory.path());
  for (const char* target : {"a.txt", "b.h5", "c"}) {
    in_killed_process([&] {
      write_whole(directory / target, [](const std::filesystem::path& part) {
        write_bytes(part, "half");
        ::kill(::getpid(), SIGKILL);
      });
    });
  }
  CHECK(names_in(directory.path()).size() == mine.size() + 1);  // each has cleared what the one before it left
  in_killed_process([&] { write_whole_text(directory / "a.txt", "whole"); });
  CHECK(names_in(directory.path()) == mine);
  CHECK(bytes_of(directory / "a.txt") == "whole");
}

TEST_CASE("what a living process is at stays, and what another machine has written to this week") {
  const TemporaryDirectory directory;
  const auto same = directory.path() / ".";  // another place to this process, which the other is forked from
  const auto ours = scratch_file(same, ".txt");
  write_bytes(ours, "ours");
  CHECK(scratch_file(same, ".txt") != ours);
  directory.write(".headway-00000000-1-0.txt", "another machine's");
  const auto old = directory.write(".headway-00000000-1-1.txt", "another machine's, long ago");
  const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, old.c_str(), long_ago, 0) == 0);
  in_killed_process([&] { scratch_file(directory.path(), ".txt"); });
  CHECK(names_in(directory.path()) == std::set<std::string>{ours.filename(), ".headway-00000000-1-0.txt"});
}

TEST_CASE("a directory for the while goes with its object, or with the next process") {
  const TemporaryDirectory directory;
  ::setenv("TMPDIR", directory.path().c_str(), 1);
  {
    const ScratchDirectory ours;
    write_bytes(ours.path() / "data.txt", "1 2");
    CHECK(names_in(directory.path()).size() == 1);
  }
  CHECK(names_in(directory.path()).empty());
  in_killed_process([] {
    const ScratchDirectory theirs;
    write_bytes(theirs.path() / "data.txt", "1 2");
    ::kill(::getpid(), SIGKILL);
  });
  CHECK(names_in(directory.path()).size() == 1);
  ::setenv("TMPDIR", (directory.path() / ".").c_str(), 1);  // as above
  in_killed_process([] { const ScratchDirectory next; });
  CHECK(names_in(directory.path()).empty());
  ::unsetenv("TMPDIR");
}

TEST_CASE("a target's name may be as long as names are") {
  const TemporaryDirectory directory;
  std::string longest(251, 'x');
  longest += ".txt";
  write_whole_text(directory / longest, "text");
  CHECK(bytes_of(directory / longest) == "text");
}
