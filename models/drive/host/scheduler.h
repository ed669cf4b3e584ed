// The contract of a host's scheduler: in which order requests go to a drive that holds as many as its queue is deep.
//
// A scheduler is a type with
//   static constexpr Kind kind            its name, what it does in a sentence, its source
//   static constexpr bool in_order        what goes in comes out, in that order and whenever it is asked; it then has
//                                         empty() as well
//   add(request, now_s)                   a request has come
//   take(request, now_s) -> bool          whether it lets one go, and which: asked whenever the drive has room; one
//                                         that is not in order may hold requests back
//   completed(finished)                   a request of its is done
//   wake_s()                              when to ask again although nothing was added or completed; +infinity: never
// One that has to know whether the drive rotates, or what its queue says, has a constructor that takes that
// (made_for()). Dates never go back.
// After warm-up it must not allocate: host_pool.h and fifo.h keep their memory.
//
// How to add one: its file here, NAME.h; its line in schedulers.h; a test of what it lets go when.
#pragma once

#include <concepts>

#include "models/drive/host/host_request.h"
#include "models/drive/kind_table.h"
#include "models/drive/queue_spec.h"

namespace headway {

template <class Type>
concept HostScheduler = std::default_initializable<Type> && std::movable<Type> &&
    requires(Type scheduler, const HostRequest& added, HostRequest& taken, const Finished& finished, double now_s) {
  { Type::kind } -> std::convertible_to<Kind>;
  { Type::in_order } -> std::convertible_to<bool>;
  scheduler.add(added, now_s);
  { scheduler.take(taken, now_s) } -> std::same_as<bool>;
  scheduler.completed(finished);
  { scheduler.wake_s() } -> std::same_as<double>;
};

// A scheduler above a drive that rotates, or that does not.
template <HostScheduler Scheduler>
Scheduler made_for(bool rotational, const QueueSpec& queue) {
  if constexpr (std::constructible_from<Scheduler, const QueueSpec&>)
    return Scheduler(queue);
  else if constexpr (std::constructible_from<Scheduler, bool>)
    return Scheduler(rotational);
  else
    return Scheduler();
}

}  // namespace headway
