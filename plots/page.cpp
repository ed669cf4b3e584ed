// See page.h.
#include "plots/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include "core/base/letters.h"
#include "plots/text_size.h"

namespace headway {

namespace {

// Beyond it a number is told by its power of ten.
constexpr double longest_plain = 1e6;

std::string tick_name(double value, int decimals) {
  if (std::abs(value) >= longest_plain) return fmt::format("{:.4g}", value);
  const std::string name = fmt::format("{:.{}f}", value, decimals);
  return name.find_first_not_of("-0.") == std::string::npos ? fmt::format("{:.{}f}", 0.0, decimals) : name;
}

std::vector<Tick> linear_ticks(double low, double high, int most) {
  const Tics tics = tics_for(low, high, most);
  std::vector<Tick> ticks;
  const double first = std::ceil(low / tics.step - 1e-6), last = std::floor(high / tics.step + 1e-6);
  for (double i = first; i <= last && ticks.size() < 100; ++i) {
    const double value = i * tics.step;
    ticks.push_back({value, tick_name(value, tics.decimals)});
  }
  return ticks;
}

// Decades `stride` apart, or every 1, 2 and 5 of a decade where stride is 0.
std::vector<Tick> logarithmic_ticks(double low, double high, int stride) {
  std::vector<Tick> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (int power = first; power <= last; ++power) {
    for (int factor = 1; factor < 10; ++factor) {
      const double value = factor * std::pow(10, power);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const bool is_named =
          stride == 0 ? factor == 1 || factor == 2 || factor == 5 : factor == 1 && power % stride == 0;
      ticks.push_back({value, is_named ? fmt::format("{:g}", value) : ""});
    }
  }
  return ticks;
}

// The most ticks of which `fits` says that their names have room.
template <typename F>
std::vector<Tick> ticks_that_fit(const PlotAxis& axis, const F& fits) {
  std::vector<Tick> ticks;
  if (axis.logarithmic && axis.low > 0) {
    constexpr int widest_stride = 12;
    for (int stride = axis.high / axis.low < 100 ? 0 : 1; stride <= widest_stride; ++stride) {
      ticks = logarithmic_ticks(axis.low, axis.high, stride);
      if (fits(ticks)) return ticks;
    }
  }
  for (int most = 8; !axis.logarithmic && most >= 1; --most) {
    ticks = linear_ticks(axis.low, axis.high, most);
    if (fits(ticks)) return ticks;
  }
  return ticks;
}

// Between the middles of neighbours with names, at least that of both halves and a gap.
template <typename F>
bool have_room(const PlotAxis& axis, const std::vector<Tick>& ticks, double length, double gap, const F& size) {
  const Tick* last = nullptr;
  for (const Tick& tick : ticks) {
    if (tick.name.empty()) continue;
    if (last != nullptr) {
      const double apart = (axis.place(tick.at) - axis.place(last->at)) * length;
      if (apart < (size(*last) + size(tick)) / 2 + gap) return false;
    }
    last = &tick;
  }
  return true;
}

}  // namespace

double PlotAxis::place(double value) const {
  if (!(high > low)) return 0;
  return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

std::vector<Tick> ticks_across(const PlotAxis& axis, double width, double em) {
  return ticks_that_fit(axis, [&](const std::vector<Tick>& ticks) {
    return have_room(axis, ticks, width, 0.8 * em, [&](const Tick& tick) { return em * text_ems(tick.name); });
  });
}

std::vector<Tick> ticks_up(const PlotAxis& axis, double height, double em) {
  return ticks_that_fit(axis, [&](const std::vector<Tick>& ticks) {
    return have_room(axis, ticks, height, 0.6 * em, [&](const Tick&) { return line_ems * em; });
  });
}

std::vector<Tick> named_ticks(const std::vector<std::string>& names, double ems) {
  std::vector<Tick> ticks;
  for (std::string& name : wrapped_labels(names, ems, 1))
    ticks.push_back({static_cast<double>(ticks.size()), std::move(name)});
  return ticks;
}

double widest_ems(const std::vector<Tick>& ticks) {
  double ems = 0;
  for (const Tick& tick : ticks) ems = std::max(ems, text_ems(tick.name));
  return ems;
}

namespace {

double ems_of_names_below(const PlotAxis& x) { return x.slanted ? 1.2 + 0.6 * widest_ems(x.ticks) : 1.6; }

}  // namespace

double ems_below(const PlotAxis& x) {
  return (x.is_named ? ems_of_names_below(x) : 0.4) + (x.title.empty() ? 0.2 : 1.6);
}

double ems_left(const PlotAxis& y) {
  return 0.7 + (y.is_named ? widest_ems(y.ticks) : 0) + (y.title.empty() ? 0.2 : 1.4);
}

std::vector<std::string> device_names(const std::vector<std::uint64_t>& devids, double height, double em) {
  std::vector<std::string> names;
  for (const char* noun : {"device ", "dev ", ""}) {
    names.clear();
    double widest = 0;
    for (const std::uint64_t devid : devids) {
      names.push_back(fmt::format("{}{}", noun, devid));
      widest = std::max(widest, text_ems(names.back()));
    }
    if (widest * em <= height) break;
  }
  return names;
}

void draw_device_name(Page& page, const Box& box, const std::string& name) {
  const bool is_number = name[0] >= '0' && name[0] <= '9';
  page.text(box.right() + 1.1 * page.em(), box.middle(), name, Align::centre, {.turned = is_number ? 0 : -90});
}

Sentences::Sentences(const std::vector<std::string>& sentences, double page_width, double em) : em_(em) {
  const double ems = page_width / em - 0.8;
  for (const std::string& sentence : sentences) {
    std::string line;
    std::istringstream words(printable(sentence));
    for (std::string word; words >> word;) {
      if (!line.empty() && text_ems(line + " " + word) > ems) lines_.push_back(std::exchange(line, ""));
      line += (line.empty() ? "" : " ") + word;
      if (text_ems(line) <= ems) continue;
      for (std::string& part : lines_of(wrapped_label(line, ems, 100))) lines_.push_back(std::move(part));
      line = std::move(lines_.back());
      lines_.pop_back();
    }
    if (!line.empty()) lines_.push_back(line);
  }
}

double Sentences::height() const {
  return lines_.empty() ? 0 : em_ * (0.5 + line_ems * static_cast<double>(lines_.size()));
}

double em_of(const FigureOptions& options) { return options.font_pt / 72 * 2.54; }

double width_of(const FigureOptions& options, bool wide) {
  if (options.width_cm > 0) return options.width_cm;
  return wide ? options.text_cm : options.column_cm;
}

std::string x_title(const FigureOptions& options, std::string_view own) {
  return options.x_label.empty() ? std::string(own) : options.x_label;
}

std::string y_title(const FigureOptions& options, std::string_view own) {
  return options.y_label.empty() ? std::string(own) : options.y_label;
}

Sentences title_of(const FigureOptions& options, bool wide) {
  std::vector<std::string> sentences;
  if (!options.title.empty()) sentences.push_back(options.title);
  return {sentences, width_of(options, wide), em_of(options)};
}

double Page::em() const { return em_of(options_); }

void Page::size(double width, double height) {
  width_ = width;
  height_ = height;
  script_ = "set multiplot\nunset key\nset tics nomirror scale 0.4\nset grid lc rgb '#dddddd' lt 1 lw 0.6\n";
}

void Page::title(const Sentences& lines) {
  double y = height_ - 0.2 * em() - line_ems * em() / 2;
  for (const std::string& line : lines.lines()) {
    text(width_ / 2, y, line, Align::centre);
    y -= line_ems * em();
  }
}

void Page::foot(const Sentences& lines) {
  double y = lines.height() - line_ems * em() / 2 - 0.2 * em();
  for (const std::string& line : lines.lines()) {
    text(0.4 * em(), y, line, Align::left);
    y -= line_ems * em();
  }
}

std::string Page::place(double x, double y) const { return fmt::format("screen {},{}", x / width_, y / height_); }

void Page::text(double x, double y, std::string_view text, Align align, const TextLook& look) {
  if (text.empty()) return;
  const std::vector<std::string> lines = lines_of(text);
  const double turn = look.turned * std::acos(-1) / 180, step = line_ems * em();
  double along = step * static_cast<double>(lines.size() - 1) / 2;  // from the middle, at right angles to the lines
  for (const std::string& line : lines) {
    script_ += fmt::format("set label {} at {} {} noenhanced{} tc rgb '{}'\n", gnuplot_.text(line),
                           place(x - along * std::sin(turn), y + along * std::cos(turn)),
                           align == Align::left    ? "left"
                           : align == Align::right ? "right"
                                                   : "centre",
                           look.turned == 0 ? "" : fmt::format(" rotate by {}", look.turned), look.colour);
    along -= step;
  }
}

void Page::line(double from_x, double from_y, double to_x, double to_y, std::string_view look) {
  script_ += fmt::format("set arrow from {} to {} nohead {}\n", place(from_x, from_y), place(to_x, to_y), look);
}

void Page::rectangle(const Box& box, std::string_view look) {
  script_ += fmt::format("set object {} rectangle from {} to {} {}\n", ++objects_, place(box.left, box.bottom),
                         place(box.right(), box.top()), look);
}

void Page::mark(double x, double y, std::string_view look) {
  script_ += fmt::format("set label '' at {} point {}\n", place(x, y), look);
}

namespace {

std::string tics_script(char axis, const PlotAxis& of) {
  std::string marks;
  for (const Tick& tick : of.ticks)
    marks += fmt::format("{}\"\" {} {}", marks.empty() ? "" : ", ", tick.at, tick.name.empty() ? 1 : 0);
  return fmt::format("{0}\nset {1}range [{2}:{3}]\n{4}\n",
                     of.logarithmic ? fmt::format("set logscale {}", axis) : fmt::format("unset logscale {}", axis),
                     axis, of.low, of.high,
                     marks.empty() ? fmt::format("unset {}tics", axis) : fmt::format("set {}tics ({})", axis, marks));
}

}  // namespace

void Page::panel(const Box& box, const PlotAxis& x, const PlotAxis& y) {
  script_ += fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n",
      box.left / width_, box.right() / width_, box.bottom / height_, box.top() / height_);
  script_ += tics_script('x', x) + tics_script('y', y);
  const double size = em();
  for (const Tick& tick : x.ticks) {
    if (!x.is_named) break;
    const double at = box.left + x.place(tick.at) * box.width;
    if (x.slanted) {
      text(at + 0.3 * size, box.bottom - 0.7 * size, tick.name, Align::right, {.turned = slant_degrees});
    } else {
      text(at, box.bottom - 1.0 * size, tick.name, Align::centre);
    }
  }
  for (const Tick& tick : y.ticks) {
    if (y.is_named) text(box.left - 0.5 * size, box.bottom + y.place(tick.at) * box.height, tick.name, Align::right);
  }
  text(box.left + box.width / 2, box.bottom - (ems_of_names_below(x) + 0.8) * size, x.title, Align::centre);
  text(box.left - (1.3 + widest_ems(y.ticks)) * size, box.middle(), y.title, Align::centre, {.turned = 90});
}

void draw_colour_key(Page& page, const Box& box, PlotAxis of, const std::string& title) {
  if (of.ticks.empty()) of.ticks = ticks_up(of, box.height, page.em());
  page.raw(fmt::format("set colorbox user origin screen {},{} size screen {},{}\nset cbtics (\"\" {}) scale 0\n",
                       box.left / page.width(), box.bottom / page.height(), box.width / page.width(),
                       box.height / page.height(), of.low));
  for (const Tick& tick : of.ticks) {
    const double part = of.place(tick.at);
    if (part >= 0 && part <= 1)
      page.text(box.right() + 0.4 * page.em(), box.bottom + part * box.height, tick.name, Align::left);
  }
  page.text(box.right() + (1.2 + widest_ems(of.ticks)) * page.em(), box.middle(), title, Align::centre, {.turned = 90});
}

void Page::plot(std::string_view what) {
  script_ += fmt::format("plot {}\nunset label\nunset arrow\nunset object\nunset colorbox\n",
                         what.empty() ? "NaN notitle" : what);
  objects_ = 0;
}

void Page::draw() { gnuplot_.draw(script_ + "unset multiplot\n", width_, height_); }

}  // namespace headway
