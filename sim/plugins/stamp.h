// Whether a plug-in was built for this program, read off its file without running any of it.
#pragma once

#include <string>
#include <string_view>

namespace headway {

// The "found" half of an error; empty where the plug-in fits. `bytes`: the file's.
std::string why_not_ours(std::string_view bytes);

}  // namespace headway
