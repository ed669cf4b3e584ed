#include "sim/jobs/jobs.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "sim/jobs/shared.h"

namespace headway {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

RunProgress unwatched;
RunProgress* progress = &unwatched;

// The children's progress, a record a job, where all processes see it.
class ProgressBoard {
 public:
  explicit ProgressBoard(std::size_t jobs) : jobs_(jobs), records_(jobs) {}

  RunProgress& operator[](std::size_t job) { return records_[job]; }

  // `running` are the jobs that have begun and not ended.
  ProgressState state(const std::vector<std::size_t>& running, std::size_t done, double wall_s) const {
    ProgressState state{.runs_done = done, .runs = jobs_, .wall_s = wall_s};
    double shares = static_cast<double>(done);
    for (std::size_t job = 0; job < jobs_; ++job) state.reads += records_[job].reads.load(std::memory_order_relaxed);
    for (const std::size_t job : running) {
      state.simulated_s = std::max(state.simulated_s, records_[job].simulated_s.load(std::memory_order_relaxed));
      shares += std::min(records_[job].share.load(std::memory_order_relaxed), 1.0);
    }
    state.fraction = shares / static_cast<double>(jobs_);
    return state;
  }

 private:
  std::size_t jobs_;
  Shared<RunProgress> records_;
};

RunResult failed_run(const Job& job, std::string why) {
  RunResult run;
  run.policy = job.policy;
  run.seed = job.seed;
  run.status = "failed";
  run.message = std::move(why);
  return run;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the parent is gone; nobody is left to tell
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// What a child says on its standard error, kept in memory: libraries that give up (SimGrid without memory for an actor,
// an exception that nobody caught) say why there, and abort.
class LastWords {
 public:
  LastWords() : file_(::memfd_create("headway run", MFD_CLOEXEC)) {}  // none: they go where ours go
  LastWords(LastWords&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  LastWords& operator=(LastWords&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~LastWords() {
    if (file_ >= 0) ::close(file_);
  }

  void listen() const {
    if (file_ >= 0) ::dup2(file_, STDERR_FILENO);
  }
  std::string text() const {
    std::string text(most_bytes, '\0');
    const off_t end = file_ >= 0 ? ::lseek(file_, 0, SEEK_END) : 0;
    const ssize_t got = end > 0 ? ::pread(file_, text.data(), text.size(), std::max<off_t>(0, end - most_bytes)) : 0;
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  static constexpr off_t most_bytes = 16384;
  int file_;
};

// The last line that says something, behind a colon; empty where there is none. SimGrid says where it was after that.
std::string reason_in(std::string_view said) {
  said = said.substr(0, said.find("\nBacktrace"));
  const std::size_t end = said.find_last_not_of(" \n");
  if (end == std::string_view::npos) return "";
  const std::size_t begin = said.rfind('\n', end);
  return fmt::format(": {}", said.substr(begin == std::string_view::npos ? 0 : begin + 1, end - begin));
}

// What the child does: never returns, runs no destructor of the parent's objects.
[[noreturn]] void be_child(const Job& job, int out, pid_t parent, const LastWords& words) {
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  words.listen();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);     // nobody would take the result
  if (::getppid() != parent) ::_exit(1);  // gone before that
  const auto begin = Clock::now();
  RunResult run;
  bool lost = false;
  try {
    run = job.work();
  } catch (const std::bad_alloc&) {
    run = failed_run(job, "out of memory");
    lost = true;
  } catch (const std::exception& error) {
    run = failed_run(job, error.what());
    lost = true;
  }
  const std::chrono::duration<double> wall = Clock::now() - begin;
  const Json answer{{"run", to_json(run)}, {"wall_s", wall.count()}, {"lost", lost}};
  write_all(out, answer.dump(-1, ' ', false, Json::error_handler_t::replace));
  ::close(out);
  ::_exit(0);
}

struct Child {
  std::size_t job = 0;
  pid_t pid = -1;
  int in = -1;
  std::string text;
  LastWords words;
  Clock::time_point begin = Clock::now();
  bool late = false;  // and therefore killed
};

class Pool {
 public:
  Pool(const std::vector<Job>& jobs, double timeout_s)
      : jobs_(jobs), timeout_s_(timeout_s), results_(jobs.size()), board_(jobs.size()) {}

  std::vector<JobResult> run(unsigned at_once, const std::function<void(const ProgressState&)>& watch) {
    std::size_t next = 0;
    std::size_t done = 0;
    while (done < jobs_.size()) {
      while (children_.size() < at_once && next < jobs_.size()) start(next++);
      wait_for_output();
      end_late_ones();
      for (std::size_t i = 0; i < children_.size();) {
        if (children_[i].in >= 0) {
          ++i;
          continue;
        }
        const std::size_t job = children_[i].job;
        reap(children_[i]);
        children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
        if (jobs_[job].after) jobs_[job].after(results_[job]);
        ++done;
      }
      watch(state(done));
    }
    return std::move(results_);
  }

 private:
  void start(std::size_t job) {
    if (jobs_[job].before) jobs_[job].before();
    int ends[2];
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "a pipe to a run's process");
    std::fflush(nullptr);
    LastWords words;
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw std::system_error(errno, std::generic_category(), "a process for a run");
    if (pid == 0) {
      ::close(ends[0]);
      progress = &board_[job];
      be_child(jobs_[job], ends[1], parent, words);
    }
    ::close(ends[1]);
    children_.push_back({.job = job, .pid = pid, .in = ends[0], .text = {}, .words = std::move(words)});
  }

  ProgressState state(std::size_t done) const {
    std::vector<std::size_t> running;
    for (const Child& child : children_) running.push_back(child.job);
    return board_.state(running, done, std::chrono::duration<double>(Clock::now() - begin_).count());
  }

  // Or for the time at which somebody may want to see how far the runs are.
  void wait_for_output() {
    constexpr int patience_ms = 200;
    std::vector<pollfd> polled;
    for (const auto& child : children_) polled.push_back({child.in, POLLIN, 0});
    if (::poll(polled.data(), polled.size(), patience_ms) < 0) {
      if (errno == EINTR) return;
      throw std::system_error(errno, std::generic_category(), "waiting for runs");
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t got = ::read(children_[i].in, buffer, sizeof buffer);
      if (got > 0) {
        children_[i].text.append(buffer, static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        ::close(children_[i].in);
        children_[i].in = -1;
      }
    }
  }

  void end_late_ones() {
    for (Child& child : children_) {
      const std::chrono::duration<double> so_far = Clock::now() - child.begin;
      if (child.late || child.in < 0 || so_far.count() <= timeout_s_) continue;
      child.late = true;
      ::kill(child.pid, SIGKILL);
    }
  }

  void reap(const Child& child) {
    int status = 0;
    rusage usage{};
    while (::wait4(child.pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    const Job& job = jobs_[child.job];
    JobResult& result = results_[child.job];
    result.lost = true;
    if (child.late) {
      result.run = failed_run(job, fmt::format("it took longer than {} s and was ended", timeout_s_));
    } else if (WIFSIGNALED(status)) {
      const int signal = WTERMSIG(status);
      result.run = failed_run(
          job, fmt::format("the run's process was ended by signal {} ({}{}){}", signal, ::strsignal(signal),
                           signal == SIGKILL ? ", as by a kernel out of memory" : "", reason_in(child.words.text())));
    } else if (Json::accept(child.text)) {
      const JsonNode answer = JsonNode::parse(child.text, "a run's process");
      result.run = run_from_json(answer.at("run"));
      result.timing.wall_s = answer.at("wall_s").not_negative();
      result.lost = answer.at("lost").boolean();
    } else {
      const std::string said = child.words.text();
      std::fputs(said.c_str(), stderr);  // a sanitizer's report
      result.run = failed_run(job, fmt::format("the run's process ended with code {} and no result{}",
                                               WIFEXITED(status) ? WEXITSTATUS(status) : -1, reason_in(said)));
    }
    result.timing.policy = job.policy;
    result.timing.seed = job.seed;
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    result.timing.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.timing.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    const double reads = result.run.metrics[MetricId::reads];
    if (!result.run.failed() && result.timing.wall_s > 0) result.timing.reads_per_wall_s = reads / result.timing.wall_s;
  }

  const std::vector<Job>& jobs_;
  const double timeout_s_;
  std::vector<JobResult> results_;
  std::vector<Child> children_;
  ProgressBoard board_;
  const Clock::time_point begin_ = Clock::now();
};

}  // namespace

RunProgress& progress_of_this_process() { return *progress; }

std::vector<JobResult> run_jobs(const std::vector<Job>& jobs, unsigned at_once,
                                const std::function<void(const ProgressState&)>& watch, double timeout_s) {
  return Pool(jobs, timeout_s).run(at_once, watch);
}

}  // namespace headway
