// headway plot: figures from results and what lies beside them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/figure.h"
#include "plots/paper.h"
#include "results/files/sweep_table.h"
#include "sim/cli/output.h"
#include "sim/cli/plot_run.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct PlotArguments {
  std::vector<std::string> results;
  std::string kind, out, keep, metric = "elapsed_s";
  std::vector<std::filesystem::path> layout;
  std::vector<std::string> at, labels, seeds;
  std::string time_axes, paper, time, offset, x_range, y_range, facet, legend, order;
  std::vector<std::string> log;
  double font_pt = 0;
  FigureOptions figure;
};

// What has changed since, also where the figure does not need it, and what of the work was not done.
void say_notes(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const bool is_sweep = is_sweep_table(path);
    const std::filesystem::path record = results_file(path).parent_path() / "sweep.json";
    if (is_sweep && !std::filesystem::exists(record)) continue;  // an older one
    const Results results = read_results(is_sweep ? record : std::filesystem::path(path));
    for (const auto& sentence : changed_files(results, run_directory(path))) say_note(sentence);
    for (const auto& sentence : run_notes(results)) say_note(sentence);
  }
}

// The names that people type for the values of an option.
template <typename Value>
struct Choice {
  const char* name;
  Value value;
};
template <typename Value>
Choice(const char*, Value) -> Choice<Value>;
constexpr std::array facets = {Choice{"policy", Facet::policy}, Choice{"device", Facet::device},
                               Choice{"drive", Facet::drive}, Choice{"workload", Facet::workload}};
constexpr std::array legends = {Choice{"right", Legend::right}, Choice{"below", Legend::below},
                                Choice{"none", Legend::none}};
constexpr std::array orders = {Choice{"given", Order::given}, Choice{"name", Order::name},
                               Choice{"value", Order::value}};
constexpr std::array times = {Choice{"shared", TimeAxes::shared}, Choice{"own", TimeAxes::own}};

template <typename Value, std::size_t N>
void choose(Value& target, const std::array<Choice<Value>, N>& choices, const std::string& name) {
  for (const auto& choice : choices) {
    if (choice.name == name) target = choice.value;
  }
}

template <typename Choices>
std::vector<std::string> names_of(const Choices& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.emplace_back(choice.name);
  return names;
}

// "3", or "1..20" for all of these.
void add_seeds(std::vector<std::uint64_t>& seeds, const std::string& text) {
  const std::size_t dots = text.find("..");
  std::uint64_t first = 0, last = 0;
  const auto read = [&](std::string_view digits, std::uint64_t& seed) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
  };
  const bool is_one = dots == std::string::npos;
  constexpr std::uint64_t most = 10000;
  if (!read(std::string_view(text).substr(0, dots), first) ||
      !(is_one || read(std::string_view(text).substr(dots + 2), last)) ||
      (!is_one && (last < first || last - first > most)))
    throw InputError("", "--seed", "a seed, or a range of seeds as 1..20", fmt::format("\"{}\"", text));
  for (std::uint64_t seed = first;; ++seed) {
    seeds.push_back(seed);
    if (is_one || seed == last) return;
  }
}

FigureOptions figure_options(const PlotArguments& arguments) {
  FigureOptions figure = arguments.figure;
  if (!arguments.paper.empty()) make_for(figure, arguments.paper, false);
  if (arguments.font_pt > 0) figure.font_pt = arguments.font_pt;
  figure.metric = *find_metric(arguments.metric);
  figure.keep = arguments.keep;
  choose(figure.time_axes, times, arguments.time_axes);
  choose(figure.facet, facets, arguments.facet);
  choose(figure.legend, legends, arguments.legend);
  choose(figure.order, orders, arguments.order);
  for (const std::string& axis : arguments.log) (axis == "x" ? figure.log_x : figure.log_y) = true;
  for (const std::string& seed : arguments.seeds) add_seeds(figure.selection.seeds, seed);
  const auto take = [](const char* option, const std::string& text, std::optional<ValueRange>& range) {
    if (!text.empty()) range = value_range(option, text);
  };
  take("--time", arguments.time, figure.selection.time_s);
  take("--offset", arguments.offset, figure.selection.offset_gib);
  take("--x-range", arguments.x_range, figure.x_range);
  take("--y-range", arguments.y_range, figure.y_range);
  for (const std::string& held : arguments.at) {
    const std::size_t equals = held.find('=');
    if (equals == std::string::npos) throw InputError("", "--at", "AXIS=VALUE", fmt::format("\"{}\"", held));
    figure.at.emplace_back(held.substr(0, equals), held.substr(equals + 1));
  }
  return figure;
}

void plot(const PlotArguments& arguments) {
  const FigureKind& kind = *find_figure_kind(arguments.kind);
  const FigureOptions figure = figure_options(arguments);
  std::vector<PlottedRun> runs = plotted_runs(arguments.results, arguments.labels);
  say_notes(arguments.results);
  if (kind.uses_layout) attach_layouts(runs, arguments.layout);
  draw_figure(kind, runs, arguments.out, figure);
}

// A line a kind.
std::string kinds_text(std::string_view before) {
  std::string text;
  for (const FigureKind& kind : figure_kinds())
    text += fmt::format("{}{}: {}{}", text.empty() ? before : "\n", kind.name, kind.sentence,
                        kind.needs_traces ? " (needs traces)" : "");
  return text;
}

