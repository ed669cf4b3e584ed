// See terminal.h.
#include "results/tables/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/base/letters.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

std::string minutes(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(std::max(seconds, 0.0)));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

bool is_terminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

std::size_t terminal_columns(std::FILE* stream) {
  winsize size{};
  return ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool colour_wanted(std::FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return is_terminal(stream);
}

std::string sparkline(std::span<const double> values, std::size_t width) {
  static constexpr std::array<const char*, 8> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::size_t letters = std::min(width, values.size());
  std::vector<double> means;
  for (std::size_t i = 0; i < letters; ++i) {
    const std::size_t from = i * values.size() / letters, to = (i + 1) * values.size() / letters;
    double sum = 0;
    for (std::size_t k = from; k < to; ++k) sum += std::isfinite(values[k]) ? values[k] : 0;
    means.push_back(sum / static_cast<double>(to - from));
  }
  const double most = means.empty() ? 0 : *std::ranges::max_element(means);
  std::string out;
  for (const double mean : means) {
    const double part = most > 0 ? std::clamp(mean / most, 0.0, 1.0) : 0;
    out += blocks[static_cast<std::size_t>(std::lround(part * (blocks.size() - 1)))];
  }
  return out;
}

std::string progress_line(const ProgressState& state, std::size_t columns) {
  std::vector<std::string> parts = {fmt::format("{}/{} runs", state.runs_done, state.runs),
                                    fmt::format("{} s simulated", figure_text(state.simulated_s, false)),
                                    fmt::format("{} reads", figure_text(static_cast<double>(state.reads), true))};
  if (state.wall_s > 0) {
    parts.push_back(fmt::format("{} reads/s", figure_text(static_cast<double>(state.reads) / state.wall_s, true)));
  }
  if (state.fraction > 0 && state.fraction <= 1) {
    parts.push_back(fmt::format("{} left", minutes(state.wall_s / state.fraction * (1 - state.fraction))));
  }
  std::string line;
  for (const std::string& part : parts) {
    if (display_width(line) + 2 + part.size() > columns) break;
    line += line.empty() ? part : "  " + part;
  }
  return line;
}

std::string share_line(std::string_view what, double share, double wall_s) {
  std::string line = fmt::format("{}  {:.0f} %", what, 100 * share);
  if (share > 0 && share <= 1) line += fmt::format("  {} left", minutes(wall_s / share * (1 - share)));
  return line;
}

StatusLine::StatusLine(std::FILE* stream) : stream_(stream), terminal_(is_terminal(stream)) {}

bool StatusLine::due(double wall_s) const {
  constexpr double first_s = 1, least_gap_s = 0.1;
  return terminal_ && wall_s >= first_s && (!shown_ || wall_s - shown_at_s_ >= least_gap_s);
}

void StatusLine::show(const std::string& line, double wall_s) {
  fmt::print(stream_, "\r\x1b[K{}", line);
  std::fflush(stream_);
  shown_ = true;
  shown_at_s_ = wall_s;
}

void StatusLine::clear() {
  if (!shown_) return;
  fmt::print(stream_, "\r\x1b[K");
  std::fflush(stream_);
  shown_ = false;
}

std::size_t StatusLine::columns() const { return terminal_columns(stream_) - 1; }

}  // namespace headway
