// One random case for a policy: a small layout, parameters, work on it and what comes of its reads, held against what
// must be true of every policy. From the case's numbers alone the same comes out again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/strategy.h"
#include "core/testing/random_world.h"

namespace headway {

enum class PropertyId : std::uint8_t {
  throws_nothing, sound_reads, not_in_memory, not_in_flight, sound_hits, sound_zones, finishes,
  ends_in_time, reads_once, brings_all, lets_go, deterministic, returns
};

struct Property {
  PropertyId id;
  std::string_view name;
  std::string_view sentence;
};

// In the order of PropertyId.
std::span<const Property> properties();
const Property& property(PropertyId id);

struct Failure {
  PropertyId id;
  std::string what;
};

class Trial {
 public:
  using Case = testing::Case;
  using Teller = std::function<void(const std::string& line)>;

  // What a policy that was not made here says that it left out (Strategy::left_out()) it need not have read.
  enum class LeavesOut : std::uint8_t { nothing, what_it_says };

  Trial(const Policy& policy, const Case& c, LeavesOut leaves_out)
      : policy_(policy), case_(c), leaves_out_(leaves_out) {}

  // What was broken first; nothing if all held. Twice the same work, for whether it is decided alike. What the policy
  // does to this process is not caught: `teller` gets each line of the story as it comes.
  std::optional<Failure> run(const Teller& teller = {});

  // Of the first time.
  std::uint64_t decisions() const { return decisions_; }
  // Whether all had to be read, and was: else reads_once, ends_in_time and brings_all have not been looked at.
  bool whole() const { return whole_; }
  // Whether memory had a bound, for lets_go.
  bool bounded() const { return case_.room > 0; }
  // The layout, and what happened, a line each.
  const std::vector<std::string>& story() const { return story_; }

 private:
  const Policy& policy_;
  const Case case_;
  const LeavesOut leaves_out_;
  std::uint64_t decisions_ = 0;
  bool whole_ = false;
  std::vector<std::string> story_;
};

}  // namespace headway
