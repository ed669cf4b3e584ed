// Controls: the readaheads at work, what each wants, and how much of it is still to come.
//
// A control is one handle's (the kernel's reada_control) or, where a policy asks for it, a part of another one's work:
//  * a restart: a branch whose node was of another generation than its pointer expected is walked again from the root;
//    the control that met it counts the restart as one element.
//  * with one control an extent, a readahead that meets an extent of another's waits for that readahead as a whole, as
//    for one element. Where that would close a circle it does not wait.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "core/forest.h"
#include "core/key.h"
#include "core/read.h"

namespace headway::reada {

using ControlId = std::uint32_t;
inline constexpr ControlId no_control = UINT32_MAX;
inline constexpr HandleId no_handle = UINT32_MAX;

struct Control {
  Key start;
  Key end;
  BlockId root = no_block;
  HandleId handle = no_handle;     // of a control that has no parent
  ControlId parent = no_control;   // of a restart
  std::uint64_t elements = 0;
  std::uint8_t references = 0;     // the caller's, and one for having elements
  bool trusts_generations = false; // a restart has read its pointers anew
};

class Controls {
 public:
  ControlId add_handle(HandleId handle, const Key& start, const Key& end, BlockId root) {
    if (handle >= of_handle_.size()) of_handle_.resize(handle + 1, no_control);
    of_handle_[handle] = static_cast<ControlId>(controls_.size());
    controls_.push_back({.start = start, .end = end, .root = root, .handle = handle, .references = 2});
    return of_handle_[handle];
  }
  ControlId add_restart(ControlId parent, const Key& start, const Key& end) {
    controls_.push_back({.start = start, .end = end, .root = controls_[parent].root, .parent = parent,
                         .references = 1, .trusts_generations = true});
    ++controls_[parent].elements;
    return static_cast<ControlId>(controls_.size() - 1);
  }

  Control& operator[](ControlId control) { return controls_[control]; }
  const Control& operator[](ControlId control) const { return controls_[control]; }
  ControlId of_handle(HandleId handle) const { return of_handle_[handle]; }

  void put(ControlId control) {
    assert(controls_[control].references > 0);
    --controls_[control].references;
  }

  // `waiter` counts `other` as one element, once; not if `other` waits, however indirectly, for `waiter`.
  void wait_for(ControlId waiter, ControlId other) {
    if (waits_for_.size() < controls_.size()) waits_for_.resize(controls_.size());
    for (const ControlId known : waits_for_[waiter]) {
      if (known == other) return;
    }
    if (waits(other, waiter)) return;
    waits_for_[waiter].push_back(other);
    ++controls_[waiter].elements;
  }

  // Calls `drop` for each control that counted `control` as an element.
  template <class Drop>
  void release_waiters(ControlId control, Drop drop) {
    for (ControlId waiter = 0; waiter < waits_for_.size(); ++waiter) {
      for (std::size_t i = 0; i < waits_for_[waiter].size(); ++i) {
        if (waits_for_[waiter][i] != control) continue;
        waits_for_[waiter].erase(waits_for_[waiter].begin() + static_cast<std::ptrdiff_t>(i));
        drop(waiter);
        break;
      }
    }
  }

  std::size_t live() const {
    std::size_t count = 0;
    for (const auto& control : controls_) count += control.references > 0;
    return count;
  }

 private:
  // The handle's control that a restart works for.
  ControlId whose(ControlId control) const {
    while (controls_[control].parent != no_control) control = controls_[control].parent;
    return control;
  }

  // Whether `waiter`, or a restart of it, waits for `other` or a restart of that, over any number of steps.
  bool waits(ControlId waiter, ControlId other) const {
    if (whose(waiter) == whose(other)) return true;
    for (ControlId part = 0; part < waits_for_.size(); ++part) {
      if (whose(part) != whose(waiter)) continue;
      for (const ControlId next : waits_for_[part]) {
        if (waits(next, other)) return true;
      }
    }
    return false;
  }

  std::vector<Control> controls_;
  std::vector<ControlId> of_handle_;
  std::vector<std::vector<ControlId>> waits_for_;  // empty unless one control an extent is asked for
};

}  // namespace headway::reada
