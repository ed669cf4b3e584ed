// Formats, and names as gnuplot and TeX take them.
#include "plots/figure.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "core/base/error.h"
#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("offset-time becomes what the ending says, the same bytes each time, fonts within") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 2, 3000, 20, false);
  write_trace(directory / "b.h5", 2, 3000, 5, true);
  const std::vector<LabelledTrace> traces = {{"walk", directory / "a.h5"}, {"reada-2011", directory / "b.h5"}};
  for (const std::string ending : {"pdf", "svg", "png", "eps"}) {
    plot_offset_time(traces, directory / ("figure." + ending));
    if (ending == "pdf") ::sleep(1);  // a date within would be another
    plot_offset_time(traces, directory / ("again." + ending));
    CHECK(bytes_of(directory / ("figure." + ending)) == bytes_of(directory / ("again." + ending)));
  }
  plot_offset_time(traces, directory / "figure.tex");  // whose PDF is not this one, which has its letters yet
  CHECK(bytes_of(directory / "figure-drawing.pdf").starts_with("%PDF"));
  CHECK(bytes_of(directory / "figure.pdf").starts_with("%PDF"));
  CHECK(bytes_of(directory / "figure.pdf").find("/CreationDate (D:20000101000000Z)") != std::string::npos);
  CHECK(bytes_of(directory / "figure.pdf").find("/FontFile") != std::string::npos);
  const std::string eps = bytes_of(directory / "figure.eps");
  CHECK(eps.starts_with("%!PS-Adobe-3.0 EPSF"));
  CHECK(eps.find("/FontName /DejaVuSans") != std::string::npos);
  CHECK(bytes_of(directory / "figure.png").substr(1, 3) == "PNG");
  const std::string svg = bytes_of(directory / "figure.svg");
  for (const char* text : {"walk", "reada-2011", "device 1", "device 2", "GiB", "time (s)"}) {
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  }
  // For the eye: HEADWAY_FIGURES=DIR keeps what was drawn.
  if (const char* keep = std::getenv("HEADWAY_FIGURES")) {
    std::filesystem::copy(directory.path(), keep,
                          std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  }
}

TEST_CASE("script and data are kept on request") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  FigureOptions options;
  options.keep = directory / "kept";
  plot_offset_time(std::vector<LabelledTrace>{{"one", directory / "a.h5"}}, directory / "figure.svg", options);
  CHECK(std::filesystem::exists(directory / "kept/figure.gp"));
  CHECK(bytes_of(directory / "kept/reads-1-1.txt").starts_with("0.1 30\n"));
}

TEST_CASE("a letter that no font has is refused where it would spoil the page") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  const std::vector<LabelledTrace> traces = {{"a\U000FFFF0", directory / "a.h5"}};  // private use: in no font
  CHECK_THROWS_WITH_AS(plot_offset_time(traces, directory / "figure.png"), doctest::Contains("U+FFFF0"), InputError);
  plot_offset_time(traces, directory / "figure.svg");
}

TEST_CASE("TeX takes every figure from another folder, whatever its labels hold (where pdflatex is installed)") {
  if (std::system("command -v pdflatex > /dev/null") != 0) return;
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  runs[0].label = "\\a{b}_c^d~e $f$ %g #h &i";
  std::filesystem::create_directory(directory / "figures of mine");
  std::string document = "\\documentclass{article}\\usepackage{graphicx}\\usepackage{xcolor}\\begin{document}\n";
  for (const FigureKind& kind : figure_kinds()) {
    kind.draw(given_to(kind, runs), directory / fmt::format("figures of mine/{}.tex", kind.name), {});
    document += fmt::format("\\input{{figures of mine/{}}}\n\n", kind.name);
  }
  std::ofstream(directory / "all.tex") << document << "\\end{document}\n";
  const std::string command = fmt::format(
      "cd '{}' && pdflatex -interaction=nonstopmode -halt-on-error all.tex > said 2>&1", directory.path().string());
  CHECK_MESSAGE(std::system(command.c_str()) == 0, bytes_of(directory / "said"));
  CHECK(bytes_of(directory / "all.pdf").starts_with("%PDF"));
}

TEST_CASE("values and names are drawn as they are: per cent is no format, and what ends CDATA leaves an SVG whole") {
  const TemporaryDirectory directory;
  auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  for (PlottedRun& run : runs) {
    run.axes[0].second = run.axes[0].second == "1" ? "50%" : "a%%b %s";
    if (run.result.policy == "walk") run.result.policy = "a]]>b";
  }
  FigureOptions options;
  options.at = {{"layout", "new"}};
  find_figure_kind("sweep")->draw(runs, directory / "lines.svg", options);
  const std::string lines = bytes_of(directory / "lines.svg");
  CHECK(lines.find(">50%<") != std::string::npos);
  CHECK(lines.find(">a%%b %s<") != std::string::npos);
  CHECK(lines.find("a]]&gt;b") != std::string::npos);
  CHECK(lines.find("]]>") == std::string::npos);
  find_figure_kind("sweep")->draw(runs, directory / "heat.svg", {});
  CHECK(bytes_of(directory / "heat.svg").find(">a%%b %s<") != std::string::npos);
  find_figure_kind("sweep")->draw(runs, directory / "heat.tex", {});
  CHECK(bytes_of(directory / "heat.tex").find("a\\%\\%b \\%s") != std::string::npos);
}

TEST_CASE("a figure's name is no command, to gnuplot or to TeX") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  const std::vector<LabelledTrace> traces = {{"one", directory / "a.h5"}};
  for (const std::string ending : {"svg", "png", "pdf"}) {
    const auto figure = directory / ("a'\n`touch pwned`\nsystem 'touch pwned'\n." + ending);
    plot_offset_time(traces, figure);
    CHECK(std::filesystem::exists(figure));
  }
  for (const char* name : {"a\nb", "a{b}", "a\\b", "50%"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(plot_offset_time(traces, directory / fmt::format("{}.tex", name)),
                         doctest::Contains("TeX can read"), InputError);
  }
  plot_offset_time(traces, directory / "a 'b' $x.tex");
  CHECK(bytes_of(directory / "a 'b' $x.tex").find("a 'b' $x") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists("pwned"));
}
