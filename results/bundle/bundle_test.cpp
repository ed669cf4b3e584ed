// Bundles: the same members the same bytes, and no byte of one changes unseen.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/base/testing/files.h"
#include "results/bundle/archive.h"
#include "results/bundle/differences.h"
#include "results/bundle/unpack.h"

using namespace headway;
using namespace headway::testing;
namespace fs = std::filesystem;

namespace {

// Members of several kinds of bytes: text that compresses, noise that does not, nothing, and a name that ustar lacks the
// letters and the room for.
struct Made {
  TemporaryDirectory directory;
  BundleContents contents;
  std::vector<ArchiveMember> members;

  Made() {
    contents.made_by = {.headway = "1.0", .commit = "c0ffee", .simgrid = "3.32", .gnuplot = "5.4"};
    std::mt19937_64 random(1);
    std::string noise(100'000, '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    std::string text;
    for (int i = 0; i < 5000; ++i) text += fmt::format("line {} of many\n", i);
    members.push_back({"bundle.json", directory / "bundle.json"});
    add("files/s.json", "{}\n");
    add("files/noise.h5", noise);
    add("results/s/" + std::string(200, 'n') + "/\xc3\xa4.txt", text);
    add("results/s/empty.svg", "");
    contents.experiments.push_back(
        {.file = "files/s.json", .set = {"/seed=2"}, .results = "results/s", .figures = {"compare"}});
  }

  void add(const std::string& name, const std::string& bytes) {
    const auto file = directory.write(fmt::format("{}", members.size()), bytes);
    contents.members.push_back({name, bytes.size(), sha256_of(bytes)});
    members.push_back({name, file});
  }

  fs::path write(const std::string& name = "b.tar.zst") {
    directory.write("bundle.json", to_json(contents).dump(2) + "\n");
    write_archive(directory / name, members);
    return directory / name;
  }
};

std::string complaint(const fs::path& bundle) {
  const TemporaryDirectory to;
  try {
    unpack_bundle(bundle, to.path());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a bundle comes out as it went in, and the same members make the same bytes") {
  Made made;
  const auto bundle = made.write();
  const TemporaryDirectory to;
  const BundleContents found = unpack_bundle(bundle, to.path());
  CHECK(to_json(found) == to_json(made.contents));
  for (const auto& member : made.members) CHECK(bytes_of(to.path() / member.name) == bytes_of(member.file));
  fs::last_write_time(made.members[1].file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  CHECK(bytes_of(made.write("other.tar.zst")) == bytes_of(bundle));
}

TEST_CASE("a byte that is changed anywhere is named or refused") {
  Made made;
  const std::string whole = bytes_of(made.write());
  std::mt19937_64 random(7);
  std::size_t named = 0;
  constexpr int places = 200;
  for (int i = 0; i < places; ++i) {
    std::string changed = whole;
    const std::size_t at = i < 20 ? whole.size() - 1 - static_cast<std::size_t>(i) * 7 : random() % whole.size();
    changed[at] = static_cast<char>(changed[at] ^ (1 << random() % 8));
    CAPTURE(at);
    const std::string says_what = complaint(made.directory.write("changed.tar.zst", changed));
    CHECK(says_what != "");
    named += says(says_what, "files/noise.h5");
  }
  CHECK(named > places / 2);  // most of the bytes are that member's, and it is it that is named
}

TEST_CASE("a bundle that was cut short or added to is refused, with the member where it ends") {
  Made made;
  const std::string whole = bytes_of(made.write());
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{3}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(bytes);
    CHECK(complaint(made.directory.write("cut.tar.zst", whole.substr(0, bytes))) != "");
  }
  CHECK(says(complaint(made.directory.write("cut.tar.zst", whole.substr(0, whole.size() / 2))), "files/noise.h5: "));
  CHECK(complaint(made.directory.write("more.tar.zst", whole + "x")) != "");
  CHECK(complaint(made.directory.write("twice.tar.zst", whole + whole)) != "");
}

TEST_CASE("what is no bundle is told by its name") {
  const TemporaryDirectory directory;
  CHECK(says(complaint(directory.write("x", "")), "expected a bundle (`headway bundle` writes them), found an empty file"));
  CHECK(says(complaint(directory.write("x", "plain")), "found text"));
  CHECK(says(complaint(directory.write("x", "\x89PNG\r\n\x1a\n....")), "found a PNG image"));
  CHECK(says(complaint(directory / "nowhere"), "no such file"));
  CHECK(says(complaint(directory.path()), "a directory"));
}

TEST_CASE("members that would lie elsewhere, twice or too large are refused") {
  const auto with = [](const auto& change) {
    Made made;
    change(made);
    return complaint(made.write());
  };
  for (const char* const name : {"../x", "files/../../x", "/etc/x", "files//x", "files/./x", "files/", "other/x", "files"}) {
    CAPTURE(name);
    CHECK(says(with([&](Made& made) { made.contents.members[1].file = made.members[2].name = name; }),
               "/members/1/file: expected a relative name in files/ or results/"));
    CHECK(says(with([&](Made& made) { made.members[2].name = name; }), "files/noise.h5: expected "));
  }
  CHECK(says(with([](Made& made) { made.add("files/s.json", "again"); }), "each member once"));
  CHECK(says(with([](Made& made) { made.add("files/s.json/x", "again"); }), "\"files/s.json\", which is both"));
  CHECK(says(with([](Made& made) { made.contents.members[3].bytes = 1; }), "results/s/empty.svg: expected 1 bytes"));
  CHECK(says(with([](Made& made) { made.contents.members[3].bytes = std::uint64_t{1} << 50; }),
             "expected members that inflate at most 4096 times"));
  CHECK(says(with([](Made& made) { made.contents.members[0].sha256 = "00"; }), "files/s.json: expected bytes whose"));
  CHECK(says(with([](Made& made) { made.members.pop_back(); }), "results/s/empty.svg: expected a member"));
  CHECK(says(with([](Made& made) { made.members.push_back({"files/more", made.members[1].file}); }), "nothing more"));
  CHECK(says(with([](Made& made) { made.contents.experiments[0].file = "files/t.json"; }), "a member of the bundle"));
  CHECK(says(with([](Made& made) { made.contents.experiments[0].results = "files/t"; }), "a directory in results/"));
  CHECK(says(with([](Made& made) { made.contents.experiments[0].figures = {"../x"}; }), "a kind of figure"));
  CHECK(says(with([](Made& made) { std::swap(made.members[0], made.members[1]); }), "bundle.json: expected the first"));
}

TEST_CASE("a member of zeros is no bomb until it is one") {
  Made made;
  made.add("files/zeros", std::string(20 << 20, '\0'));  // inflates more than 4096 times, but is less than 64 MiB
  CHECK(complaint(made.write()) == "");
}

TEST_CASE("differences are told by run and key, row and column, line, or byte") {
  const TemporaryDirectory directory;
  const auto between = [&](const std::string& ending, const std::string& before, const std::string& after) {
    return differences(directory.write("before" + ending, before), directory.write("after" + ending, after));
  };
  const auto first = [&](const std::string& ending, const std::string& before, const std::string& after) {
    const auto found = between(ending, before, after);
    return found.sentences.empty() ? "" : found.sentences[0];
  };
  const std::string run = R"({"headway": {"commit": "a"}, "runs": [{"policy": "walk", "seed": 1, "m": {"x": 1}}]})";
  const auto with = [&](const std::string& from, const std::string& to) {
    return std::string(run).replace(run.find(from), from.size(), to);
  };
  CHECK(between(".json", run, run).none());
  CHECK(first(".json", run, with("\"x\": 1", "\"x\": 2")) == "run walk, seed 1: /m/x was 1, is 2");
  CHECK(first(".json", run, with("\"x\": 1", "\"y\": 1")) == "run walk, seed 1: /m/x was 1, is not there");
  CHECK(between(".json", run, with("\"a\"", "\"b\"")).of_program_only);
  CHECK_FALSE(between(".json", run, with("\"a\"", "\"b\"")).none());
  CHECK_FALSE(between(".json", with("\"a\"", "\"b\""), with("\"x\": 1", "\"x\": 2")).of_program_only);
  CHECK(first(".json", run, run + " ") == "the same values, written otherwise");
  CHECK(first(".csv", "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,5\n") == "line 3, b was 4, is 5");
  CHECK(first(".txt", "a\nb\n", "a\nc\n") == "line 2 was b, is c");
  CHECK(first(".h5", "abcd", "abXd") == "differs from byte 2 on");
  CHECK(first(".h5", "abcd", "abc") == "had 4 bytes, has 3");
  std::string many, others;
  for (int i = 0; i < 30; ++i) many += "a\n", others += "b\n";
  CHECK(between(".txt", many, others).sentences.size() == 10);
  CHECK(between(".txt", many, others).more == 20);
}
