// Runs gnuplot in its working directory, so that script and data name each other without paths and can be moved.
#include "plots/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"

extern char** environ;

namespace headway {

namespace {

constexpr double png_dots_per_cm = 300 / 2.54;
constexpr std::array<std::string_view, 5> endings = {"pdf", "svg", "png", "eps", "tex"};

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs gnuplot on `script`, or with that option, in `directory`; its messages go to the file `messages`. Returns its
// exit status, or -1 when it is not there.
int run_gnuplot(const char* script, const std::filesystem::path& directory, const std::filesystem::path& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  std::array<char*, 3> arguments = {const_cast<char*>("gnuplot"), const_cast<char*>(script), nullptr};
  std::vector<char*> environment;  // in which a date has the same length everywhere
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("TZ=")) environment.push_back(*variable);
  }
  environment.push_back(const_cast<char*>("TZ=UTC0"));
  environment.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environment.data());
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
    throw InputError(
        "", "", fmt::format("a font that has the letter {} (U+{:04X}) of a label", utf8_of(code), std::uint32_t{code}),
        "none on this machine: install one, such as fonts-droid-fallback, or draw an SVG");
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string xml_text(std::string_view text) {
  std::string out = printable(text);
  replace_all(out, "&", "&amp;");
  replace_all(out, "<", "&lt;");
  replace_all(out, ">", "&gt;");
  return out;
}

std::string finished_svg(std::string bytes, std::string_view title) {
  replace_all(bytes, "]]>", "]]&gt;");  // gnuplot leaves '>' as it is, also where XML does not
  replace_all(bytes, "<title>Gnuplot</title>", fmt::format("<title>{}</title>", xml_text(title)));
  // Where DejaVu Sans is missing, what is no wider; the texts keep their room.
  replace_all(bytes, "font-family=\"DejaVu Sans\"",
              "font-family=\"DejaVu Sans, Bitstream Vera Sans, Verdana, Liberation Sans, Arial, sans-serif\"");
  return bytes;
}

// Instead of the time of day a day that is always the same, as long: a PDF says at which byte each of its parts begins.
void take_date_out(std::string& bytes, std::string_view key, std::string_view instead) {
  const std::size_t at = bytes.find(key);
  if (at != std::string::npos && at + key.size() + instead.size() <= bytes.size())
    bytes.replace(at + key.size(), instead.size(), instead);
}

// TeX looks for the picture where the document lies, and the figure may lie elsewhere: LaTeX since 2020 tells the
// folder of the file that it reads.
std::string found_from_anywhere(std::string tex, const std::string& name) {
  const std::string braces = fmt::format("{{{}}}", name);
  const std::size_t begin = tex.find("\\includegraphics[width=");
  const std::size_t end = begin == std::string::npos ? begin : tex.find(']' + braces, begin);
  if (end == std::string::npos) return tex;
  const std::string include = tex.substr(begin, end + 1 - begin);
  const std::string file = fmt::format("\\csname CurrentFilePath\\endcsname/{}", name);
  tex.replace(begin, include.size() + braces.size(),
              fmt::format("\\IfFileExists{{{0}.pdf}}{{{1}{{{0}}}}}{{{1}{2}}}", file, include, braces));
  return tex;
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

std::string in_grey(std::string_view script) {
  std::string out(script);
  char quote = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (quote == '"' && out[i] == '\\') {
      ++i;
    } else if (quote != 0) {
      if (out[i] == quote) quote = 0;
    } else if (out[i] == '"' || out[i] == '\'') {
      quote = out[i];
      constexpr std::size_t length = 7;  // of #rrggbb
      unsigned value = 0;
      const char* const digits = out.data() + std::min(i + 2, out.size());
      const char* const end = out.data() + std::min(i + 1 + length, out.size());
      if (quote == '"' || out[i + 1] != '#' || std::from_chars(digits, end, value, 16).ptr != end) continue;
      const double grey = 0.2126 * (value >> 16) + 0.7152 * (value >> 8 & 0xff) + 0.0722 * (value & 0xff);
      out.replace(i + 2, length - 1, fmt::format("{0:02x}{0:02x}{0:02x}", static_cast<unsigned>(grey + 0.5)));
    }
  }
  return out;
}

Gnuplot::Gnuplot(const std::filesystem::path& out, const FigureOptions& options)
    : out_(std::filesystem::absolute(out)),
      title_(options.title.empty() ? "headway plot" : options.title),
      font_pt_(options.font_pt),
      grey_(options.grey) {
  const std::string dotted = out.extension().string();
  ending_ = dotted.empty() ? "" : dotted.substr(1);
  if (std::ranges::find(endings, ending_) == endings.end()) {
    throw InputError(out.string(), "", "a figure's name that ends in .pdf, .svg, .png, .eps or .tex",
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

// A TeX figure names the PDF that it shows, so the files carry the target's name from the start; not the very name, at
// which the same figure as a PDF may stand.
std::string Gnuplot::figure_name(std::string_view ending) const {
  return fmt::format("{}.{}", ending_ == "tex" ? out_.stem().string() + "-drawing" : "figure", ending);
}

std::string Gnuplot::finished(std::string_view ending, std::string bytes) const {
  if (ending == "svg") return finished_svg(std::move(bytes), title_);
  if (ending == "pdf") take_date_out(bytes, "/CreationDate (D:", "20000101000000Z");
  if (ending == "eps") take_date_out(bytes, "%%CreationDate: ", "Sat Jan  1 00:00:00 2000");
  return ending == "tex" ? found_from_anywhere(std::move(bytes), out_.stem().string() + "-drawing") : bytes;
}

void Gnuplot::put_in_place(std::string_view ending) const {
  const std::string figure = figure_name(ending);
  write_whole_text(ending == ending_ ? out_ : out_.parent_path() / figure,
                   finished(ending, file_text(directory_ / figure)));
}

void Gnuplot::data(const std::string& name, std::string_view text) { write_whole_text(directory_ / name, text); }

std::string Gnuplot::terminal(double width_cm, double height_cm) const {
  // The cairo terminals take a point for 1/72 inch on a page of 96 dots: their letters are 4/3 too large.
  if (ending_ == "pdf") {
    return fmt::format("pdfcairo size {}cm,{}cm font 'DejaVu Sans,{}' fontscale 0.75 linewidth 0.5 pointscale 0.5",
                       width_cm, height_cm, font_pt_);
  }
  if (ending_ == "eps") {
    return fmt::format("epscairo size {}cm,{}cm font 'DejaVu Sans,{}' fontscale 0.75 linewidth 0.5 pointscale 0.5",
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
  if (ending_ == "pdf" || ending_ == "png" || ending_ == "eps") check_letters(script);
  const std::string figure = figure_name(ending_);
  data("figure.gp",
       fmt::format("set encoding utf8\nset terminal {}\nset output {}\n{}\nset output\n", terminal(width_cm, height_cm),
                   output_text(figure), grey_ ? in_grey(script) : std::string(script)));
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
