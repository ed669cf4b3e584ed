// Plug-ins in this process: what they decide, and what a stamp tells. As users have them: plugins_test.sh.
#include "sim/plugins/plugin.h"

#include <doctest/doctest.h>

#include <cstring>

#include "core/base/testing/sanitized.h"
#include "core/plugin.h"
#include "core/properties/trial.h"
#include "sim/plugins/apart.h"
#include "sim/plugins/policy_check.h"
#include "sim/plugins/stamp.h"
#include "sim/testing.h"

extern const headway::Policy policy_elevator;  // scenarios/own-policy/, linked in

using namespace headway;
using namespace headway::testing;

namespace {

const std::filesystem::path plugins = HEADWAY_PLUGINS;

const Policy& loaded(const char* plugin, const char* name) {
  load_plugin(plugins / plugin);
  return *find_policy(name);
}

void decides_as_the_linked_in(const Policy& plugin) {
  std::uint64_t decisions = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Trial ours(policy_elevator, random_case(seed), Trial::LeavesOut::nothing);
    Trial theirs(plugin, random_case(seed), Trial::LeavesOut::nothing);
    CHECK_FALSE(ours.run());
    CHECK_FALSE(theirs.run());
    CHECK(ours.story() == theirs.story());
    decisions += ours.decisions();
  }
  CHECK(decisions > 5000);
}

std::string stamp_bytes(const PluginStamp& stamp) {
  std::string bytes(sizeof stamp, '\0');
  std::memcpy(bytes.data(), &stamp, sizeof stamp);
  return "\x7f"
         "ELF, and then " +
         bytes + " and more";
}

}  // namespace

TEST_CASE("a policy decides as a plug-in what it decides when it is linked in") {
  const Policy& plugin = loaded("elevator.so", "elevator");
  REQUIRE(&plugin != &policy_elevator);
  decides_as_the_linked_in(plugin);
}

#ifdef HEADWAY_IN_PYTHON
TEST_CASE("a policy decides in Python what it decides in C++") {
  load_plugin(HEADWAY_IN_PYTHON);
  const Policy& plugin = *find_policy("elevator-py");
  CHECK(names(plugin.parameters) == names(policy_elevator.parameters));
  decides_as_the_linked_in(plugin);
}
#endif

TEST_CASE("a stamp tells in words what a plug-in was built for") {
  CHECK(why_not_ours(stamp_bytes(plugin_stamp)).empty());
  CHECK(why_not_ours("a shared object of something else").find("without HEADWAY_PLUGIN") != std::string::npos);
  CHECK(why_not_ours(plugin_magic).find("without HEADWAY_PLUGIN") != std::string::npos);  // cut short
  PluginStamp other = plugin_stamp;
  other.version = 7;
  CHECK(why_not_ours(stamp_bytes(other)).find("version 7") != std::string::npos);
  other = plugin_stamp;
  other.headers[0] = 'x';
  CHECK(why_not_ours(stamp_bytes(other)).find("build it again") != std::string::npos);
  CHECK(why_not_ours(stamp_bytes(other) + stamp_bytes(plugin_stamp)).empty());  // the first is not the plug-in's own
  other = plugin_stamp;
  other.library = headway::detail::letters<32>("libc++");
  CHECK(why_not_ours(stamp_bytes(other)).find("libc++") != std::string::npos);
  other = plugin_stamp;
  other.sizes[3] = 8;
  CHECK(why_not_ours(stamp_bytes(other)).find("Policy 8 bytes") != std::string::npos);
}

TEST_CASE("what runs apart says how it ended, and what it did before") {
  const Apart sound = run_apart(
      [](const Say& say) {
        say("a");
        say("b");
      },
      10);
  CHECK(sound.done);
  CHECK(sound.said == "ab");
  const Apart left = run_apart(
      [](const Say& say) {
        say("a");
        std::exit(3);
      },
      10);
  CHECK_FALSE(left.done);
  CHECK(left.said == "a");
  CHECK(left.how_it_ended(10) == "with code 3");
  CHECK(run_apart([](const Say&) { std::abort(); }, 10).how_it_ended(10).find("signal 6") != std::string::npos);
  const Apart stuck = run_apart([](const Say&) { ::pause(); }, 0.05);
  CHECK_FALSE(stuck.in_time);
  CHECK(stuck.how_it_ended(0.05).find("nothing within 0.05 s") != std::string::npos);
}

// Where core's assertions are compiled in, one of them may end the case before what it must keep is looked at.
#ifdef NDEBUG
constexpr bool core_asserts = false;
#else
constexpr bool core_asserts = true;
#endif

// Each with the property that must find it, in however few cases.
TEST_CASE("the check of policies finds each planted fault, and a small case that shows it") {
  const std::vector<std::pair<const char*, PropertyId>> planted{{"reads-twice", PropertyId::not_in_flight},
                                                                {"forgets-one", PropertyId::brings_all},
                                                                {"ends-early", PropertyId::ends_in_time},
                                                                {"never-ends", PropertyId::finishes},
                                                                {"ends-twice", PropertyId::finishes},
                                                                {"reads-memory", PropertyId::not_in_memory},
                                                                {"looks-once", PropertyId::not_in_memory},
                                                                {"invents-hits", PropertyId::sound_hits},
                                                                {"other-copys-place", PropertyId::sound_reads},
                                                                {"unknown-block", PropertyId::sound_reads},
                                                                {"keeps-hold", PropertyId::lets_go},
                                                                {"by-address", PropertyId::deterministic},
                                                                {"by-lot", PropertyId::deterministic},
                                                                {"by-clock", PropertyId::deterministic},
                                                                {"remembers", PropertyId::deterministic},
                                                                {"throws", PropertyId::throws_nothing},
                                                                {"throws-at-once", PropertyId::throws_nothing},
                                                                {"dies", PropertyId::returns},
                                                                {"exits", PropertyId::returns}};
  load_plugin(plugins / "faults.so");
  std::size_t small = 0;
  for (const auto& [name, id] : planted) {
    if (testing::sanitized && std::string_view(name) == "by-address") continue;  // its allocator places all alike
    INFO(std::string(name));
    const PolicyCheck check = check_policy(*find_policy(name), {.cases = 100});
    const auto found = std::ranges::find_if(check.counter_examples, [&](const CounterExample& example) {
      return example.id == id || (core_asserts && example.id == PropertyId::returns);
    });
    REQUIRE(found != check.counter_examples.end());
    CHECK(found->what != "");
    CHECK(found->story.size() > 2);
    small += found->least.nodes <= 40 && found->least.devices <= 2;
  }
  CHECK(check_policy(*find_policy("sound"), {.cases = 300}).holds());
  CHECK(small >= 14);  // what goes by chance or by addresses may not be shrunk
  CHECK(check_policy(*find_policy("level-order"), {.cases = 50}).holds());
}
