// Where the texts of an SVG stand: each in a box as wide as its letters are (text_size.h), turned as it is.
#pragma once

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "plots/text_size.h"

namespace headway::testing {

struct TextBox {
  std::string text;
  double size;                                   // of its font, px
  std::array<std::array<double, 2>, 4> corners;  // px, y downwards
};

struct DrawnTexts {
  double width, height;
  std::vector<TextBox> boxes;
};

inline DrawnTexts drawn_texts(const std::string& svg) {
  DrawnTexts drawn{};
  std::smatch size;
  if (std::regex_search(svg, size, std::regex(R"re(width="(\d+)" height="(\d+)")re")))
    drawn = {std::stod(size[1]), std::stod(size[2]), {}};
  const std::string place = R"re(translate\(([-\d.]+),([-\d.]+)\)(?: rotate\(([-\d.]+)\))?"[^>]*)re";
  const std::string look = R"re(font-size="([\d.]+)"\s+text-anchor="(\w+)">\s*)re";
  const std::regex form(place + look + R"re(<text[^>]*>(?:<tspan[^>]*>)?([^<]*)<)re");
  for (auto at = std::sregex_iterator(svg.begin(), svg.end(), form); at != std::sregex_iterator(); ++at) {
    std::string text = (*at)[6];
    for (const auto& [from, to] : {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
      text = std::regex_replace(text, std::regex(from), to);
    if (text.find_first_not_of(' ') == std::string::npos) continue;
    const double x = std::stod((*at)[1]), y = std::stod((*at)[2]), em = std::stod((*at)[4]);
    const double turn = (*at)[3].length() > 0 ? std::stod((*at)[3]) * std::acos(-1) / 180 : 0;
    const double wide = text_ems(text) * em;
    const double left = (*at)[5] == "start" ? 0 : (*at)[5] == "end" ? -wide : -wide / 2;
    TextBox box{text, em, {}};
    const std::array<std::array<double, 2>, 4> flat = {
        {{left, -0.76 * em}, {left + wide, -0.76 * em}, {left + wide, 0.2 * em}, {left, 0.2 * em}}};
    for (std::size_t i = 0; i < flat.size(); ++i)
      box.corners[i] = {x + flat[i][0] * std::cos(turn) - flat[i][1] * std::sin(turn),
                        y + flat[i][0] * std::sin(turn) + flat[i][1] * std::cos(turn)};
    drawn.boxes.push_back(std::move(box));
  }
  return drawn;
}

// By more than `slack` along every side's direction of either.
inline bool overlap(const TextBox& a, const TextBox& b, double slack) {
  for (const TextBox* box : {&a, &b}) {
    for (std::size_t side = 0; side < 2; ++side) {
      const double dx = box->corners[side + 1][0] - box->corners[side][0];
      const double dy = box->corners[side + 1][1] - box->corners[side][1], length = std::hypot(dx, dy);
      const auto range = [&](const TextBox& of) {
        double low = INFINITY, high = -INFINITY;
        for (const auto& corner : of.corners) {
          const double at = (corner[0] * dx + corner[1] * dy) / length;
          low = std::min(low, at);
          high = std::max(high, at);
        }
        return std::pair(low, high);
      };
      const auto [a_low, a_high] = range(a);
      const auto [b_low, b_high] = range(b);
      if (std::min(a_high, b_high) - std::max(a_low, b_low) < slack) return false;
    }
  }
  return true;
}

// What is wrong with the texts: those beyond the page, and pairs upon each other. Empty where nothing is. The letters
// upon lines are smaller than all else, and are where their lines are.
inline std::string wrong_texts(const std::string& svg) {
  const DrawnTexts drawn = drawn_texts(svg);
  std::string wrong;
  double size = 0;
  for (const TextBox& box : drawn.boxes) size = std::max(size, box.size);
  for (std::size_t i = 0; i < drawn.boxes.size(); ++i) {
    const TextBox& box = drawn.boxes[i];
    if (box.size < 0.95 * size) continue;
    for (const auto& [x, y] : box.corners) {
      if (x >= -0.5 && x <= drawn.width + 0.5 && y >= -0.5 && y <= drawn.height + 0.5) continue;
      wrong += fmt::format("\"{}\" is cut at {:.0f},{:.0f} of {},{}\n", box.text, x, y, drawn.width, drawn.height);
      break;
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (drawn.boxes[other].size >= 0.95 * size && overlap(box, drawn.boxes[other], 1))
        wrong += fmt::format("\"{}\" is upon \"{}\"\n", box.text, drawn.boxes[other].text);
    }
  }
  return wrong;
}

}  // namespace headway::testing
