// headway layout: bring a file system's trees into a layout file, and look at what is in one.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/forms.h"
#include "models/layout/grow/grow.h"
#include "models/layout/info.h"
#include "models/layout/layout.h"
#include "models/layout/trees.h"
#include "results/tables/terminal.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

std::uint64_t tree_of(const std::string& name) {
  const auto objectid = parse_tree_name(name);
  if (!objectid)
    throw InputError("", "--tree", "a tree: an object id or its name", unknown_name(name, known_tree_names()));
  return *objectid;
}

// On a terminal, a line on stderr that shows how far the work is.
std::function<void(double)> progress_line(const char* what) {
  if (!is_terminal(stderr)) return {};
  using Clock = std::chrono::steady_clock;
  return [what, line = std::make_shared<StatusLine>(stderr), begin = Clock::now()](double share) {
    const double wall_s = std::chrono::duration<double>(Clock::now() - begin).count();
    if (line->due(wall_s)) line->show(share_line(what, share, wall_s), wall_s);
  };
}

using Extents = LoadOptions::Extents;

Layout load(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& trees,
            Extents extents = Extents::at_hand) {
  LoadOptions options;
  options.extents = extents;
  for (const auto& name : trees) options.trees.push_back(tree_of(name));
  options.progress = progress_line("reading");
  Layout layout = load_layout(files, options);
  for (const auto& sentence : layout.left_out) say_note(sentence);
  return layout;
}

void save_whole(const std::filesystem::path& target, const Layout& layout) {
  write_output(target, [&](const std::filesystem::path& beside) { save_layout(beside, layout); });
}

struct ImportArguments {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> trees;
  std::filesystem::path output;
  bool extents = false;
};

void add_import(Verb& layout) {
  Verb verb = layout.verb("import", "Bring a file system's trees into a layout file");
  const auto arguments = std::make_shared<ImportArguments>();
  verb.option("FILE", arguments->files,
              fmt::format("One file system: {}; or several that make it up", layout_form_list()))
      .required();
  verb.option("-o,--output", arguments->output, "The layout file to write (*.layout.h5)").required();
  verb.option("--tree", arguments->trees, "Keep only these trees (object id, or fs, extent, csum, ...)");
  verb.flag("--extents", arguments->extents,
            "Read the leaves of device images too, for where files' data lie, which send reads");
  verb.footer("FILE is recognized by its content:\n" + layout_form_help());
  verb.run([arguments] {
    const Extents extents = arguments->extents ? Extents::all : Extents::at_hand;
    save_whole(arguments->output, load(arguments->files, arguments->trees, extents));
  });
}

struct InfoArguments {
  std::vector<std::filesystem::path> files;
  std::string tree;
};

void add_info(Verb& layout) {
  Verb verb = layout.verb("info", "Devices, chunks, trees, and how orderly the trees lie");
  const auto arguments = std::make_shared<InfoArguments>();
  verb.option("FILE", arguments->files, "A layout file, or whatever import reads").required();
  verb.option("--tree", arguments->tree, "The tree whose jumps are shown; the largest when not given");
  verb.run([arguments] {
    const Layout loaded = load(arguments->files, {});
    std::optional<std::uint64_t> tree;
    if (!arguments->tree.empty()) tree = tree_of(arguments->tree);
    if (tree && !loaded.forest.find_tree(*tree))
      throw InputError(arguments->files.front().string(), "", fmt::format("the tree {}", arguments->tree),
                       tree_list(loaded.forest));
    fmt::print("{}", printable_lines(layout_info(loaded, tree)));
  });
}

struct ExportArguments {
  std::vector<std::filesystem::path> files;
  std::string form = "dump-tree";
  std::filesystem::path output = "-";
};

void export_layout(const ExportArguments& arguments) {
  const Layout layout = load(arguments.files, {});
  const auto write = arguments.form == "csv" ? export_csv : export_dump_text;
  write_output(arguments.output, [&](const std::filesystem::path& beside) {
    OutputFile file(beside, arguments.output);
    write(layout, [&](std::string_view text) { file.write(text); });
    file.close();
  });
}

void add_export(Verb& layout) {
  Verb verb = layout.verb("export", "Write a layout as text for other programs");
  const auto arguments = std::make_shared<ExportArguments>();
  verb.option("FILE", arguments->files, "A layout file, or whatever import reads").required();
  verb.option("--to", arguments->form,
              "dump-tree: as btrfs inspect-internal dump-tree writes it, import reads it back; csv: a row a block")
      .out_of({"dump-tree", "csv"}, "a format")
      .shows_default();
  verb.option("-o,--output", arguments->output, "The file to write; - is standard output").shows_default();
  verb.run([arguments] { export_layout(*arguments); });
}

struct GrowArguments {
  std::filesystem::path specification;
  std::uint64_t seed = 1;
  std::filesystem::path output;
};

void add_grow(Verb& layout) {
  Verb verb = layout.verb("grow", "Grow a file system's trees, and age them, by a specification");
  const auto arguments = std::make_shared<GrowArguments>();
  verb.option("SPEC", arguments->specification, "JSON: devices, trees, and what happened to them").required();
  verb.option("-o,--output", arguments->output, "The layout file to write (*.layout.h5)").required();
  verb.option("--seed", arguments->seed, "The same specification and seed give the same bytes").shows_default();
  verb.run([arguments] {
    LoadOptions options;
    options.progress = progress_line("growing");
    const Layout grown = grow_layout(JsonNode::read_file(arguments->specification), arguments->seed, options);
    options.progress = {};  // its line goes
    save_whole(arguments->output, grown);
  });
}

}  // namespace

void add_layout_verb(Verb& app) {
  Verb layout = app.verb("layout", "Where the trees of a file system lie on its devices");
  add_import(layout);
  add_info(layout);
  add_export(layout);
  add_grow(layout);
}

}  // namespace headway
