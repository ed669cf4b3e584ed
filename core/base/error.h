// Errors that bad input earns: what a user needs to mend it, in one sentence.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace headway {

// Bad input or usage; the command line prints what() and exits with 2.
// The text reads "FILE: PLACE: expected E, found F" with the parts that are known; FILE or PLACE may be empty. All four
// come from strangers, and are made printable (letters.h).
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
  InputError(std::string_view file, std::string_view place, std::string_view expected, std::string_view found);
};

// The known name that a mistyped `wanted` most likely meant: at most a third of its letters (rounded up) put in, left
// out, replaced or swapped, in any case and with any separators; else one that begins so; else "". The first wins ties.
std::string nearest_name(std::string_view wanted, std::span<const std::string> known);

// `"wanted" (did you mean "x"?)`, or `"wanted"; known are a, b, c` when nothing is near: the "found" half of an error
// about a name. Says so when there are no known ones.
std::string unknown_name(std::string_view wanted, std::span<const std::string> known);

}  // namespace headway
