// A table of kinds: types that do the same, each in its own way, in the order in which people read their names. One
// line adds one. What a name stands for and what help, errors and schemas say of it both come from here.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headway {

// What people are told of one kind. Each type of a table has it as its static member `kind`.
struct Kind {
  std::string_view name;
  std::string_view sentence;
  std::string_view source;  // where it comes from; empty for what needs none
};

template <class... Types>
struct KindTable {
  using Variant = std::variant<Types...>;
  static constexpr std::array<Kind, sizeof...(Types)> kinds{Types::kind...};

  // Calls use.operator()<Type>() for the type at `place`; Result is what it returns.
  template <class Result, class Use>
  static Result with(std::size_t place, const Use& use) {
    static constexpr std::array<Result (*)(const Use&), sizeof...(Types)> calls{
        +[](const Use& one) -> Result { return one.template operator()<Types>(); }...};
    return calls[place](use);
  }

  // A new one of the kind at `place`.
  static Variant make(std::size_t place) {
    return with<Variant>(place, []<class Type>() { return Variant(Type()); });
  }
};

std::vector<std::string> names_of(std::span<const Kind> kinds);
// The sentence with a name and its sentence behind it for each kind: what a key that takes their names is described by.
std::string with_sentences(std::string_view sentence, std::span<const Kind> kinds);

// The place of a name in its table. Throws InputError with the nearest name for one that is not there; `what` says what
// it would name.
std::size_t place_of(std::string_view name, std::span<const Kind> kinds, std::string_view what);

}  // namespace headway
