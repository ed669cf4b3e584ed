// See text_size.h.
#include "plots/text_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

#include "core/base/letters.h"

namespace headway {

namespace {

// Of DejaVu Sans 2.37, from the blank to the tilde, in thousandths of an em (its hmtx table, rounded up).
constexpr std::array<std::uint16_t, 95> ascii = {
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361,  318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635,  611, 733, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353,  635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592,  525, 637, 337, 637, 838};

double ems_of_letter(std::string_view letter) {
  const auto first = static_cast<unsigned char>(letter.front());
  if (letter.size() == 1) return first >= ' ' && first <= '~' ? ascii[first - ' '] / 1000.0 : 1;
  const std::size_t columns = display_width(letter);
  if (columns >= 2) return letter.size() >= 4 ? 1.3 : 1;  // emoji; East Asian
  return columns == 1 ? 0.84 : 0;                         // signs, and the wide ones of Cyrillic
}

double ems_of_line(std::string_view line) {
  double ems = 0;
  for (const std::string& letter : letters_of(line)) ems += ems_of_letter(letter);
  return ems;
}

bool may_break_after(const std::string& letter) {
  return letter.size() == 1 && std::string_view("-_/ ").find(letter[0]) != std::string_view::npos;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : std::string(between)) + part;
  return all;
}

// In as many lines as it takes.
std::vector<std::string> broken(const std::vector<std::string>& letters, double ems) {
  std::vector<std::string> out(1);
  double shown = 0;           // of the last line
  std::size_t breakable = 0;  // where that may be broken
  for (const std::string& letter : letters) {
    const double wide = ems_of_letter(letter);
    if (shown + wide > ems && shown > 0) {
      const std::size_t cut = breakable > 0 ? breakable : out.back().size();
      std::string rest = out.back().substr(cut);
      out.back().resize(cut);
      shown = ems_of_line(rest);
      out.push_back(std::move(rest));
      breakable = 0;
    }
    out.back() += letter;
    shown += wide;
    if (may_break_after(letter)) breakable = out.back().size();
  }
  return out;
}

// Whether a cut before that letter is within a number. Of one of more than a few digits nobody will take a part for it.
bool cuts_number(const std::vector<std::string>& letters, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    return i < letters.size() && letters[i].size() == 1 && letters[i][0] >= '0' && letters[i][0] <= '9';
  };
  std::size_t begin = at, end = at;
  while (begin > 0 && digit(begin - 1)) --begin;
  while (digit(end)) ++end;
  return begin < at && at < end && end - begin <= 4;
}

// The first and the last letters, about so many in all, about an ellipsis; `at_end`: all of them last ones. A number is
// there or not: the 6 of 16 would be another one.
std::vector<std::string> without_middle(const std::vector<std::string>& letters, std::size_t kept, bool at_end) {
  std::size_t first = at_end ? 0 : (kept + 1) / 2;
  std::size_t last = letters.size() - (kept - first);
  while (cuts_number(letters, first)) --first;
  while (last > first && cuts_number(letters, last)) --last;
  std::vector<std::string> out(letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(first));
  out.emplace_back("…");
  out.insert(out.end(), letters.begin() + static_cast<std::ptrdiff_t>(last), letters.end());
  return out;
}

std::string shortened(std::string_view text, double ems, std::size_t lines, bool at_end) {
  const std::vector<std::string> letters = letters_of(text);
  std::vector<std::string> all = broken(letters, ems);
  constexpr double narrowest = 0.25;
  const auto most = static_cast<std::size_t>(ems * static_cast<double>(lines) / narrowest);
  for (std::size_t kept = std::min(letters.size(), most); all.size() > lines && kept > 1; --kept)
    all = broken(without_middle(letters, kept - 1, at_end), ems);
  all.resize(std::min(all.size(), lines));
  return joined(all, "\n");
}

}  // namespace

double text_ems(std::string_view text) {
  double ems = 0;
  for (const std::string& line : lines_of(text)) ems = std::max(ems, ems_of_line(line));
  return ems;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string wrapped_label(std::string_view text, double ems, std::size_t lines) {
  return shortened(printable(text), ems, lines, false);
}

std::vector<std::string> wrapped_labels(const std::vector<std::string>& texts, double ems, std::size_t lines) {
  std::vector<std::string> labels;
  for (const std::string& text : texts) labels.push_back(wrapped_label(text, ems, lines));
  const auto is_shared = [&](std::size_t i) {
    for (std::size_t other = 0; other < texts.size(); ++other) {
      if (labels[other] == labels[i] && texts[other] != texts[i]) return true;
    }
    return false;
  };
  for (const bool numbered : {false, true}) {
    std::vector<std::size_t> shared;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (is_shared(i)) shared.push_back(i);
    }
    std::map<std::string, std::size_t> numbers;  // by the whole name
    for (const std::size_t i : shared) {
      const std::string text = printable(texts[i]);
      const std::size_t number = numbers.try_emplace(text, numbers.size() + 1).first->second;
      const std::string tail = fmt::format("#{}", number);
      labels[i] =
          numbered ? shortened(text, ems - ems_of_line(tail), lines, false) + tail : shortened(text, ems, lines, true);
    }
  }
  return labels;
}

}  // namespace headway
