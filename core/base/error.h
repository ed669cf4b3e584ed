// Errors that bad input earns: what a user needs to mend it, in one sentence.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace headway {

// Bad input or usage; the command line prints what() and exits with 2.
// The text reads "FILE: PLACE: expected E, found F" with the parts that are known; FILE or PLACE may be empty.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
  InputError(std::string_view file, std::string_view place, std::string_view expected, std::string_view found);
};

// The known name that a mistyped `wanted` most likely meant: least edit distance, at most a third of its length
// (rounded up) away; empty when none is that near. Ties go to the first in `known`.
std::string nearest_name(std::string_view wanted, std::span<const std::string> known);

// `"wanted" (did you mean "x"?)`, or `"wanted"; known are a, b, c` when nothing is near: the "found" half of an error
// about a name.
std::string unknown_name(std::string_view wanted, std::span<const std::string> known);

}  // namespace headway
