// What the engine did not read ahead, told to people.
#include <fmt/format.h>

#include "core/reada/engine.h"

namespace headway::reada {

std::vector<std::string> Engine::left_out() const {
  std::vector<std::string> sentences;
  const auto say = [&](Refusal refusal, const std::string& sentence) {
    const std::uint64_t times = left_out_[static_cast<std::size_t>(refusal)];
    if (times > 0) sentences.push_back(fmt::format("{} ({} time{})", sentence, times, times == 1 ? "" : "s"));
  };
  say(Refusal::one_device,
      "it refuses a block with both copies on one device (DUP), and all below it, as the kernel did, whose table takes a "
      "block once a device; the parameter \"dup\": \"first-copy\" reads the first");
  say(Refusal::many_copies,
      fmt::format("it refuses a block with more than {} copies, and all below it (the parameter \"max_copies\")",
                  settings_.most_copies));
  say(Refusal::straddling, "it refuses a block that no single stripe holds whole, and all below it");
  say(Refusal::no_memory, "memory for a block or a readahead could not be had");
  say(Refusal::other_generation,
      "a node was of another generation than its pointer expects, and its branch was left out (the parameter "
      "\"on_generation_mismatch\": \"restart\" walks to it again)");
  say(Refusal::failed, "a read failed, and it tries no other copy: what lies below was left out");
  return sentences;
}

}  // namespace headway::reada
