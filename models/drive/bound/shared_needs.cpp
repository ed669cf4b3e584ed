#include "models/drive/bound/shared_needs.h"

#include <algorithm>
#include <limits>

#include "core/bound/balance.h"

namespace headway {

namespace {

constexpr double link_weights[] = {0.02, 0.2};

// Bytes between a copy and what lies before it; of the first, more than any command reads.
double gap_bytes(const WantedCopy& copy) {
  if (copy.before == 0 || copy.before > copy.offset_bytes) return copy.before == 0 ? 1e18 : 0;
  return static_cast<double>(copy.offset_bytes - copy.before);
}

// A part that each byte passes: no command spares it.
template <class CostOf>
Reckoning of_all(std::span<const WantedCopy> copies, double opening_s, CostOf&& cost_of) {
  Reckoning all{.cost_s = {}, .opening_s = {opening_s}};
  for (const WantedCopy& copy : copies) all.cost_s.push_back(rounded_down(cost_of(copy)));
  return all;
}

// A part that a command costs, whatever it reads, beside the link.
template <class CostOf>
void add_of_commands(std::vector<Reckoning>& all, std::span<const WantedCopy> copies, double opening_s,
                     double link_opening_s, double bytes_per_s, CostOf&& cost_of) {
  for (const double w : link_weights) {
    all.push_back(of_all(copies, (1 - w) * opening_s + w * link_opening_s, [&](const WantedCopy& copy) {
      const double apart_s = (1 - w) * cost_of(copy), merged_s = w * gap_bytes(copy) / bytes_per_s;
      return w * static_cast<double>(copy.bytes) / bytes_per_s + std::min(apart_s, merged_s);
    }));
  }
}

// The pages of one copy, as the drive cuts it.
template <class Visit>
void for_each_page(const SolidStateModel& model, const WantedCopy& copy, Visit&& visit) {
  const std::uint64_t end = copy.offset_bytes + copy.bytes;
  for (std::uint64_t at = copy.offset_bytes; at < end;) {
    const std::uint64_t page = at / model.page_bytes;
    const std::uint64_t bytes = std::min(end - at, model.page_bytes - at % model.page_bytes);
    const std::uint64_t channel = page % model.channels;
    visit(channel, channel * model.dies_per_channel + page / model.channels % model.dies_per_channel,
          static_cast<double>(bytes));
    at += bytes;
  }
}

struct FlashLoads {
  std::vector<double> die_s, channel_s;
  double smallest_piece = 0;  // bytes

  FlashLoads(const SolidStateModel& model, std::span<const WantedCopy> copies)
      : die_s(std::size_t{model.channels} * model.dies_per_channel), channel_s(model.channels) {
    double least = std::numeric_limits<double>::infinity();
    for (const WantedCopy& copy : copies) {
      for_each_page(model, copy, [&](std::uint64_t channel, std::uint64_t die, double bytes) {
        die_s[die] += model.page_read_s;
        channel_s[channel] += bytes / model.channel_bytes_per_s;
        least = std::min(least, bytes);
      });
    }
    smallest_piece = copies.empty() ? 0 : least;
  }
};

std::uint64_t busiest(const std::vector<double>& load_s) {
  return static_cast<std::uint64_t>(std::ranges::max_element(load_s) - load_s.begin());
}

}  // namespace

std::vector<Reckoning> shared_needs(const SolidStateModel& model, const QueueSpec& queue,
                                    std::span<const WantedCopy> copies, std::vector<float>& alone_s) {
  const FlashLoads loads(model, copies);
  const double link = model.host_bytes_per_s;
  const double piece_out_s = loads.smallest_piece / model.channel_bytes_per_s;
  const double piece_over_s = loads.smallest_piece / link;
  // The first data come from a die, unless there is a command that goes on: it may overtake the one it goes on from.
  const bool overtakes = std::ranges::any_of(copies, &WantedCopy::may_go_on);
  const double first_page_s = model.command_s + (overtakes ? 0 : model.page_read_s);
  const double link_opening_s = first_page_s + piece_out_s;
  // Of a command without and with its dies, alone at the drive.
  const auto going_on_s = [&](const WantedCopy& copy) {
    return model.command_s + piece_out_s + static_cast<double>(copy.bytes) / link;
  };
  double shortest_s = std::numeric_limits<double>::infinity();
  for (const WantedCopy& copy : copies) {
    shortest_s = std::min(shortest_s, going_on_s(copy));
    alone_s.push_back(rounded_down(going_on_s(copy) + (copy.may_go_on ? 0 : model.page_read_s)));
  }
  const auto pages_s = [&](const WantedCopy& copy, std::uint64_t only_die, double share) {
    double sum_s = 0;
    for_each_page(model, copy, [&](std::uint64_t, std::uint64_t die, double) {
      if (only_die == UINT64_MAX || die == only_die) sum_s += model.page_read_s;
    });
    return sum_s * share;
  };
  const auto dies = static_cast<double>(loads.die_s.size());
  const std::uint64_t channel = busiest(loads.channel_s), die = busiest(loads.die_s);
  std::vector<Reckoning> all;
  all.push_back(of_all(copies, link_opening_s,
                       [&](const WantedCopy& copy) { return static_cast<double>(copy.bytes) / link; }));
  const double channel_opening_s = first_page_s + piece_over_s;
  all.push_back(of_all(copies, channel_opening_s, [&](const WantedCopy& copy) {
    return static_cast<double>(copy.bytes) / model.channel_bytes_per_s / model.channels;
  }));
  all.push_back(of_all(copies, 0, [&](const WantedCopy& copy) {
    double sum_s = 0;
    for_each_page(model, copy, [&](std::uint64_t own, std::uint64_t, double bytes) {
      if (own == channel) sum_s += bytes / model.channel_bytes_per_s;
    });
    return sum_s;
  }));
  add_of_commands(all, copies, copies.empty() ? 0 : shortest_s - model.pipeline_s, link_opening_s, link,
                  [&](const WantedCopy&) { return model.pipeline_s; });
  add_of_commands(all, copies, 0, link_opening_s, link, [&](const WantedCopy& copy) {
    return (going_on_s(copy) + model.page_read_s) / queue.depth;
  });
  add_of_commands(all, copies, model.command_s + piece_out_s + piece_over_s, link_opening_s, link,
                  [&](const WantedCopy& copy) { return pages_s(copy, UINT64_MAX, 1 / dies); });
  add_of_commands(all, copies, 0, link_opening_s, link,
                  [&](const WantedCopy& copy) { return pages_s(copy, die, 1); });
  return all;
}

std::vector<Reckoning> shared_needs(const ConstantModel& model, const QueueSpec& queue,
                                    std::span<const WantedCopy> copies, std::vector<float>& alone_s) {
  const auto moving_s = [&](const WantedCopy& copy) { return static_cast<double>(copy.bytes) / model.bytes_per_s; };
  for (const WantedCopy& copy : copies) alone_s.push_back(rounded_down(model.latency_s + moving_s(copy)));
  std::vector<Reckoning> all;
  all.push_back(of_all(copies, model.latency_s, moving_s));
  add_of_commands(all, copies, 0, model.latency_s, model.bytes_per_s, [&](const WantedCopy& copy) {
    return (model.latency_s + moving_s(copy)) / queue.depth;
  });
  return all;
}

}  // namespace headway
