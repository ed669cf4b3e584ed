// reada-5.16: the engine as it ended, in Linux v5.16 fs/btrfs/reada.c, before it was removed.
//
// What is other than in 2011 (commits of Zhao Lei's series in v4.6 unless said otherwise):
//  * Up to BTRFS_MAX_MIRRORS (5: RAID1C4 and one for a replacement) copies; of DUP the first is read (though both are
//    counted in the zone); a device that is missing is passed over.
//  * "Simplify reada_in_flight": the count drops when the read has been submitted, not when it ends, so the bound of 6
//    holds for submitters at a time, not for reads in flight. in_flight_accounting: completion puts that back.
//  * A work re-queues two others whenever it has started anything, but not beyond 2 x BTRFS_MAX_MIRRORS live works
//    (2fefd558).
//  * A waiter restarts the machine every 100 ms while no work is alive (4fe7a0e1).
//  * A readahead whose root is refused is an error to its caller, who returns before the machine is started.
//  * An extent without records ends the device's turn: in this engine no such extent exists, so nothing follows.
//  * The zone's end is inclusive in comparisons: nothing follows for aligned blocks.
//  * Its workers, and so its reads, are of the idle I/O class (3d136a11).
// Left out: device replacement.
#include "core/reada/engine.h"

namespace headway {

namespace {

constexpr std::uint32_t max_mirrors = 5;  // BTRFS_MAX_MIRRORS

reada::Settings settings_of_5_16() {
  reada::Settings settings;
  settings.most_copies = max_copies;
  settings.dup_first_copy = true;
  settings.count_until_completion = false;
  settings.requeue_after_any_start = true;
  settings.start_when_refused = false;
  settings.most_live_works = 2 * max_mirrors;
  settings.restart_interval_s = 0.1;
  settings.idle_class = true;
  return settings;
}

}  // namespace

extern const Policy policy_reada_5_16;
const Policy policy_reada_5_16{
    .name = "reada-5.16",
    .sentence = "btrfs readahead as it ended: all profiles, six submitters a device instead of six reads in flight.",
    .source = "Linux v5.16 fs/btrfs/reada.c",
    .parameters = reada::declare(settings_of_5_16()),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<reada::Engine>(context, reada::settings_from(values, settings_of_5_16()));
    }};

}  // namespace headway
