#include "models/layout/info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "models/layout/key_text.h"
#include "models/layout/measures.h"

namespace headway {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit) size /= 1024;
  return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units[unit]);
}

std::string use_text(std::uint8_t use) {
  std::string text;
  for (const auto& [bit, name] : {std::pair{1, "data"}, {2, "system"}, {4, "metadata"}})
    if (use & bit) text += fmt::format("{}{}", text.empty() ? "" : "+", name);
  return text;
}

void volume_info(const Layout& layout, Out out) {
  fmt::format_to(out, "{:>8} {:>20} {:>12} {:>10} {:>12}\n", "devid", "bytes", "", "chunks", "chunk bytes");
  const auto& volume = layout.volume;
  for (std::size_t d = 0; d < volume.devices().size(); ++d) {
    std::uint64_t stripes = 0, bytes = 0;
    for (const auto& chunk : volume.chunks()) {
      const auto copies = static_cast<std::uint64_t>(Volume::copies_of(chunk.profile));
      for (const auto& stripe : chunk.stripes) {
        if (stripe.device != d) continue;
        ++stripes;
        bytes += chunk.bytes / Volume::sets_of(chunk) / (copies > chunk.stripes.size() ? copies : 1);
      }
    }
    const auto& device = volume.devices()[d];
    fmt::format_to(out, "{:>8} {:>20} {:>12} {:>10} {:>12}\n", device.devid, device.bytes, size_text(device.bytes),
                   stripes, size_text(bytes));
  }
  std::map<std::pair<std::uint8_t, Profile>, std::pair<std::uint64_t, std::uint64_t>> kinds;
  for (const auto& chunk : volume.chunks()) {
    auto& [count, bytes] = kinds[{chunk.use, chunk.profile}];
    ++count;
    bytes += chunk.bytes;
  }
  fmt::format_to(out, "\n{:>16} {:>10} {:>8} {:>20} {:>12}\n", "use", "profile", "chunks", "bytes", "");
  for (const auto& [kind, sum] : kinds)
    fmt::format_to(out, "{:>16} {:>10} {:>8} {:>20} {:>12}\n", use_text(kind.first), to_string(kind.second), sum.first,
                   sum.second, size_text(sum.second));
}

void tree_info(const TreeMeasures& tree, Out out) {
  for (const auto& level : tree.levels) {
    fmt::format_to(out, "{:>18} {:>5} {:>11}", level.level == tree.levels.front().level ? tree_text(tree.objectid) : "",
                   level.level, level.blocks);
    if (level.pairs() > 0)
      fmt::format_to(out, " {:>9.1f}% {:>9.1f}% {:>12} {:>12}", 100 * level.adjacent_share(),
                     100 * level.backward_share(), level.jump_quantile_nodes(0.5), level.jump_quantile_nodes(0.9));
    else
      fmt::format_to(out, " {:>10} {:>10} {:>12} {:>12}", "-", "-", "-", "-");
    if (level.fill_blocks > 0)
      fmt::format_to(out, " {:>6.1f}%\n", 100 * level.fill_mean());
    else
      fmt::format_to(out, " {:>7}\n", "-");
  }
}

std::string extents_info(const Layout& layout) {
  if (layout.extents.empty()) return "";
  std::uint64_t leaves = 0, bytes = 0;
  for (const std::uint8_t known : layout.extents.known) leaves += known;
  for (const std::uint64_t one : layout.extents.bytes) bytes += one;
  return fmt::format("file data behind {} leaves: {} extents, {} bytes ({})\n", leaves, layout.extents.size(), bytes,
                     size_text(bytes));
}

void histogram(const TreeMeasures& tree, Out out) {
  LevelMeasures all;  // of all levels
  for (const auto& level : tree.levels) {
    all.adjacent += level.adjacent;
    all.blocks += level.pairs();
    for (std::size_t i = 0; i < jump_buckets; ++i) {
      all.forward_jumps[i] += level.forward_jumps[i];
      all.backward_jumps[i] += level.backward_jumps[i];
    }
  }
  if (all.blocks == 0) return;
  std::uint64_t most = all.adjacent;
  std::size_t last = 0;
  for (std::size_t i = 0; i < jump_buckets; ++i) {
    most = std::max({most, all.forward_jumps[i], all.backward_jumps[i]});
    if (all.forward_jumps[i] + all.backward_jumps[i] > 0) last = i;
  }
  constexpr std::uint64_t bar_columns = 24;
  const auto bar = [&](std::uint64_t count) {
    return std::string(static_cast<std::size_t>((count * bar_columns + most - 1) / most), '#');
  };
  fmt::format_to(out, "\njumps of {} between neighbours in key order, all levels, in node sizes\n",
                 tree_text(tree.objectid));
  fmt::format_to(out, "{:>22} {:>10} {:>24} | {:<24} {:>10}\n", "distance", "backward", "", "", "forward");
  fmt::format_to(out, "{:>22} {:>10} {:>24} | {:<24} {:>10}\n", "none (adjacent)", "", "", bar(all.adjacent),
                 all.adjacent);
  for (std::size_t i = 0; i <= last; ++i) {
    const std::uint64_t low = i == 0 ? 0 : std::uint64_t{1} << (i - 1);
    const std::uint64_t high = (std::uint64_t{1} << i) - 1;
    const std::string range = low >= high ? fmt::format("{}", low) : fmt::format("{} to {}", low, high);
    if (i == 0 && all.forward_jumps[0] + all.backward_jumps[0] == 0) continue;
    fmt::format_to(out, "{:>22} {:>10} {:>24} | {:<24} {:>10}\n", range, all.backward_jumps[i],
                   bar(all.backward_jumps[i]), bar(all.forward_jumps[i]), all.forward_jumps[i]);
  }
}

}  // namespace

std::string layout_info(const Layout& layout, std::optional<std::uint64_t> tree) {
  const Forest& forest = layout.forest;
  std::string text;
  const Out out(text);
  std::string source = layout.source;
  if (source.size() > 84) source = source.substr(0, 81) + "...";
  fmt::format_to(out, "made from {}\n{} blocks of {} bytes ({}), {} pointers, {} trees\n{}\n", source, forest.blocks(),
                 forest.node_bytes, size_text(forest.blocks() * std::uint64_t{forest.node_bytes}), forest.pointers(),
                 forest.trees.size(), extents_info(layout));
  volume_info(layout, out);
  fmt::format_to(out, "\n{:>18} {:>5} {:>11} {:>10} {:>10} {:>12} {:>12} {:>7}\n", "tree", "level", "blocks",
                 "adjacent", "backward", "median jump", "90% jump", "fill");
  TreeMeasures shown;
  for (std::uint32_t i = 0; i < forest.trees.size(); ++i) {
    TreeMeasures measures = measure_tree(layout, i);
    tree_info(measures, out);
    if (tree ? measures.objectid == *tree : measures.blocks() > shown.blocks()) shown = std::move(measures);
  }
  histogram(shown, out);
  return text;
}

}  // namespace headway
