// The list of all queue disciplines. A new one is a file beside this one and its line here; the first is what a queue
// has that names none.
#pragma once

#include "models/drive/mechanical/discipline/c_look.h"
#include "models/drive/mechanical/discipline/fcfs.h"
#include "models/drive/mechanical/discipline/look.h"
#include "models/drive/mechanical/discipline/scan.h"
#include "models/drive/mechanical/discipline/sptf.h"
#include "models/drive/mechanical/discipline/sptf_exact.h"
#include "models/drive/mechanical/discipline/sstf.h"

namespace headway {

template <QueueDiscipline... Types>
using DisciplineTable = KindTable<Types...>;

using Disciplines = DisciplineTable<Fcfs, Sstf, Scan, Look, CLook, Sptf, SptfExact>;

}  // namespace headway
