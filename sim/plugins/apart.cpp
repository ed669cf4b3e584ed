// See apart.h.
#include "sim/plugins/apart.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <system_error>

namespace headway {

namespace {

constexpr char end_mark = '\x04';  // an exit() in the middle of the work says no such

void write_all(int out, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(out, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(1);  // nobody listens any more
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void be_child(const std::function<void(const Say&)>& work, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  for (const int end : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) ::signal(end, SIG_DFL);  // whoever handles them here
  work([out](std::string_view text) { write_all(out, text); });
  std::cout.flush();
  std::fflush(stdout);
  write_all(out, std::string_view(&end_mark, 1));
  ::_exit(0);
}

// Reads until the other end is closed; false where that takes too long.
bool hear_out(int in, double patience_s, std::string& heard) {
  while (true) {
    pollfd polled{in, POLLIN, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(patience_s * 1000));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char buffer[65536];
    const ssize_t got = ::read(in, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    heard.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string Apart::how_it_ended(double patience_s) const {
  if (!in_time) return fmt::format("by nothing within {} s", patience_s);
  if (WIFSIGNALED(status)) return fmt::format("by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("with code {}", WEXITSTATUS(status));
}

Apart run_apart(const std::function<void(const Say&)>& work, double patience_s) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "a pipe to a process");
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "a process");
  if (child == 0) {
    ::close(ends[0]);
    be_child(work, ends[1]);
  }
  ::close(ends[1]);
  Apart apart;
  apart.in_time = hear_out(ends[0], patience_s, apart.said);
  ::close(ends[0]);
  if (!apart.in_time) ::kill(child, SIGKILL);
  while (::waitpid(child, &apart.status, 0) < 0 && errno == EINTR) {
  }
  apart.done = apart.said.ends_with(end_mark);
  if (apart.done) apart.said.pop_back();
  return apart;
}

}  // namespace headway
