// See overrides.h.
#include "sim/scenario/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "core/base/error.h"

namespace headway {

namespace {

// As a key is written in a JSON pointer.
std::string escaped(std::string_view key) {
  std::string text;
  for (const char letter : key) text += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
  return text;
}

std::string unescaped(const std::string& text) { return Json::json_pointer("/" + text).back(); }

// The names of a list's elements, "" where one has none.
std::vector<std::string> element_names(const Json& list) {
  std::vector<std::string> names;
  for (const Json& item : list) {
    const bool named = item.is_object() && item.contains("name") && item["name"].is_string();
    names.push_back(named ? item["name"].get<std::string>() : "");
  }
  return names;
}

// Follows one word's place through a document, and sets its value there.
class Setter {
 public:
  Setter(const std::string& file, const std::string& word) : file_(file), word_(word), rest_(word) {
    pointer_ = rest_.starts_with('/');
    if (pointer_) rest_.remove_prefix(1);
  }

  Setting set_in(Json& root) {
    check_word();
    Json* here = step_from(root);
    while (take_separator()) here = step_from(*here);
    *here = value_of(std::string(rest_.substr(1)));
    return {place_, here->dump()};
  }

 private:
  [[noreturn]] void fail(std::string_view expected, const std::string& found) const {
    throw InputError("--set", file_, expected, fmt::format("\"{}\": {}", word_, found));
  }

  void check_word() const {
    try {
      static_cast<void>(Json(word_).dump());
    } catch (const Json::type_error&) {
      fail("text in UTF-8", "other bytes");
    }
    if (rest_.find('=') == std::string_view::npos || rest_.starts_with('='))
      fail("PLACE=VALUE, such as /policies/walk/io_class=idle or devices.0.count=8", rest_.empty() ? "nothing" : "none");
    if (!pointer_) return;
    for (std::size_t at = word_.find('~'); at != std::string::npos; at = word_.find('~', at + 1)) {
      if (at > word_.find('=')) return;  // it may be the value's
      if (word_.compare(at, 2, "~0") != 0 && word_.compare(at, 2, "~1") != 0) fail("~0 or ~1 behind each ~", "another");
    }
  }

  char separator() const { return pointer_ ? '/' : '.'; }
  bool ends_step(std::size_t at) const { return at < rest_.size() && (rest_[at] == separator() || rest_[at] == '='); }

  bool take_separator() {
    if (!rest_.starts_with(separator())) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // The longest of these names that stands next.
  std::optional<std::size_t> next_of(const std::vector<std::string>& names) const {
    std::optional<std::size_t> best;
    std::size_t letters = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string name = pointer_ ? escaped(names[i]) : names[i];
      if (!rest_.starts_with(name) || !ends_step(name.size()) || name.size() < letters + 1) continue;
      letters = name.size();
      best = i;
    }
    return best;
  }

  void take(std::string_view name) {
    rest_.remove_prefix(pointer_ ? escaped(name).size() : name.size());
    place_ += "/" + escaped(name);
  }

  // What stands next, where no name of the document does.
  std::string unknown_step() const {
    std::size_t end = 0;
    while (end < rest_.size() && !ends_step(end)) ++end;
    const std::string step(rest_.substr(0, end));
    return pointer_ ? unescaped(step) : step;
  }

  Json* step_from(Json& here) {
    if (here.is_array()) return element_of(here);
    if (here.is_null()) here = Json::object();
    const auto keys = steps_from(here);
    if (const auto known = next_of(keys)) {
      take(keys[*known]);
      return &here[keys[*known]];
    }
    const std::string step = unknown_step();
    if (!here.is_object()) fail_at(step, keys);
    const std::size_t letters = pointer_ ? escaped(step).size() : step.size();
    // A policy has any name: that it is there is all that tells a mistyped one.
    const bool leads_on = rest_.substr(letters).starts_with(separator());
    if (step.empty() || (leads_on && place_ == "/policies")) fail_at(step, keys);
    take(step);
    return &here[step];
  }

  Json* element_of(Json& list) {
    const auto names = element_names(list);
    const auto numbers = steps_from(list);
    if (const auto number = next_of(numbers)) {
      take(numbers[*number]);
      return &list[*number];
    }
    if (const auto named = next_of(names)) {
      rest_.remove_prefix(pointer_ ? escaped(names[*named]).size() : names[*named].size());
      place_ += fmt::format("/{}", *named);
      return &list[*named];
    }
    if (rest_.starts_with("-") && ends_step(1)) {
      rest_.remove_prefix(1);
      place_ += fmt::format("/{}", list.size());
      list.push_back(nullptr);
      return &list.back();
    }
    auto known = numbers;
    std::ranges::copy_if(names, std::back_inserter(known), [](const std::string& name) { return !name.empty(); });
    fail_at(unknown_step(), known);
  }

  [[noreturn]] void fail_at(const std::string& step, const std::vector<std::string>& known) const {
    fail("a place in the scenario, or a new key of an object there",
         fmt::format("{}{}", no_step(step, known), place_.empty() ? "" : " in " + place_));
  }

  Json value_of(const std::string& text) const {
    try {
      return JsonNode::parse(text, "--set").json();
    } catch (const InputError&) {
      if (text.starts_with('{') || text.starts_with('[') || text.starts_with('"')) throw;
      return text;
    }
  }

  const std::string& file_;
  const std::string& word_;
  std::string_view rest_;  // of the word, still to be read
  bool pointer_ = false;
  std::string place_;  // the pointer so far
};

}  // namespace

std::vector<std::string> words_of(const std::vector<Setting>& set) {
  std::vector<std::string> words;
  for (const Setting& setting : set) words.push_back(setting.word());
  return words;
}

SetDocument set_in(const JsonNode& document, const std::vector<std::string>& words) {
  if (words.empty()) return {document, {}};
  constexpr std::size_t most_shown = 60;
  Json json = document.json();
  std::vector<Setting> set;
  std::string name = document.file();
  for (const auto& word : words) {
    set.push_back(Setter(document.file(), word).set_in(json));
    const std::string shown = set.back().word();
    name += fmt::format(" with --set {}", shown.size() > most_shown ? shown.substr(0, most_shown - 3) + "..." : shown);
  }
  return {JsonNode::parse(json.dump(), name), set};
}

std::vector<std::string> steps_from(const Json& value) {
  std::vector<std::string> steps;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) steps.push_back(key);
  }
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) steps.push_back(std::to_string(i));
  }
  return steps;
}

std::string no_step(const std::string& step, const std::vector<std::string>& known) {
  if (known.empty()) return fmt::format("no \"{}\", for nothing is there", step);
  return fmt::format("no {}", unknown_name(step, known));
}

}  // namespace headway
