// See stamp.h.
#include "sim/plugins/stamp.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "core/plugin.h"

namespace headway {

namespace {

template <std::size_t size>
std::string_view text(const std::array<char, size>& letters) {
  return {letters.data(), ::strnlen(letters.data(), size)};
}

std::string other_headers(const PluginStamp& stamp) {
  return fmt::format(
      "one built against other headers ({:.12} instead of {:.12}): build it again against those of this program",
      text(stamp.headers), text(plugin_stamp.headers));
}

std::string other_sizes(const PluginStamp& stamp) {
  std::size_t i = 0;
  while (stamp.sizes[i] == plugin_stamp.sizes[i]) ++i;
  constexpr std::array names{"std::string", "std::vector", "Parameter", "Policy",
                             "Context",     "Forest",      "Volume",    "Read"};
  static_assert(names.size() == std::tuple_size_v<decltype(PluginStamp::sizes)>);
  return fmt::format("one whose compiler gives {} {} bytes instead of {}", names[i], stamp.sizes[i],
                     plugin_stamp.sizes[i]);
}

std::string why_other(const PluginStamp& stamp) {
  if (stamp.version != plugin_stamp.version)
    return fmt::format("one for version {} of the interface, which this program has in version {}", stamp.version,
                       plugin_stamp.version);
  if (stamp.headers != plugin_stamp.headers) return other_headers(stamp);
  if (stamp.library != plugin_stamp.library)
    return fmt::format("one built with {} instead of {}", text(stamp.library), text(plugin_stamp.library));
  if (stamp.sizes != plugin_stamp.sizes) return other_sizes(stamp);
  return "";
}

}  // namespace

std::string why_not_ours(std::string_view bytes) {
  std::string why = "a shared object without HEADWAY_PLUGIN(...)";
  bool is_first = true;  // what is no stamp may begin like one
  for (auto at = bytes.find(plugin_magic); at != bytes.npos; at = bytes.find(plugin_magic, at + 1)) {
    if (bytes.size() - at < sizeof(PluginStamp)) break;
    PluginStamp stamp;
    std::memcpy(&stamp, bytes.data() + at, sizeof stamp);
    const std::string other = why_other(stamp);
    if (other.empty()) return "";
    if (std::exchange(is_first, false)) why = other;
  }
  return why;
}

}  // namespace headway
