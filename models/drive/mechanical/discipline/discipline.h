// The contract of a queue discipline: which of the commands that a mechanical drive holds it serves next.
//
// A discipline is a type with
//   static constexpr Kind kind            its name, what it does in a sentence, its source
//   Pick pick(const QueueView& queue)     the choice: whenever the heads are free and a command waits
// It may keep state of its own, as the direction of a sweep; without any (an empty class) it is not asked while one
// command waits. What has waited beyond the queue's max_age_s is served before it is asked. It must not allocate: a
// choice is made for every read.
//
// How to add one: its file here, NAME.h; its line in disciplines.h; a test of the order in which it serves.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "models/drive/kind_table.h"
#include "models/drive/mechanical/mechanics.h"
#include "models/drive/mechanical/pending.h"
#include "models/drive/mechanical/read_ahead.h"

namespace headway {

// What a discipline sees when it chooses.
struct QueueView {
  const PendingQueue& pending;  // at least one
  const Mechanics& mechanics;   // the heads, where they are
  const ReadAhead& buffer;
  double start_s = 0;  // when the heads can begin to move

  std::uint32_t cylinder() const { return mechanics.cylinder(); }
  std::uint32_t last_cylinder() const { return mechanics.model().geometry.cylinders() - 1; }
};

// What it chose.
struct Pick {
  std::size_t index = 0;     // in QueueView::pending
  bool by_the_edge = false;  // the heads go to `edge_cylinder` first
  std::uint32_t edge_cylinder = 0;
};

template <class Type>
concept QueueDiscipline = std::default_initializable<Type> && requires(Type discipline, const QueueView& queue) {
  { Type::kind } -> std::convertible_to<Kind>;
  { discipline.pick(queue) } -> std::same_as<Pick>;
};

}  // namespace headway
