#include "results/tables/terminal.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include "core/base/letters.h"

using namespace headway;

TEST_CASE("a sparkline: block letters from 0 to the maximum") {
  CHECK(sparkline(std::vector<double>{0, 1, 2, 4}, 10) == "▁▃▅█");
  CHECK(sparkline(std::vector<double>{2, 2, 0, 0}, 2) == "█▁");
  CHECK(sparkline({}, 5).empty());
  CHECK(display_width(sparkline(std::vector<double>(1000, 1.0), 16)) == 16);
}

TEST_CASE("progress: one line, cut to the terminal, with the time left where it is known") {
  ProgressState state{2, 6, 12.4, 1204332, 3, 0.3};
  CHECK(progress_line(state, 100) == "2/6 runs  12.40 s simulated  1,204,332 reads  401,444 reads/s  0:07 left");
  CHECK(progress_line(state, 30) == "2/6 runs  12.40 s simulated");
  state.fraction = NAN;
  CHECK(progress_line(state, 100).find("left") == std::string::npos);
  CHECK(share_line("growing", 0.25, 3) == "growing  25 %  0:09 left");
  Progress(std::tmpfile()).update(state);  // no terminal: nothing
  CHECK(!colour_wanted(std::tmpfile()));
}
