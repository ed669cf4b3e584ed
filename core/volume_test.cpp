#include "core/volume.h"

#include <doctest/doctest.h>

#include <tuple>

#include "core/base/error.h"

using namespace headway;

namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t stripe = 65536;

std::vector<Device> devices(std::size_t count) {
  std::vector<Device> all;
  for (std::uint64_t id = 1; id <= count; ++id) all.push_back({id, 100 * mib});
  return all;
}

// Stripe i on device i, at (i + 1) MiB.
Chunk chunk(Profile profile, std::uint16_t stripes, std::uint64_t bytes = 8 * mib) {
  Chunk chunk{.logical = 16 * mib, .bytes = bytes, .profile = profile};
  if (profile == Profile::raid10) chunk.sub_stripes = 2;
  for (std::uint16_t i = 0; i < stripes; ++i)
    chunk.stripes.push_back({profile == Profile::dup ? DeviceIndex{0} : i, (i + 1) * mib});
  return chunk;
}

Mapping mapped(Profile profile, std::uint16_t stripes, std::uint64_t offset) {
  return Volume("test", devices(stripes), {chunk(profile, stripes)}).map(16 * mib + offset);
}

void check_copy(const Mapping& mapping, int copy, int device, std::uint64_t physical) {
  CHECK(mapping.copy[static_cast<std::size_t>(copy)].device == device);
  CHECK(mapping.copy[static_cast<std::size_t>(copy)].physical == physical);
}

}  // namespace

TEST_CASE("mirrored profiles keep the offset on every copy") {
  for (const auto& [profile, copies] :
       {std::pair{Profile::single, 1}, {Profile::raid1, 2}, {Profile::raid1c3, 3}, {Profile::raid1c4, 4}}) {
    const auto mapping = mapped(profile, static_cast<std::uint16_t>(copies), 12345);
    REQUIRE(mapping.copies == copies);
    for (int i = 0; i < copies; ++i) check_copy(mapping, i, i, static_cast<std::uint64_t>(i + 1) * mib + 12345);
    CHECK(mapping.bytes_left == 8 * mib - 12345);
  }
  const auto dup = mapped(Profile::dup, 2, 4096);
  check_copy(dup, 0, 0, mib + 4096);
  check_copy(dup, 1, 0, 2 * mib + 4096);
}

TEST_CASE("RAID0 deals stripes of 64 KiB to the devices in turn") {
  // Stripe 7 of 3 devices: row 2, device 1.
  const auto mapping = mapped(Profile::raid0, 3, 7 * stripe + 100);
  check_copy(mapping, 0, 1, 2 * mib + 2 * stripe + 100);
  CHECK(mapping.stripe_set == 1);
  CHECK(mapping.bytes_left == stripe - 100);
}

TEST_CASE("RAID10 deals stripes to pairs") {
  // Stripe 5 over 2 pairs: row 2, pair 1 = devices 2 and 3.
  const auto mapping = mapped(Profile::raid10, 4, 5 * stripe);
  REQUIRE(mapping.copies == 2);
  check_copy(mapping, 0, 2, 3 * mib + 2 * stripe);
  check_copy(mapping, 1, 3, 4 * mib + 2 * stripe);
  CHECK(mapping.stripe_set == 1);
}

TEST_CASE("RAID5 and RAID6 rotate by one device a row") {
  // RAID5 on 3: rows (D0 D1 P), (P D2 D3), (D5 P D4): stripe 3 is in row 1, second data stripe, device 2.
  check_copy(mapped(Profile::raid5, 3, 3 * stripe), 0, 2, 3 * mib + stripe);
  check_copy(mapped(Profile::raid5, 3, 5 * stripe), 0, 0, 1 * mib + 2 * stripe);
  // RAID6 on 4: 2 data stripes a row; stripe 5 is in row 2, second, device (1 + 2) % 4.
  check_copy(mapped(Profile::raid6, 4, 5 * stripe), 0, 3, 4 * mib + 2 * stripe);
}

TEST_CASE("a stripe set lists its devices by mirror number") {
  const Volume volume("test", devices(4), {chunk(Profile::raid10, 4)});
  CHECK(volume.stripe_set_count() == 2);
  CHECK(volume.devices_of_set(1) == std::vector<DeviceIndex>{2, 3});
  CHECK(volume.chunk_of_set(1) == 0);
}

