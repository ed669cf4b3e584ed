// What a terminal is shown while runs go on, and how much of it: colour and progress only where somebody looks.
#pragma once

#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace headway {

// Whether the stream is a terminal that takes colour; never with NO_COLOR set (https://no-color.org) or TERM=dumb.
bool colour_wanted(std::FILE* stream);

bool is_terminal(std::FILE* stream);
// How wide it is; 80 where nobody knows.
std::size_t terminal_columns(std::FILE* stream);

// The course of some values in `width` block letters, low to high from 0 to their maximum; each letter is the mean of
// what it stands for. Empty without values.
std::string sparkline(std::span<const double> values, std::size_t width);

// How far several runs are.
struct ProgressState {
  std::size_t runs_done = 0, runs = 0;
  double simulated_s = 0;   // of the runs going on, the furthest
  std::uint64_t reads = 0;  // ended, in all runs
  double wall_s = 0;
  double fraction = std::numeric_limits<double>::quiet_NaN();  // of all the work, where known: gives the time left
};

// One line of at most `columns`: "2/6 runs  12.4 s simulated  1,204,332 reads  410,000 reads/s  0:07 left".
std::string progress_line(const ProgressState& state, std::size_t columns);

// The same of one long piece of work of which the share is known: "growing  42 %  0:07 left".
std::string share_line(std::string_view what, double share, double wall_s);

// A line on a terminal that is written over, at most ten times a second and not in the first second of `wall_s`.
// Elsewhere it does nothing. Whoever prints something else calls clear() first.
class StatusLine {
 public:
  explicit StatusLine(std::FILE* stream);
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  bool due(double wall_s) const;
  void show(const std::string& line, double wall_s);
  void clear();
  std::size_t columns() const;  // that a line may take

 private:
  std::FILE* stream_;
  bool terminal_;
  bool shown_ = false;
  double shown_at_s_ = 0;
};

class Progress {
 public:
  explicit Progress(std::FILE* stream) : line_(stream) {}

  void update(const ProgressState& state) {
    if (line_.due(state.wall_s)) line_.show(progress_line(state, line_.columns()), state.wall_s);
  }
  void clear() { line_.clear(); }

 private:
  StatusLine line_;
};

}  // namespace headway
