// See plugin.h.
#include "sim/plugins/plugin.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/base/sha256.h"
#include "core/plugin.h"
#include "sim/plugins/apart.h"
#include "sim/plugins/beside.h"
#include "sim/plugins/declaration.h"
#include "sim/plugins/stamp.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view expected = "a plug-in of policies";

struct Loaded {
  fs::path file;  // as it was named
  std::string sha256;
  PluginContents contents;
};

struct Table {
  std::map<fs::path, Loaded> loaded;  // by the file that it is, behind links
  std::vector<fs::path> for_all_scenarios;
};

Table& table() {
  static Table all;
  return all;
}

// A policy in Python, which the plug-in that is shipped for it loads.
bool is_script(const fs::path& file) { return file.extension() == ".py"; }
fs::path object_of(const fs::path& file) {
  return is_script(file) ? beside_program("headway-python.so") : fs::absolute(file);
}

const Loaded* find_loaded(const fs::path& file) {
  std::error_code error;
  const auto found = table().loaded.find(fs::canonical(file, error));
  return found == table().loaded.end() ? nullptr : &found->second;
}

bool has(const Loaded& loaded, const Policy& policy) {
  return std::ranges::find(loaded.contents.policies, &policy) != loaded.contents.policies.end();
}

[[noreturn]] void refuse(const fs::path& file, std::string_view found) {
  throw InputError(file.string(), "", expected, found);
}

std::string file_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

[[noreturn]] void refuse_missing(const fs::path& file, const std::string& why) {
  std::vector<std::string> beside;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(file.parent_path().empty() ? "." : file.parent_path(), error)) {
    const bool is_other = entry.path().filename() != file.filename();
    if (is_other && (entry.path().extension() == ".so" || is_script(entry.path())))
      beside.push_back(entry.path().filename().string());
  }
  std::ranges::sort(beside);
  const std::string nearest = nearest_name(file.filename().string(), beside);
  refuse(file, nearest.empty() ? why : fmt::format("{} (did you mean \"{}\"?)", why, nearest));
}

void check_script(const fs::path& file, std::string_view bytes) {
  if (const std::string what = not_text(bytes.substr(0, 4096)); !what.empty()) refuse(file, what + ", no Python");
  if (!fs::exists(object_of(file)))
    refuse(file,
           "one in Python, which this headway has no plug-in for (headway-python.so: Debian's package "
           "headway-python, or built where pybind11-dev and python3-dev are installed)");
}

// What can be said of it before any of its code runs.
void check_file(const fs::path& file) {
  if (const auto why = why_unreadable(file); !why.empty()) refuse_missing(file, why);
  if (!fs::is_regular_file(file)) refuse(file, "a device or a pipe");
  const std::string bytes = file_bytes(file);
  if (is_script(file)) {
    check_script(file, bytes);
    return check_file(object_of(file));
  }
  if (!bytes.starts_with("\x7f"
                         "ELF")) {
    const std::string what = not_text(std::string_view(bytes).substr(0, 4096));
    refuse(file, fmt::format("{}, no shared object", bytes.empty() ? "an empty file" : what.empty() ? "text" : what));
  }
  if (const auto why = why_not_ours(bytes); !why.empty()) refuse(file, why);
}

// The dynamic loader's words, without the path that it puts before them; and names as C++ has them are not to be had.
std::string loader_said(const fs::path& file) {
  const char* said = ::dlerror();
  std::string text = said == nullptr ? "the loader does not take it" : said;
  const std::string before = file.string() + ": ";
  return text.starts_with(before) ? text.substr(before.size()) : text;
}

std::string run_script(void* python, const fs::path& file, PluginContents& contents) {
  const auto run =
      reinterpret_cast<void (*)(const std::string&, PluginContents&, std::string&)>(::dlsym(python, "headway_script"));
  if (run == nullptr) return "one in Python, which this headway's headway-python.so does not know";
  std::string wrong;
  run(file.string(), contents, wrong);
  return wrong.empty() ? "" : "one in Python that does not load: " + wrong;
}

// Runs the plug-in's code. Returns why it cannot be had; empty where it can.
std::string open(const fs::path& file, PluginContents& contents) {
  const fs::path whole = object_of(file);
  // Never closed: what it hands out lives as long as the program. Its own symbols are its own.
  void* const handle = ::dlopen(whole.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return fmt::format("one that cannot be loaded: {}", loader_said(whole));
  if (is_script(file)) {
    if (const auto why = run_script(handle, file, contents); !why.empty()) return why;
    return wrong_declaration(contents);
  }
  const auto fill = reinterpret_cast<void (*)(PluginContents&)>(::dlsym(handle, "headway_plugin"));
  if (fill == nullptr) return "a shared object without the entry that HEADWAY_PLUGIN(...) makes";
  fill(contents);
  return wrong_declaration(contents);
}

// Loads it in a process of its own: what ends or hangs there does not here.
void rehearse(const fs::path& file) {
  constexpr double patience_s = 10;
  const auto work = [&](const Say& say) {
    try {
      PluginContents contents;
      say(open(file, contents));
    } catch (const std::exception& error) {
      say(fmt::format("one that throws while it is loaded: {}", error.what()));
    } catch (...) {
      say("one that throws while it is loaded");
    }
  };
  const Apart rehearsal = run_apart(work, patience_s);
  if (!rehearsal.done) refuse(file, fmt::format("one whose loading is ended {}", rehearsal.how_it_ended(patience_s)));
  if (!rehearsal.said.empty()) refuse(file, rehearsal.said);
}

}  // namespace

StdoutToStderr::StdoutToStderr() {
  std::cout.flush();
  std::fflush(stdout);
  kept_ = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

StdoutToStderr::~StdoutToStderr() {
  std::cout.flush();
  std::fflush(stdout);
  ::dup2(kept_, STDOUT_FILENO);
  ::close(kept_);
}

void load_plugin(const fs::path& file) {
  if (find_loaded(file) != nullptr) return;
  check_file(file);
  const fs::path key = fs::canonical(file);
  Loaded loaded{file, sha256_of_file(file), {}};
  for (const auto& [other_key, other] : table().loaded) {  // a copy, as in a bundle that is being made
    if (other.sha256 != loaded.sha256) continue;
    table().loaded.emplace(key, Loaded(other));
    return;
  }
  const StdoutToStderr aside;
  rehearse(file);
  if (const auto why = open(file, loaded.contents); !why.empty()) refuse(file, why);
  for (const Policy* policy : loaded.contents.policies) add_policy(*policy);
  table().loaded.emplace(key, std::move(loaded));
}

void load_for_all_scenarios(const std::vector<fs::path>& files) {
  for (const auto& file : files) {
    load_plugin(file);
    table().for_all_scenarios.push_back(file);
  }
}

const std::vector<fs::path>& plugins_for_all_scenarios() { return table().for_all_scenarios; }

fs::path plugin_of(const Policy& policy) {
  for (const auto& [key, loaded] : table().loaded) {
    if (has(loaded, policy)) return loaded.file;
  }
  return {};
}

bool comes_from(const Policy& policy, const fs::path& file) {
  const Loaded* const loaded = find_loaded(file);
  return loaded != nullptr && has(*loaded, policy);
}

bool is_same_plugin(const fs::path& one, const fs::path& other) {
  const Loaded *const first = find_loaded(one), *const second = find_loaded(other);
  return first != nullptr && second != nullptr && first->sha256 == second->sha256;
}

}  // namespace headway
