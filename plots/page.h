// A page as it is composed: panels with their axes, and texts, all placed in centimetres from the lower left corner.
//
// Where gnuplot places titles and the numbers along axes depends on what it draws for: in an SVG they would stand lower
// than in a PDF, below the page's edge. So all texts are labels of ours at places of ours, each measured (text_size.h),
// and tics are as many as have room for their names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/figure.h"
#include "plots/gnuplot.h"

namespace headway {

struct Box {
  double left = 0, bottom = 0, width = 0, height = 0;
  double right() const { return left + width; }
  double top() const { return bottom + height; }
  double middle() const { return bottom + height / 2; }
};

class Page;

struct Tick {
  double at = 0;
  std::string name{};  // none: a mark alone
};

inline constexpr int slant_degrees = 35;

struct PlotAxis {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks{};
  std::string title{};
  bool is_named = true;  // false: where a neighbour shows the same axis
  bool slanted = false;  // the names below a panel, where they are wide: by slant_degrees

  double place(double value) const;  // 0 at its low end, 1 at its high one
};

// Round tics, as many as have room: across a panel of that width, or up one of that height (cm). Of a logarithmic axis
// decades, and what lies between them where there are few.
std::vector<Tick> ticks_across(const PlotAxis& axis, double width, double em);
std::vector<Tick> ticks_up(const PlotAxis& axis, double height, double em);
// Names at 0, 1, 2, ..., of at most so many ems.
std::vector<Tick> named_ticks(const std::vector<std::string>& names, double ems);
double widest_ems(const std::vector<Tick>& ticks);

// How much room an axis takes for names and title: below its panel, or to the left of it. In ems.
double ems_below(const PlotAxis& x);
double ems_left(const PlotAxis& y);

// What devices are called beside panels of that height (cm), all in the same way: as long as there is room, turned.
std::vector<std::string> device_names(const std::vector<std::uint64_t>& devids, double height, double em);
// At the right of a panel.
void draw_device_name(Page& page, const Box& box, const std::string& name);

enum class Align { left, centre, right };

struct TextLook {
  std::string_view colour = "#000000";
  int turned = 0;  // degrees, against the clock
};

// How high lines of text stand above each other, in ems.
inline constexpr double line_ems = 1.25;

// Sentences in lines as wide as a page: its foot, or its title.
class Sentences {
 public:
  Sentences(const std::vector<std::string>& sentences, double page_width, double em);
  double height() const;  // cm; 0 where there are none
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  double em_;
  std::vector<std::string> lines_;
};

class Page {
 public:
  // Holds references to both.
  Page(Gnuplot& gnuplot, const FigureOptions& options) : gnuplot_(gnuplot), options_(options) {}

  // Before anything is placed. The title stands within the height, at its top; the foot at its bottom.
  void size(double width, double height);
  void title(const Sentences& lines);
  void foot(const Sentences& lines);

  double em() const;
  double width() const { return width_; }
  double height() const { return height_; }

  // A label whose middle is at that height; of several lines, the middle of them all.
  void text(double x, double y, std::string_view text, Align align, const TextLook& look = {});
  void line(double from_x, double from_y, double to_x, double to_y, std::string_view look);
  void rectangle(const Box& box, std::string_view look);
  void mark(double x, double y, std::string_view look);
  // The axes of what is plotted next.
  void panel(const Box& box, const PlotAxis& x, const PlotAxis& y);
  void raw(std::string_view script) { script_ += script; }
  // Draws what was set since the last one; `what` empty: nothing but that.
  void plot(std::string_view what);

  void draw();

 private:
  std::string place(double x, double y) const;

  Gnuplot& gnuplot_;
  const FigureOptions& options_;
  double width_ = 0, height_ = 0;
  std::string script_;
  int objects_ = 0;
};

// The colours of the palette that the script has set, beside that box, with tics and what they are of.
void draw_colour_key(Page& page, const Box& box, PlotAxis of, const std::string& title);

double em_of(const FigureOptions& options);  // cm
// What was asked for; else a column, or for what needs more, the whole width of the text.
double width_of(const FigureOptions& options, bool wide = false);
// "x label" as asked for, else the kind's own.
std::string x_title(const FigureOptions& options, std::string_view own);
std::string y_title(const FigureOptions& options, std::string_view own);
Sentences title_of(const FigureOptions& options, bool wide = false);

}  // namespace headway