// The same as a table of at most 100 columns.
std::string kinds_table() {
  constexpr std::size_t name_columns = 16, columns = 100;
  std::string text;
  for (const FigureKind& kind : figure_kinds()) {
    const std::string sentence = fmt::format("{}{}", kind.sentence, kind.needs_traces ? " (needs traces)" : "");
    text += fmt::format("{}{:{}}{}", text.empty() ? "" : "\n", kind.name, name_columns,
                        wrapped(sentence, name_columns, columns));
  }
  return text;
}

void add_selection(Verb& verb, PlotArguments& arguments) {
  Selection& selection = arguments.figure.selection;
  verb.option("--policy", selection.policies, "Only this policy; may be given several times").one_word();
  verb.option("--seed", arguments.seeds, "Only this seed, or those of a range as 1..20; may be given several times")
      .one_word();
  verb.option("--device", selection.devices, "Only the device of this id; may be given several times").one_word();
  verb.option("--workload", selection.workload, "compare and sweep: the metric of this workload, not of the run");
  verb.option("--time", arguments.time, "Only this part of the run, in seconds: 2..5, 2.. or ..5");
  verb.option("--offset", arguments.offset, "Only these offsets of the devices, in GiB: 10..20");
  verb.option("--label", arguments.labels,
              "What results are called, one for each, in their order; replicates share one (default: what differs)")
      .one_word();
  verb.flag("--each", arguments.figure.each, "A line or bar each seed, not the mean of all with its 95 % interval");
  verb.option("--facet", arguments.facet, "Small multiples: a panel for each policy, device, drive or workload")
      .out_of(names_of(facets), "policy, device, drive or workload");
}

void add_looks(Verb& verb, PlotArguments& arguments) {
  FigureOptions& figure = arguments.figure;
  std::string sentence = "The paper's widths and letters:";
  for (const Paper& paper : papers())
    sentence += fmt::format("\n{}: columns of {} cm, text of {} cm, {} pt ({})", paper.name, paper.column_cm,
                            paper.text_cm, paper.font_pt, paper.source);
  verb.option("--for", arguments.paper, sentence).out_of(paper_names(), "what figures are made for");
  verb.option("--width", figure.width_cm, "Width in cm (default: within one column of any of these, or both of two)")
      .within(4.0, 100.0);
  verb.option("--height", figure.height_cm, "Height in cm (default: as what is shown needs)").within(2.0, 200.0);
  verb.option("--font-size", arguments.font_pt, "Size of the text in points (default: 8)").within(4.0, 30.0);
  verb.option("--title", figure.title, "A title above the figure (default: none, for papers have captions)");
  verb.option("--x-label", figure.x_label, "What the x axis is called");
  verb.option("--y-label", figure.y_label, "What the y axis is called");
  verb.option("--x-range", arguments.x_range, "What the x axis shows: 0..10, 2.. or ..5");
  verb.option("--y-range", arguments.y_range, "What the y axis shows");
  verb.option("--log", arguments.log, "Make the axis logarithmic: x or y; may be given twice")
      .out_of({"x", "y"}, "x or y")
      .one_word();
  verb.option("--legend", arguments.legend, "Where lines are named (default: right, where the page is wide enough)")
      .out_of(names_of(legends), "right, below or none");
  verb.option(
          "--order", arguments.order,
          "Of bars and names: as given (by --policy), by name, or by value (default: lines by value, bars as given)")
      .out_of(names_of(orders), "given, name or value");
  verb.flag("--grey", figure.grey, "Greys of the same lightness, and dashes");
}

}  // namespace

void add_plot_verb(Verb& app) {
  Verb verb = app.verb("plot", "Draw a figure from results");
  const auto arguments = std::make_shared<PlotArguments>();
  verb.option("results", arguments->results, "results.json or a sweep's sweep.csv, or the directory that holds it")
      .required();
  verb.option("--kind", arguments->kind, "What to draw:" + kinds_text("\n"))
      .required()
      .out_of(figure_kind_names(), "a kind of figure");
  verb.answer("--kinds", "List the kinds of figures, and exit", kinds_table);
  verb.option("-o,--output", arguments->out,
              "The figure; its ending says what it becomes: .pdf, .svg, .png, .eps, or .tex (with its -drawing.pdf "
              "beside it)")
      .required();
  verb.option("--metric", arguments->metric, "The metric of compare, sweep, load and latency (`headway metric list`)")
      .out_of(metric_names(), "a metric")
      .shows_default();
  verb.option("--time-axes", arguments->time_axes,
              "offset-time: all policies on one axis of time, or each on its own (default: shared, unless one "
              "takes several times as long as another)")
      .out_of(names_of(times), "shared or own");
  verb.option("--axis", arguments->figure.axes,
              "sweep: the axis along the figure; given twice, a second one up it (default: those that vary)");
  verb.option("--at", arguments->at, "sweep: AXIS=VALUE holds an axis that the figure does not show");
  verb.flag("--lines", arguments->figure.lines, "sweep: lines over two axes as well, not maps of heat");
  verb.option("--layout", arguments->layout,
              "offset-time and layout: the layout that was read, where the results have lost it");
  add_selection(verb, *arguments);
  add_looks(verb, *arguments);
  verb.option("--keep", arguments->keep, "Keep gnuplot's script and data in this directory");
  verb.run([arguments] { plot(*arguments); });
}

}  // namespace headway
