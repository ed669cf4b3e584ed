// Tells the lines of a dump from what a name with line ends in it puts on lines of its own, which may look like any
// line.
//
// Names of files, subvolumes and extended attributes, and the values of these, are printed as they are, but not without
// their length. A line that ends before its name does goes on in the next lines, if one of these ends where the name
// does. Where none does the text was changed (shortened names, other line ends, blanks), and lines are what they look
// like. So they are in a value that holds a zero byte, at which dump-tree cuts it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

class NameLines {
 public:
  using Emit = std::function<void(std::string_view line, std::uint64_t number)>;

  // Gets each line with its number and hands on, to `emit`, those that are no name's: not always at once.
  explicit NameLines(Emit emit) : emit_(std::move(emit)) {}

  void push(std::string_view line, std::uint64_t number);
  void end();  // of the text

 private:
  struct Held {
    std::uint64_t number;
    std::string line;
  };

  void release();
  void look_for_name(std::string_view line);
  void begin_item(std::string_view line);
  void begin(std::string_view first_line, std::uint64_t bytes);

  static constexpr std::uint64_t name_bytes_max = 65536;  // of a name or a value, which a leaf holds

  Emit emit_;
  std::uint64_t name_bytes_ = 0, value_bytes_ = 0;  // of the item that is being read, as it says
  bool in_name_ = false;
  std::uint64_t left_ = 0;  // of the name, from the next line on
  std::vector<Held> held_;  // lines that are a name's if its end comes where it should
};

}  // namespace headway
