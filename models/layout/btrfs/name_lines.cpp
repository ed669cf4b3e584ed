#include "models/layout/btrfs/name_lines.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace headway {

namespace {

// The number behind the first of `words` that comes up in the text; 0 without.
std::uint64_t number_behind(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    const auto at = text.find(word);
    if (at == text.npos) continue;
    const std::string_view rest = text.substr(at + word.size());
    std::uint64_t value = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), value);
    return value;
  }
  return 0;
}

}  // namespace

void NameLines::push(std::string_view line, std::uint64_t number) {
  if (in_name_ && line.size() < left_) {
    left_ -= line.size() + 1;
    held_.push_back({number, std::string(line)});
    return;
  }
  const bool ends_name = in_name_ && line.size() == left_;
  in_name_ = false;
  if (ends_name) return held_.clear();
  release();
  emit_(line, number);
  look_for_name(line);
}

void NameLines::end() {
  in_name_ = false;
  release();
}

void NameLines::release() {
  if (!held_.empty()) name_bytes_ = value_bytes_ = 0;
  for (const Held& held : std::exchange(held_, {})) emit_(held.line, held.number);
}

// "\t\tindex 2 namelen 5 name: hello"; "\t\ttransid 8 data_len 3 name_len 8", "\t\tname: user.foo", "\t\tdata bar";
// before 4.x "\t\tnamelen 8 datalen 3 name: user.foo"; "\t\troot ref key dirid 256 sequence 9 name home".
void NameLines::look_for_name(std::string_view line) {
  if (value_bytes_ > 0) {
    const auto first = line.find_first_not_of(" \t");
    if (first != line.npos && line.substr(first).starts_with("data "))
      return begin(line.substr(first + 5), std::exchange(value_bytes_, 0));
  }
  if (line.find("name") == line.npos) return begin_item(line);
  constexpr std::string_view label = "name: ", reference = " name ";
  const auto name_at = line.find(label), reference_at = line.find(reference);
  if (reference_at < name_at && line.find("sequence ") < reference_at)
    return begin(line.substr(reference_at + reference.size()), std::exchange(name_bytes_, 0));
  const std::string_view before = line.substr(0, name_at);
  if (const auto bytes = number_behind(before, {"namelen ", "name_len "}); bytes > 0) name_bytes_ = bytes;
  if (const auto bytes = number_behind(before, {"datalen ", "data_len "}); bytes > 0) value_bytes_ = bytes;
  if (name_at != line.npos) return begin(line.substr(name_at + label.size()), std::exchange(name_bytes_, 0));
}

void NameLines::begin_item(std::string_view line) {
  constexpr std::uint64_t reference_bytes = 18;  // struct btrfs_root_ref, which the name follows
  if (line.find(" itemsize ") == line.npos) return;
  name_bytes_ = value_bytes_ = 0;
  if (line.find(" ROOT_REF ") == line.npos && line.find(" ROOT_BACKREF ") == line.npos) return;
  const std::uint64_t bytes = number_behind(line, {" itemsize "});
  if (bytes > reference_bytes) name_bytes_ = bytes - reference_bytes;
}

void NameLines::begin(std::string_view first_line, std::uint64_t bytes) {
  const bool hidden = first_line == "HIDDEN";  // dump-tree --hide-names
  if (hidden || bytes <= first_line.size() || bytes > name_bytes_max) return;
  in_name_ = true;
  left_ = bytes - first_line.size() - 1;
}

}  // namespace headway
