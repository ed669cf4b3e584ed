// After warm-up no drive allocates: submit, next_event_s and advance are the engine's innermost loop.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>

#include "models/drive/library.h"
#include "models/drive/test_drive.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace headway;

namespace {

// Bursts of 100 reads, each waited for.
void bursts(Drive& drive, double& now_s, int count) {
  const std::uint64_t pages = drive.capacity_bytes() / 4096;
  for (int burst = 0; burst < count; ++burst) {
    for (std::uint64_t i = 0; i < 100; ++i)
      drive.submit({.tag = i,
                    .offset_bytes = (i * 7919 + static_cast<std::uint64_t>(burst) * 104729) % pages * 4096,
                    .bytes = 4096,
                    .stream = static_cast<std::uint16_t>(i % 3)},
                   now_s);
    DriveCompletion done;
    for (int finished = 0; finished < 100;) {
      now_s = drive.next_event_s();
      while (drive.advance(now_s, done)) ++finished;
    }
  }
}

}  // namespace

TEST_CASE("no drive allocates after warm-up, behind no scheduler and by no discipline") {
  const auto check = [](const char* drive_name, std::string_view discipline, std::string_view scheduler) {
    CAPTURE(drive_name);
    CAPTURE(discipline);
    CAPTURE(scheduler);
    const auto drive =
        make_drive(load_drive(drive_name),
                   {.discipline = discipline_of(discipline), .depth = 32, .scheduler = scheduler_of(scheduler)}, 1);
    double now_s = 0;
    bursts(*drive, now_s, 2);
    const std::size_t before = allocations;
    bursts(*drive, now_s, 20);
    CHECK(allocations == before);
  };
  for (const char* name : {"seagate-constellation2-1tb", "seagate-exos-2x18-18tb", "samsung-850-pro-1tb", "constant"}) {
    for (const Kind& scheduler : schedulers()) check(name, "sptf", scheduler.name);
  }
  for (const Kind& discipline : disciplines()) check("seagate-constellation2-1tb", discipline.name, "none");
}
