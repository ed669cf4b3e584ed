// A drive that was fitted, tried: requests of a log through it.
#pragma once

#include <vector>

#include "core/base/json_node.h"
#include "models/drive/replay.h"

namespace headway::fit {

// Of [begin, end), or as far as the log goes.
RequestLog part_of(const RequestLog& log, std::size_t begin, std::size_t end);

// One request at a time, each after the pause that the log has. `file`: as of drive_file().
std::vector<Replayed> run(const Json& file, const RequestLog& log);

// Those that did not wait: whose measured times are a drive's alone.
std::vector<Replayed> alone(std::vector<Replayed> all);

// Whether it was served without the heads.
inline bool by_buffer(const Replayed& one) { return one.seek_s == 0 && one.rotation_s == 0 && one.transfer_s == 0; }

}  // namespace headway::fit
