// walk: the traditional enumeration, a tree search that goes depth first, in key order, one read at a time.
//
// It is what every readahead is measured against. Source: Linux fs/btrfs/ctree.c, btrfs_search_slot and
// btrfs_next_leaf without readahead (READA_NONE).
#include "core/walker.h"

namespace headway {

extern const Policy policy_walk;
const Policy policy_walk{.name = "walk",
                         .sentence = "Traditional enumeration: depth first, in key order, one read at a time.",
                         .source = "Linux fs/btrfs/ctree.c, btrfs_search_slot",
                         .parameters = copy::declare(),
                         .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
                           return std::make_unique<Walker>(context, values);
                         },
                         .is_search = true};

}  // namespace headway
