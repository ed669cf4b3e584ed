// Runs gnuplot in its working directory, so that script and data name each other without paths and can be moved.
#include "plots/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"

extern char** environ;

namespace headway {

namespace {

constexpr double png_dots_per_cm = 300 / 2.54;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs gnuplot on `script`, or with that option, in `directory`; its messages go to the file `messages`. Returns its exit status, or -1 when
// it is not there.
int run_gnuplot(const char* script, const std::filesystem::path& directory, const std::filesystem::path& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  std::array<char*, 3> arguments = {const_cast<char*>("gnuplot"), const_cast<char*>(script), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return -1;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Whether some installed font has all of these letters (fontconfig's own list); true where there is no fc-list to ask.
bool some_font_has(const std::string& hexadecimal_codes) {
  std::FILE* pipe = ::popen(fmt::format("fc-list ':charset={}' file 2>/dev/null", hexadecimal_codes).c_str(), "r");
  if (pipe == nullptr) return true;
  const bool any = std::fgetc(pipe) != EOF;
  const int status = ::pclose(pipe);
  return any || !WIFEXITED(status) || WEXITSTATUS(status) == 127;
}

// A TeX figure's name stands in gnuplot's script and in what TeX reads.
void check_tex_name(const std::string& name) {
  const auto steers = [](unsigned char c) {
    return c < 0x20 || std::string_view("\\{}%#~^").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (std::ranges::any_of(name, steers))
    throw InputError("-o", "", "a name that TeX can read: without \\ { } % # ~ ^ and line ends",
                     fmt::format("\"{}\"", name));
}

// A file's name in single quotes.
std::string output_text(std::string_view name) {
  std::string out = "'";
  for (const char c : name) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

// Letters that no font has come out of gnuplot's cairo terminals as black shapes over the whole page.
void check_letters(std::string_view script) {
  std::set<char32_t> rare;
  for (const char32_t code : code_points_of(script)) {
    if (code >= 0x80) rare.insert(code);
  }
  const auto hexadecimal = [](char32_t code) { return fmt::format("{:x}", std::uint32_t{code}); };
  std::string all;
  for (const char32_t code : rare) all += (all.empty() ? "" : " ") + hexadecimal(code);
  if (all.empty() || some_font_has(all)) return;
  for (const char32_t code : rare) {
    if (some_font_has(hexadecimal(code))) continue;
    throw InputError("", "",
                     fmt::format("a font that has the letter {} (U+{:04X}) of a label", utf8_of(code),
                                 std::uint32_t{code}),
                     "none on this machine: install one, such as fonts-droid-fallback, or draw an SVG");
  }
}

}  // namespace

std::string gnuplot_version() {
  const ScratchDirectory directory;
  const auto messages = directory.path() / "version.txt";
  if (run_gnuplot("--version", directory.path(), messages) != 0) return "";
  std::string text = file_text(messages);  // "gnuplot 5.4 patchlevel 4\n"
  text = text.substr(0, text.find('\n'));
  const std::string_view name = "gnuplot ";
  return text.starts_with(name) ? text.substr(name.size()) : text;
}

std::string wrapped_label(std::string_view text, std::size_t width, std::size_t lines) {
  std::vector<std::string> out(1);
  std::size_t shown = 0, breakable = 0;  // of the last line: its width, and where it may be broken
  for (const std::string& letter : letters_of(text)) {
    const std::size_t wide = display_width(letter);
    if (shown + wide > width && shown > 0) {
      const std::size_t cut = breakable > 0 ? breakable : out.back().size();
      std::string rest = out.back().substr(cut);
      out.back().resize(cut);
      shown = display_width(rest);
      out.push_back(std::move(rest));
      breakable = 0;
    }
    out.back() += letter;
    shown += wide;
    if (letter.size() == 1 && std::string_view("-_/ ").find(letter[0]) != std::string_view::npos) {
      breakable = out.back().size();
    }
  }
  if (out.size() > lines) {
    out.resize(lines);
    std::vector<std::string> last = letters_of(out.back());
    while (!last.empty() && display_width(out.back()) + 1 > width) {
      out.back().resize(out.back().size() - last.back().size());
      last.pop_back();
    }
    out.back() += "…";
  }
  std::string joined;
  for (const std::string& line : out) {
    if (!joined.empty()) joined += '\n';
    joined += line;
  }
  return joined;
}

std::string colour(std::size_t series) {
  static constexpr std::array<const char*, 8> palette = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                         "#56B4E9", "#000000", "#E69F00", "#7F7F7F"};
  return palette[series % palette.size()];
}

Tics tics_for(double low, double high, int most) {
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(range)) return {};
  const double least = range / most;
  const double decade = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    const double step = factor * decade;
    if (step < least * (1 - 1e-9)) continue;
    return {step, std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)))};
  }
  return {10 * decade, 0};
}

