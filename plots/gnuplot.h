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

// `text` in lines of at most `width` letters, broken after '-', '_', '/' or ' ' where possible; at most `lines` of
// them, the last one cut with an ellipsis.
std::string wrapped_label(std::string_view text, std::size_t width, std::size_t lines);

// Okabe and Ito's palette, which colour-blind readers tell apart, ordered so that neighbours differ in grey too.
std::string colour(std::size_t series);

// Evenly spaced round tics over a range: at most `most` of them.
struct Tics {
  double step = 1;
  int decimals = 0;  // that the labels need
};
Tics tics_for(double low, double high, int most);

// A logarithmic axis 'x' or 'y' and its tics: decades, and what lies between them where a decade would be the only
// number on it.
std::string logarithmic_tics(char axis, double low, double high);

// In the middle of a panel of reads that has none; takes the words of another panel away.
std::string no_reads_label(bool none);

// "5.4 patchlevel 4"; empty where there is none.
std::string gnuplot_version();

class Gnuplot;
// Names at the places 0, 1, 2, ... of axis 'x' or 'y', each of at most so many letters.
std::string named_tics(const Gnuplot& gnuplot, char axis, const std::vector<std::string>& names, std::size_t letters);

// Sentences at the foot of a page, below all else.
class Foot {
 public:
  // em: of the page's letters. Lengths in cm.
  Foot(const std::vector<std::string>& sentences, double width, double em);
  double height() const;
  std::string script(const Gnuplot& gnuplot, double page_height) const;

 private:
  double width_, em_;
  std::vector<std::string> lines_;
};

class Gnuplot {
 public:
  // Makes the working directory: `options.keep`, or a temporary one that goes away. Throws InputError when the ending
  // of `out` is not pdf, svg, png or tex, or TeX could not read its name.
  Gnuplot(const std::filesystem::path& out, const FigureOptions& options);
  Gnuplot(const Gnuplot&) = delete;
  Gnuplot& operator=(const Gnuplot&) = delete;

  // A text as gnuplot reads it, in double quotes: lines break where it has line ends, and nothing in it is a command,
  // to gnuplot or to TeX.
  std::string text(std::string_view text) const;
  // A file of the working directory, to be named in the script as it is.
  void data(const std::string& name, std::string_view text);
  // Draws `script` (everything after the terminal's set-up) on a page of this size. Throws std::runtime_error with
  // gnuplot's own words when it fails.
  void draw(std::string_view script, double width_cm, double height_cm);

 private:
  std::string terminal(double width_cm, double height_cm) const;
  std::string figure_name(std::string_view ending) const;
  void put_in_place(std::string_view ending) const;

  std::filesystem::path out_, directory_;
  std::optional<ScratchDirectory> own_directory_;  // none where the user keeps it
  std::string ending_;
  double font_pt_;
};

}  // namespace headway
