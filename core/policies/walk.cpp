// walk: the traditional enumeration, a tree search that goes depth first, in key order, one read at a time.
//
// It is what every readahead is measured against. Source: Linux fs/btrfs/ctree.c, btrfs_search_slot and
// btrfs_next_leaf without readahead. Parameter pid: which copy the process reads (Walker tells).
#include "core/walker.h"

namespace headway {

extern const Policy policy_walk;
const Policy policy_walk{
    .name = "walk",
    .sentence = "Traditional enumeration: depth first, in key order, one read at a time.",
    .source = "Linux fs/btrfs/ctree.c, btrfs_search_slot",
    .parameters = {{.name = "pid",
                    .default_value = std::int64_t{0},
                    .sentence = "Number of the reading process; pid modulo the number of copies is the copy it reads.",
                    .low = 0,
                    .high = 4194304}},
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<Walker>(context, static_cast<std::uint64_t>(values.integer("pid")));
    }};

}  // namespace headway