std::string no_reads_label(bool none) {
  return none ? "set label 1 'no reads' at graph 0.5,0.5 centre front tc rgb '#555555'\n" : "unset label 1\n";
}

std::string logarithmic_tics(char axis, double low, double high) {
  const std::string scale = fmt::format("set logscale {0}\nset {0}tics ", axis);
  if (high / low >= 100) return scale + "10 format '%g'\n";
  std::string tics;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
    for (const double factor : {1, 2, 5}) {
      const double value = factor * decade;
      if (value < low || value > high) continue;
      tics += fmt::format("{}\"{:g}\" {}", tics.empty() ? "" : ", ", value, value);
    }
  }
  return fmt::format("{}({})\n", scale, tics);
}

std::string named_tics(const Gnuplot& gnuplot, char axis, const std::vector<std::string>& names, std::size_t letters) {
  std::string tics;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string label;  // which gnuplot takes for a format
    for (const char c : gnuplot.text(wrapped_label(names[i], letters, 1))) label += c == '%' ? "%%" : std::string(1, c);
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", label, i);
  }
  return fmt::format("set {}tics ({}) noenhanced\n", axis, tics);
}

Foot::Foot(const std::vector<std::string>& sentences, double width, double em) : width_(width), em_(em) {
  const auto letters = static_cast<std::size_t>(std::max(20.0, width / (0.56 * em)));
  for (const std::string& sentence : sentences) {
    std::istringstream text(wrapped(sentence, 0, letters));
    for (std::string line; std::getline(text, line);) lines_.push_back(line);
  }
}

double Foot::height() const { return lines_.empty() ? 0 : em_ * (0.4 + 1.25 * static_cast<double>(lines_.size())); }

std::string Foot::script(const Gnuplot& gnuplot, double page_height) const {
  std::string script;
  int tag = 900;  // beyond those that figures set and take away
  double y = height() + 0.25 * em_;  // lines are placed by their middle
  for (const std::string& line : lines_) {
    y -= 1.25 * em_;
    script += fmt::format("set label {} {} at screen {},{} left noenhanced\n", ++tag, gnuplot.text(line),
                          0.4 * em_ / width_, y / page_height);
  }
  return script;
}

Gnuplot::Gnuplot(const std::filesystem::path& out, const FigureOptions& options)
    : out_(std::filesystem::absolute(out)), font_pt_(options.font_pt) {
  const std::string dotted = out.extension().string();
  ending_ = dotted.empty() ? "" : dotted.substr(1);
  if (ending_ != "pdf" && ending_ != "svg" && ending_ != "png" && ending_ != "tex") {
    throw InputError(out.string(), "", "a figure's name that ends in .pdf, .svg, .png or .tex",
                     dotted.empty() ? "no ending" : fmt::format("\"{}\"", dotted));
  }
  std::error_code error;
  if (!std::filesystem::is_directory(out_.parent_path(), error))
    throw InputError(out.string(), "", "a file that can be written", "no directory for it");
  if (ending_ == "tex") check_tex_name(out.stem().string());
  if (options.keep.empty()) {
    directory_ = own_directory_.emplace().path();
  } else {
    std::filesystem::create_directories(options.keep);
    directory_ = std::filesystem::absolute(options.keep);
  }
}

