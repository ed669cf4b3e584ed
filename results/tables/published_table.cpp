// See published_table.h.
#include "results/tables/published_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/letters.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

// In a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char letter : printable(text)) {
    if (letter == '|' || letter == '<' || letter == '>') out += '\\';
    out += letter;
  }
  return out;
}

// Of the scenario of that name beside the one that `of` is of.
const Results* find_other(const std::vector<Results>& all, const Results& of, const std::string& scenario) {
  const fs::path file = (fs::path(of.scenario_file).parent_path() / scenario).lexically_normal();
  const auto is_it = [&](const Results& other) { return fs::path(other.scenario_file).lexically_normal() == file; };
  const auto found = std::ranges::find_if(all, is_it);
  return found == all.end() ? nullptr : &*found;
}

struct Counts {
  std::size_t interval = 0, range = 0, outside = 0, unknown = 0;

  void add(Standing standing) {
    ++(standing == Standing::interval || standing == Standing::equal ? interval
       : standing == Standing::range                                 ? range
       : standing == Standing::outside                               ? outside
                                                                     : unknown);
  }
  std::string sentence() const {
    std::string text = fmt::format(
        "{} published figures: {} inside the interval, equal or inside the span published, {} inside the range, {} "
        "outside",
        interval + range + outside + unknown, interval, range, outside);
    return text + (unknown > 0 ? fmt::format(", {} without a value.", unknown) : ".");
  }
};

}  // namespace

std::string published_lines(const Results& results) {
  constexpr std::size_t columns = 100;
  constexpr std::string_view head = "published  ";
  std::string lines;
  for (const Beside& beside : beside_published(results)) {
    const BesideTexts texts = texts_of(beside);
    const std::string text =
        fmt::format("{}: {}, here {}: {}", beside.published.what, texts.published, texts.here, texts.verdict);
    lines += fmt::format("{}{}\n", head, wrapped(printable(text), head.size(), columns));
  }
  return lines;
}

PublishedTable published_table(const std::vector<Results>& all) {
  std::vector<const Results*> in_order;
  for (const Results& results : all) in_order.push_back(&results);
  std::ranges::stable_sort(in_order, {}, [](const Results* results) { return results->scenario_file; });
  const auto others = [&](const Results& of, const std::string& name) { return find_other(all, of, name); };
  PublishedTable table;
  table.markdown = "| what | published | here | verdict | scenario | source |\n|---|---|---|---|---|---|\n";
  Counts counts;
  for (const Results* results : in_order) {
    const std::string scenario = fs::path(results->scenario_file).stem().string();
    for (const Beside& beside : beside_published(*results, others)) {
      const Published& published = beside.published;
      const BesideTexts texts = texts_of(beside);
      table.markdown += fmt::format("| {} | {} | {} | {} | `{}` | {} |\n", cell(published.what), texts.published,
                                    texts.here, cell(texts.verdict), scenario, cell(published.source));
      counts.add(beside.standing);
      if (beside.standing == Standing::unknown || (beside.standing == Standing::outside && published.outside.empty()))
        table.missing.push_back(fmt::format("{}: {}: {}", results->scenario_file, published.what, beside.verdict()));
    }
  }
  table.markdown += fmt::format("\n{}\n", counts.sentence());
  return table;
}

std::string with_table(const std::string& text, const std::string& table, const std::string& file) {
  const std::size_t begin = text.find(published_begin), end = text.find(published_end);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    throw InputError(file, "", fmt::format("lines \"{}\" and \"{}\", in this order", published_begin, published_end),
                     "not both");
  return fmt::format("{}{}\n\n{}\n{}", text.substr(0, begin), published_begin, table, text.substr(end));
}

}  // namespace headway
