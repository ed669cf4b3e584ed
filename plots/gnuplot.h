// gnuplot as a library: a script and its data in a directory of their own, run once, with the figure put in place
// whole.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/scratch.h"
#include "plots/figure.h"

namespace headway {

// Okabe and Ito's palette, which colour-blind readers tell apart, ordered so that neighbours differ in grey too.
std::string colour(std::size_t series);

// A script whose colours ('#rrggbb', in single quotes) are greys of the same lightness (Rec. 709's weights).
std::string in_grey(std::string_view script);

// Evenly spaced round tics over a range: at most `most` of them.
struct Tics {
  double step = 1;
  int decimals = 0;  // that the labels need
};
Tics tics_for(double low, double high, int most);

// "5.4 patchlevel 4"; empty where there is none.
std::string gnuplot_version();

class Gnuplot {
 public:
  // Makes the working directory: `options.keep`, or a temporary one that goes away. Throws InputError when the ending
  // of `out` is not pdf, svg, png, eps or tex, or TeX could not read its name.
  Gnuplot(const std::filesystem::path& out, const FigureOptions& options);
  Gnuplot(const Gnuplot&) = delete;
  Gnuplot& operator=(const Gnuplot&) = delete;

  // A text as gnuplot reads it, in double quotes: lines break where it has line ends, and nothing in it is a command,
  // to gnuplot or to TeX.
  std::string text(std::string_view text) const;
  // A file of the working directory, to be named in the script as it is.
  void data(const std::string& name, std::string_view text);
  // Draws `script` (everything after the terminal's set-up) on a page of this size: the same bytes each time, for what
  // the cairo library adds of the time of day is taken out. Throws std::runtime_error with gnuplot's own words when it
  // fails.
  void draw(std::string_view script, double width_cm, double height_cm);

 private:
  std::string terminal(double width_cm, double height_cm) const;
  std::string figure_name(std::string_view ending) const;
  std::string finished(std::string_view ending, std::string bytes) const;
  void put_in_place(std::string_view ending) const;

  std::filesystem::path out_, directory_;
  std::optional<ScratchDirectory> own_directory_;  // none where the user keeps it
  std::string ending_, title_;
  double font_pt_;
  bool grey_;
};

}  // namespace headway