TEST_CASE("devices are sorted by devid and stripes follow") {
  auto shuffled = std::vector<Device>{{7, 100 * mib}, {3, 100 * mib}};
  const Volume volume("test", shuffled, {chunk(Profile::raid1, 2)});
  CHECK(volume.devices()[0].devid == 3);
  CHECK(volume.chunks()[0].stripes[0].device == 1);
}

TEST_CASE("a volume that cannot be is refused") {
  const auto refused = [](std::vector<Chunk> chunks) { CHECK_THROWS_AS(Volume("t", devices(3), chunks), InputError); };
  refused({chunk(Profile::raid1, 3)});
  refused({chunk(Profile::raid10, 3)});
  refused({chunk(Profile::single, 1, 0)});
  refused({chunk(Profile::single, 1, 100 * mib)});  // ends past its device
  refused({chunk(Profile::single, 1), chunk(Profile::single, 1)});
  auto twice = chunk(Profile::raid1, 2);
  twice.stripes[1].device = 0;
  refused({twice});
  CHECK_THROWS_AS(Volume("t", std::vector<Device>{{1, mib}, {1, mib}}, {}), InputError);
}

TEST_CASE("tight to the device's end: a stripe takes its share of the chunk, rounded up") {
  // 8 MiB over three devices are 2,796,202 2/3 bytes each; over two pairs, and two data stripes beside a parity, 4 MiB.
  const auto fits = [](Profile profile, std::uint16_t stripes, std::uint64_t stripe_bytes) {
    auto all = devices(stripes);
    all.back().bytes = stripes * mib + stripe_bytes;
    try {
      Volume("test", all, {chunk(profile, stripes)});
    } catch (const InputError&) {
      return false;
    }
    return true;
  };
  CHECK(fits(Profile::raid0, 3, 2796203));
  CHECK_FALSE(fits(Profile::raid0, 3, 2796202));
  for (const auto& [profile, stripes] : {std::pair{Profile::raid10, 4}, {Profile::raid5, 3}, {Profile::raid6, 4}}) {
    CHECK(fits(profile, static_cast<std::uint16_t>(stripes), 4 * mib));
    CHECK_FALSE(fits(profile, static_cast<std::uint16_t>(stripes), 4 * mib - 1));
  }
}

TEST_CASE("one copy's place agrees with the whole mapping, for every profile") {
  for (const auto& [profile, stripes] :
       {std::pair{Profile::single, 1}, {Profile::dup, 2}, {Profile::raid0, 3}, {Profile::raid1, 2},
        {Profile::raid1c3, 3}, {Profile::raid1c4, 4}, {Profile::raid10, 6}, {Profile::raid5, 4}, {Profile::raid6, 5}}) {
    const Volume volume("test", devices(6), {chunk(profile, static_cast<std::uint16_t>(stripes), 6 * mib)});
    for (std::uint64_t offset = 0; offset < 6 * mib; offset += 12345) {
      const auto mapping = volume.map(16 * mib + offset);
      for (std::uint8_t copy = 0; copy < mapping.copies; ++copy)
        REQUIRE(volume.physical_in(0, mapping.stripe_set, copy, 16 * mib + offset) == mapping.copy[copy].physical);
    }
  }
}

TEST_CASE("a device's stripe of a row agrees with the mapping, and the rest of the row is parity") {
  for (const auto& [profile, stripes, parity] :
       {std::tuple{Profile::raid0, 3, 0}, {Profile::raid10, 6, 0}, {Profile::raid5, 4, 1}, {Profile::raid6, 5, 2}}) {
    const Chunk one = chunk(profile, static_cast<std::uint16_t>(stripes), 6 * mib);
    const Volume volume("test", devices(6), {one});
    const std::uint64_t data = Volume::data_stripes_of(one);
    CHECK(Volume::parity_of(profile) == parity);
    for (std::uint64_t row = 0; row < 6 * mib / stripe / data; ++row) {
      int parities = 0;
      for (std::size_t i = 0; i < one.stripes.size(); ++i) {
        const std::uint32_t place = Volume::place_in_row(one, i, row);
        if (parity > 0) REQUIRE(Volume::stripe_in_row(one, place, row) == i);
        parities += place >= data;
        if (place >= data) continue;
        const auto mapping = volume.map(16 * mib + (row * data + place) * stripe);
        bool there = false;
        for (int copy = 0; copy < mapping.copies; ++copy) {
          const Copy& at = mapping.copy[static_cast<std::size_t>(copy)];
          there = there || (at.device == i && at.physical == one.stripes[i].physical + row * stripe);
        }
        REQUIRE(there);
      }
      REQUIRE(parities == parity);
    }
  }
}