std::string Gnuplot::text(std::string_view text) const {
  std::string out = "\"";
  for (const char c : printable_lines(text)) {
    if (ending_ == "tex" && std::string_view("#$%&_{}").find(c) != std::string_view::npos) {
      out += "\\\\";
      out += c;
    } else if (ending_ == "tex" && (c == '\\' || c == '^' || c == '~')) {
      out += c == '\\' ? "\\\\textbackslash{}" : c == '^' ? "\\\\textasciicircum{}" : "\\\\textasciitilde{}";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '`') {  // gnuplot would run what stands between two of them
      out += '\'';
    } else {
      out += c;
    }
  }
  return out + '"';
}

// A TeX figure names the PDF that it shows, so the files carry the target's name from the start.
std::string Gnuplot::figure_name(std::string_view ending) const {
  return fmt::format("{}.{}", ending_ == "tex" ? out_.stem().string() : "figure", ending);
}

void Gnuplot::put_in_place(std::string_view ending) const {
  std::string bytes = file_text(directory_ / figure_name(ending));
  if (ending == "svg") {  // gnuplot leaves '>' as it is, also where XML does not: after "]]"
    for (std::size_t at = bytes.find("]]>"); at != std::string::npos; at = bytes.find("]]>", at))
      bytes.replace(at + 2, 1, "&gt;");
  }
  write_whole_text(std::filesystem::path(out_).replace_extension(ending), bytes);
}

void Gnuplot::data(const std::string& name, std::string_view text) { write_whole_text(directory_ / name, text); }

std::string Gnuplot::terminal(double width_cm, double height_cm) const {
  // The cairo terminals take a point for 1/72 inch on a page of 96 dots: their letters are 4/3 too large.
  if (ending_ == "pdf") {
    return fmt::format("pdfcairo size {}cm,{}cm font 'DejaVu Sans,{}' fontscale 0.75 linewidth 0.5 pointscale 0.5",
                       width_cm, height_cm, font_pt_);
  }
  if (ending_ == "tex") {  // text by TeX, in the document's font; the drawing in a PDF beside it
    return fmt::format(
        "cairolatex pdf size {}cm,{}cm font ',{}' header '\\fontsize{{{}}}{{{}}}\\selectfont' linewidth 0.5 pointscale "
        "0.5",
        width_cm, height_cm, font_pt_, font_pt_, font_pt_ * 1.2);
  }
  if (ending_ == "svg") {  // a user unit is a CSS pixel, 96 to the inch
    return fmt::format("svg size {:.0f},{:.0f} fixed background '#ffffff' font 'DejaVu Sans,{}' linewidth 0.7",
                       width_cm * 96 / 2.54, height_cm * 96 / 2.54, font_pt_ * 96 / 72);
  }
  const double scale = png_dots_per_cm * 2.54 / 72;
  return fmt::format("pngcairo size {:.0f},{:.0f} font 'DejaVu Sans,{}' fontscale {} linewidth {} pointscale {}",
                     width_cm * png_dots_per_cm, height_cm * png_dots_per_cm, font_pt_, scale * 0.75, scale * 0.5,
                     scale * 0.5);
}

void Gnuplot::draw(std::string_view script, double width_cm, double height_cm) {
  if (ending_ == "pdf" || ending_ == "png") check_letters(script);
  const std::string figure = figure_name(ending_);
  data("figure.gp", fmt::format("set encoding utf8\nset terminal {}\nset output {}\n{}\nset output\n",
                                terminal(width_cm, height_cm), output_text(figure), script));
  const std::filesystem::path messages = directory_ / "gnuplot.messages";
  const int status = run_gnuplot("figure.gp", directory_, messages);
  if (status == -1 || status == 127) throw std::runtime_error("gnuplot is not there: install the package gnuplot-nox");
  const std::string said = file_text(messages);
  if (status != 0 || !std::filesystem::exists(directory_ / figure)) {
    throw std::runtime_error(fmt::format("gnuplot failed ({}) on {}: {}", status, out_.string(), said));
  }
  if (!own_directory_) std::filesystem::remove(messages);
  if (ending_ == "tex") put_in_place("pdf");
  put_in_place(ending_);
}

}  // namespace headway
