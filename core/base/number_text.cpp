// See number_text.h.
#include "core/base/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace headway {

namespace {

// The power of ten of the first figure, once rounded to so many figures: 999.96 has 3 with four figures.
int magnitude(double size, int figures) {
  const std::string text = fmt::format("{:.{}e}", size, figures - 1);
  return std::stoi(text.substr(text.find('e') + 1));
}

constexpr int most_places = 9, most_figures = 7;

// So many places behind the point; below zero, rounded to tens or hundreds. Never "-0".
std::string with_places(double value, int places) {
  const double step = std::pow(10, -std::min(places, 0));
  std::string text = fmt::format("{:.{}f}", places < 0 ? std::round(value / step) * step : value, std::max(places, 0));
  if (text.find_first_not_of("-0.") == std::string::npos && text[0] == '-') text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > 3 + (text[0] == '-' ? 1 : 0); i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

// Of a value that stands alone.
int places_of(double value) {
  const double size = std::abs(value);
  if (size == 0) return 0;
  if (size < 1) return std::min(2 - magnitude(size, 3), most_places);
  return std::max(0, std::min(2, 3 - magnitude(size, 4)));
}

// Of a value with its interval: as many as the interval's second figure has.
int places_of(double value, double half) {
  if (!(half > 0) || !std::isfinite(half)) return places_of(value);
  const int of_figures = value == 0 ? most_places : most_figures - 1 - magnitude(std::abs(value), most_figures);
  return std::min(1 - magnitude(half, 2), std::clamp(of_figures, 0, most_places));
}

constexpr double beyond = 1e15;  // what a double holds whole, about: longer numbers nobody reads

}  // namespace

std::string figure_text(double value, bool whole) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  if (size >= beyond) return fmt::format("{:.3e}", value);
  constexpr double mean_of_few = 100;  // from here on the fraction of a mean of counts says nothing
  if (whole && (size >= mean_of_few || value == std::floor(value))) return with_places(value, 0);
  const double least = std::pow(10, -most_places);
  if (value != 0 && size < least / 2) return fmt::format("{}{:.{}f}", value < 0 ? ">-" : "<", least, most_places);
  return with_places(value, places_of(value));
}

std::string figure_text(double value, double half, bool whole) {
  if (!(half > 0) || !std::isfinite(half) || !std::isfinite(value)) return figure_text(value, whole);
  if (std::max(std::abs(value), half) >= beyond)
    return fmt::format("{} ±{}", figure_text(value, whole), figure_text(half, false));
  const int places = places_of(value, half);
  const double step = std::pow(10, -places);
  const double shown = places < 1 - magnitude(half, 2) ? std::ceil(half / step) * step : half;
  return fmt::format("{} ±{}", with_places(value, places), with_places(shown, places));
}

std::string signed_text(double value, double half) {
  if (!std::isfinite(value)) return "-";
  if (std::abs(value) >= beyond) return value < 0 ? "below -10^15" : "above +10^15";
  constexpr int enough_places = 6;  // a change in the last bit is as good as none
  const std::string text = with_places(value, std::min(places_of(value, half), enough_places));
  return text[0] == '-' ? text : "+" + text;
}

std::string plain_text(double value, int figures) {
  if (!std::isfinite(value)) return "-";
  if (value == 0) return "0";
  if (std::abs(value) >= beyond) return fmt::format("{:.{}g}", value, figures);
  std::string text = with_places(value, figures - 1 - magnitude(std::abs(value), figures));
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<TypedNumber> typed_number(std::string_view text) {
  TypedNumber typed{.is_percent = text.ends_with('%')};
  if (typed.is_percent) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), typed.value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(typed.value)) return std::nullopt;
  if (typed.is_percent) typed.value /= 100;
  return typed;
}

}  // namespace headway
