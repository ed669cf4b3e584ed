// The list of all policies. A new one is a file in policies/ that defines its Policy, and its line here; those of
// plug-ins come in while the program runs.
#include <algorithm>
#include <cassert>

#include "core/strategy.h"

namespace headway {

extern const Policy policy_bcachefs;
extern const Policy policy_e2fsck;
extern const Policy policy_clairvoyant;
extern const Policy policy_level_order;
extern const Policy policy_path_reada;
extern const Policy policy_reada_2011;
extern const Policy policy_reada_5_16;
extern const Policy policy_sorted_scan;
extern const Policy policy_walk;
extern const Policy policy_xfs_repair;
extern const Policy policy_xfs_sibling;

namespace {

bool by_name(const Policy* a, const Policy* b) { return a->name < b->name; }

std::vector<const Policy*>& sorted() {
  static std::vector<const Policy*> all = [] {
    std::vector<const Policy*> list{&policy_bcachefs,    &policy_clairvoyant, &policy_e2fsck,     &policy_level_order,
                                    &policy_path_reada,  &policy_reada_2011,  &policy_reada_5_16, &policy_sorted_scan,
                                    &policy_walk,        &policy_xfs_repair,  &policy_xfs_sibling};
    std::sort(list.begin(), list.end(), by_name);
    return list;
  }();
  return all;
}

}  // namespace

std::span<const Policy* const> policies() { return sorted(); }

const Policy* find_policy(std::string_view name) {
  const auto& all = sorted();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Policy* policy) { return policy->name == name; });
  return at == all.end() ? nullptr : *at;
}

void add_policy(const Policy& policy) {
  assert(find_policy(policy.name) == nullptr);
  auto& all = sorted();
  all.insert(std::lower_bound(all.begin(), all.end(), &policy, by_name), &policy);
}

std::vector<std::string> policy_names() {
  std::vector<std::string> all;
  for (const Policy* policy : sorted()) all.push_back(policy->name);
  return all;
}

}  // namespace headway
