// For tests: a plug-in that goes wrong while it is loaded, in the way that HEADWAY_PRANK says.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "core/plugin.h"

using namespace headway;

namespace {

std::string prank() {
  const char* text = std::getenv("HEADWAY_PRANK");
  return text == nullptr ? "" : text;
}

struct AtStart {
  AtStart() {
    const std::string wanted = prank();
    if (wanted == "exit") std::exit(0);
    if (wanted == "abort") std::abort();
    if (wanted == "print") std::printf("a word on the standard output\n");
    for (volatile bool for_ever = wanted == "loop"; for_ever;) {
    }
  }
  ~AtStart() {
    if (prank() == "print") std::printf("a last word on the standard output\n");
  }
} at_start;

// A policy as this prank has it; kept, as the table refers to it.
const Policy& policy() {
  static Policy one{.name = "prank", .sentence = "For tests.", .source = "", .parameters = {}, .make = nullptr};
  const std::string wanted = prank();
  if (wanted != "no-make") one.make = [](const Context&, const Parameters&) { return std::unique_ptr<Strategy>(); };
  if (wanted == "name-taken") one.name = "walk";
  if (wanted == "wild-name") one.name = "../walk\n";
  if (wanted == "no-sentence") one.sentence = "";
  Parameter depth{.name = "depth", .default_value = std::int64_t{4}, .unit = "", .sentence = "How deep.", .high = 8};
  if (wanted == "wild-default") depth.default_value = std::int64_t{9};
  if (wanted == "strategy") depth.name = "strategy";
  one.parameters = {depth};
  if (wanted == "twice") one.parameters.push_back(depth);
  if (wanted == "throw") throw std::runtime_error("not today");
  return one;
}

}  // namespace

HEADWAY_PLUGIN(policy());
