// The list of all host schedulers. A new one is a file beside this one and its line here; the first is what a queue has
// that names none.
#pragma once

#include "models/drive/host/bfq.h"
#include "models/drive/host/kyber.h"
#include "models/drive/host/mq_deadline.h"
#include "models/drive/host/no_scheduler.h"
#include "models/drive/host/scheduler.h"
#include "models/drive/host/zfs.h"

namespace headway {

template <HostScheduler... Types>
using SchedulerTable = KindTable<Types...>;

using Schedulers = SchedulerTable<NoScheduler, MqDeadline, Bfq, Kyber, Zfs>;

}  // namespace headway
