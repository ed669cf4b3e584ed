// The report: one page for a browser, with everything in it, from the results and what lies beside them.
#pragma once

#include <filesystem>

#include "core/volume.h"

namespace headway {

// Whether this build has the page: it needs Node when headway is built.
bool has_report();

// Writes the report of a results.json, or of the directory that holds one, to `out`, whole or not at all. Reads come
// from traces, curves from interval files (or traces), the scenario from its file where it is still the one that ran;
// what is not there is left out and said to be. With the volume that was read (may be null) a read's zone names the
// mirror peers that hold it as well. Throws InputError for results that cannot be read, and where !has_report().
void write_report(const std::filesystem::path& results, const std::filesystem::path& out, const Volume* volume);

}  // namespace headway
