// What makes a policy's file a plug-in: behind its Policy, one line.
//
//   const headway::Policy elevator{.name = "elevator", .sentence = ..., .make = ...};
//   HEADWAY_PLUGIN(elevator);                       // or several: HEADWAY_PLUGIN(up_only, elevator);
//
// The same file linked into the program, with HEADWAY_LINKED_IN defined, has no use for the line.
//
// A plug-in is compiled against these headers and shares their types with the program, which therefore takes only one
// that was built against the same: the stamp says what it was built against, down to the last byte of core's headers
// and to how the compiler and its standard library lay objects out. It is data, which the program reads before it runs
// any of the plug-in's code.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/interface_digest.h"
#include "core/strategy.h"

namespace headway {

struct PluginStamp {
  static constexpr std::uint32_t current = 1;

  std::array<char, 16> magic{};  // by which it is found in the file
  std::uint32_t version = current;  // of this struct and of the entry
  std::array<char, 64> headers{};   // core's, their SHA-256
  std::array<char, 32> library{};   // the standard library and which of its ABIs, ended by zeros
  std::array<std::uint16_t, 8> sizes{};  // of what goes to and fro, in bytes
};

namespace detail {

template <std::size_t size>
constexpr std::array<char, size> letters(std::string_view text) {
  std::array<char, size> all{};
  for (std::size_t i = 0; i < size && i < text.size(); ++i) all[i] = text[i];
  return all;
}

#if defined(_LIBCPP_VERSION)
inline constexpr std::string_view library = "libc++";
#elif defined(_GLIBCXX_DEBUG)
inline constexpr std::string_view library = "libstdc++, debug mode";
#elif _GLIBCXX_USE_CXX11_ABI
inline constexpr std::string_view library = "libstdc++, C++11 ABI";
#else
inline constexpr std::string_view library = "libstdc++, ABI before C++11";
#endif

}  // namespace detail

inline constexpr std::string_view plugin_magic = "headway plug-in:";
// Of what is being compiled here, as the program has it and as each plug-in does.
inline constexpr PluginStamp plugin_stamp{
    .magic = detail::letters<16>(plugin_magic),
    .headers = detail::letters<64>(HEADWAY_INTERFACE_DIGEST),
    .library = detail::letters<32>(detail::library),
    .sizes = {sizeof(std::string), sizeof(std::vector<Parameter>), sizeof(Parameter), sizeof(Policy), sizeof(Context),
              sizeof(Forest), sizeof(Volume), sizeof(Read)}};

// What a plug-in has: filled by its entry.
struct PluginContents {
  std::vector<const Policy*> policies;
};

}  // namespace headway

#ifdef HEADWAY_LINKED_IN
#define HEADWAY_PLUGIN(...) static_assert(true, "")
#else
#define HEADWAY_PLUGIN(...)                                                                            \
  extern "C" {                                                                                         \
  __attribute__((visibility("default"))) extern const headway::PluginStamp headway_plugin_stamp;       \
  const headway::PluginStamp headway_plugin_stamp = headway::plugin_stamp;                             \
  __attribute__((visibility("default"))) void headway_plugin(headway::PluginContents& contents);       \
  void headway_plugin(headway::PluginContents& contents) {                                             \
    for (const auto& policy : std::initializer_list<std::reference_wrapper<const headway::Policy>>{__VA_ARGS__}) \
      contents.policies.push_back(&policy.get());                                                      \
  }                                                                                                    \
  }                                                                                                    \
  static_assert(true, "")
#endif
