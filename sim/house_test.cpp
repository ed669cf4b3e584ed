// The house rules that can be read off the sources: which room may include which, and that each room says what it is.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/base/testing/files.h"

using namespace headway::testing;
namespace fs = std::filesystem;

namespace {

const std::set<std::string> rooms{"core", "models", "results", "plots", "sim"};

// Every source file by its path from the top, with what it includes.
std::map<std::string, std::vector<std::string>> includes() {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& room : rooms) {
    for (const auto& entry : fs::recursive_directory_iterator(source_directory() / room)) {
      const auto ending = entry.path().extension();
      if (ending != ".cpp" && ending != ".h") continue;
      auto& list = all[fs::relative(entry.path(), source_directory()).generic_string()];
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("#include ")) continue;
        const auto end = line.find_first_of("\">", 10);
        list.push_back(line.substr(10, end - 10));
      }
    }
  }
  return all;
}

// Files under `from` include nothing that begins with one of `forbidden`, but for what begins with one of `allowed`.
struct Rule {
  std::string from;
  std::vector<std::string> forbidden;
  std::vector<std::string> allowed = {};
};

const std::vector<Rule> rules{
    {"core/", {"models/", "results/", "plots/", "sim/"}},
    {"core/base/", {"core/"}, {"core/base/"}},
    {"models/", {"results/", "plots/", "sim/"}},
    {"results/", {"models/", "plots/", "sim/"}},
    {"plots/", {"models/", "sim/"}},
    {"results/metrics/", {"results/"}, {"results/metrics/", "results/testing/"}},
    {"results/trace/", {"results/"}, {"results/trace/", "results/metrics/", "results/testing/"}},
    {"results/files/", {"results/"}, {"results/files/", "results/trace/", "results/metrics/", "results/testing/"}},
    // The ends of that street know each other as little.
    {"results/bundle/", {"results/"}, {"results/bundle/", "results/testing/"}},
    {"results/tables/", {"results/exports/", "results/check/", "results/report/"}},
    {"results/exports/", {"results/tables/", "results/check/", "results/report/"}},
    {"results/check/", {"results/tables/", "results/exports/", "results/report/"}},
    {"results/report/", {"results/tables/", "results/exports/", "results/check/"}},
    {"models/drive/", {"models/"}, {"models/drive/", "models/request_log/"}},  // what a drive is held against
    {"models/request_log/", {"models/"}, {"models/request_log/", "models/trace_input/"}},
    {"models/layout/", {"models/"}, {"models/layout/"}},
    {"sim/driver/", {"sim/"}, {"sim/driver/", "sim/faults/", "sim/testing.h", "sim/workloads/twin.h"}},
    {"sim/workloads/", {"sim/"}, {"sim/workloads/", "sim/driver/", "sim/faults/", "sim/testing.h"}},
    {"sim/emulate/", {"sim/engine/", "sim/live/", "sim/cli/", "sim/sweep/", "sim/jobs/", "sim/workloads/", "sim/driver/"}},
    {"sim/scenario/", {"sim/engine/", "sim/live/", "sim/cli/", "sim/sweep/", "sim/jobs/"}},
    {"sim/bound/", {"sim/engine/", "sim/live/", "sim/cli/", "sim/sweep/", "sim/jobs/"}},
    {"sim/live/", {"sim/engine/", "sim/cli/", "sim/sweep/", "sim/jobs/"}, {"sim/testing.h"}},
    {"sim/engine/", {"sim/live/"}},
    {"sim/install/", {"core/", "models/", "results/", "plots/", "sim/"}, {"sim/install/"}},
};

bool begins_with_one_of(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const auto& one) { return text.starts_with(one); });
}

}  // namespace

TEST_CASE("includes go one way through the house") {
  for (const auto& [file, list] : includes()) {
    for (const auto& rule : rules) {
      if (!file.starts_with(rule.from)) continue;
      for (const auto& included : list)
        CHECK_MESSAGE((!begins_with_one_of(included, rule.forbidden) || begins_with_one_of(included, rule.allowed)),
                      fmt::format("{} includes {}", file, included));
    }
  }
}

TEST_CASE("one file knows io_uring, one tar, one Boost's fibers") {
  for (const auto& [file, list] : includes()) {
    for (const auto& included : list) {
      if (included == "archive.h") CHECK(file == "results/bundle/archive.cpp");
      if (included == "liburing.h") CHECK(file == "sim/live/read_ring.cpp");
      if (included.starts_with("boost/context/")) CHECK(file == "sim/driver/fibers.cpp");
    }
  }
}

TEST_CASE("one folder knows SimGrid; decisions know neither JSON nor files") {
  std::size_t knowing = 0;
  for (const auto& [file, list] : includes()) {
    const bool decides = file.starts_with("core/") && !file.starts_with("core/base/");
    const bool tests = file.find("_test.cpp") != file.npos || file.starts_with("core/testing/") ||
                       file.starts_with("core/properties/");
    for (const auto& included : list) {
      const bool simgrid = included.starts_with("simgrid/");
      knowing += simgrid;
      if (simgrid) CHECK_MESSAGE(file.starts_with("sim/engine/"), file);
      if (decides && included.starts_with("core/base/") && !tests)
        CHECK_MESSAGE(included == "core/base/error.h", fmt::format("{} includes {}", file, included));
      if (decides) CHECK_MESSAGE(!included.starts_with("nlohmann/"), fmt::format("{} includes {}", file, included));
    }
  }
  CHECK(knowing > 0);
}

TEST_CASE("a folder of more than four files says what lives there") {
  std::map<std::string, int> files;
  for (const auto& [file, list] : includes()) ++files[fs::path(file).parent_path().generic_string()];
  for (const auto& [folder, count] : files) {
    if (count > 4) CHECK_MESSAGE(fs::exists(source_directory() / folder / "README.md"), folder);
  }
}
