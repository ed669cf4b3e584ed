#include "results/files/experiment.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/base/testing/files.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Results of a scenario with an input beside it, in `directory`.
Results kept(const TemporaryDirectory& directory) {
  directory.write("s.json", "{}");
  directory.write("in.csv", "1,2\n");
  Results results = two_runs();
  results.scenario_file = "s.json";
  results.scenario_sha256 = sha256_of("{}");
  results.experiment.scenario = JsonNode::parse(R"({"layout": {"file": "x"}, "seed": 1})", "t");
  results.experiment.drives = JsonNode::parse(R"({"d": {"drive": "d"}})", "t");
  results.experiment.inputs = {{"in.csv", digest_of_file(directory / "in.csv")}};
  results.experiment.traced = false;
  return results;
}

}  // namespace

TEST_CASE("the experiment is read back, and an older file has none") {
  const TemporaryDirectory directory;
  const Results results = kept(directory);
  write_results(directory.path(), results);
  const Results back = read_results(directory.path());
  CHECK(to_json(back) == to_json(results));
  CHECK(back.experiment.inputs.size() == 1);
  CHECK_FALSE(back.experiment.traced);
  write_results(directory.path(), two_runs());
  CHECK_FALSE(read_results(directory.path()).experiment.scenario);
  CHECK(read_results(directory.path()).experiment.traced);

  Json broken = to_json(results);
  broken["inputs"][0]["digest_of"] = "half";
  CHECK_THROWS_AS(read_results(directory.write("results.json", broken.dump())), InputError);
}

TEST_CASE("of a large file the ends are digested, and either tells of a change") {
  const TemporaryDirectory directory;
  const auto small = digest_of_file(directory.write("small", "abc"));
  CHECK(small == FileDigest{3, sha256_of("abc"), false});
  const auto large = directory.write("large", "abc");
  std::filesystem::resize_file(large, (256u << 20) + 1);  // sparse
  const FileDigest before = digest_of_file(large);
  CHECK(before.of_ends);
  CHECK(before.bytes == (256u << 20) + 1);
  const std::string rest((1u << 20) - 3, '\0');
  CHECK(before.sha256 == sha256_of("abc" + rest + rest + std::string(3, '\0')));
  std::fstream(large, std::ios::in | std::ios::out | std::ios::binary).seekp(-1, std::ios::end).put('z');
  CHECK(digest_of_file(large) != before);
  CHECK_THROWS_AS(digest_of_file(directory / "nowhere"), InputError);

  const auto fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(digest_of_file(fifo) == FileDigest{});  // and it does not wait for a writer
}

TEST_CASE("files that changed since, or are gone, are said") {
  const TemporaryDirectory directory;
  const Results results = kept(directory);
  const auto changed = [&] { return changed_files(results, directory.path()); };
  CHECK(changed().empty());
  directory.write("in.csv", "1,3\n");
  CHECK(changed() == std::vector<std::string>{"in.csv, which these results are of, has changed since"});
  std::filesystem::remove(directory / "s.json");
  CHECK(changed()[0] == "s.json, which these results are of, is not there any more");
  std::filesystem::create_directory(directory / "s.json");
  CHECK(changed()[0] == "s.json, which these results are of, cannot be read any more");
}

TEST_CASE("relative names count from where the run was made, as long as that is there") {
  const TemporaryDirectory directory;
  CHECK(run_directory(directory.path()).empty());
  write_timing(directory.path(), {});
  CHECK(run_directory(directory.path()).empty());  // it is this one
  directory.write("timing.json", R"({"run_in": "/", "runs": []})");
  CHECK(run_directory(directory.path()) == "/");
  CHECK(run_directory(directory / "results.json") == "/");
  directory.write("timing.json", R"({"run_in": "/nowhere", "runs": []})");
  CHECK(run_directory(directory.path()).empty());
  directory.write("timing.json", R"({"runs": []})");
  CHECK(run_directory(directory.path()).empty());
}

TEST_CASE("a layout is kept for all seeds, or for each where it was grown") {
  Experiment experiment;
  experiment.scenario = JsonNode::parse(R"({"layout": {"file": "x"}})", "t");
  CHECK(kept_layout("out", experiment, 3) == "out/layout.h5");
  experiment.scenario = JsonNode::parse(R"({"layout": {"synthetic": {}}})", "t");
  CHECK(kept_layout("out", experiment, 3) == "out/3.layout.h5");
}
