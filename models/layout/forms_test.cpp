// The table of forms: each file goes to its own reader, and what is said of files that go nowhere.
#include "models/layout/forms.h"

#include <doctest/doctest.h>

#include <set>

#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

TEST_CASE("a file's first bytes say its form") {
  const auto form = [](const std::filesystem::path& file) { return layout_form_of(file).name; };
  CHECK(form(captures() / "s1.layout.h5") == "a layout file");
  CHECK(form(samples() / "dup-4k.image.c0.zst") == "a btrfs-image stream");
  CHECK(form(samples() / "dup-4k.image.c9") == "a btrfs-image stream");
  CHECK(form(samples() / "dup-4k.dump.txt.zst") == "the text of btrfs inspect-internal dump-tree");
  // A superblock's magic number is enough: damage elsewhere is the reader's to tell.
  const TemporaryDirectory scratch;
  std::string image(70000, '\0');
  image.replace(65536 + 64, 8, "_BHRfS_M");
  CHECK(form(scratch.write("x.img", image)) == "a btrfs device image");
}

TEST_CASE("a file of no form is told all of them, in the table's words") {
  const TemporaryDirectory scratch;
  const std::string error = error_of([&] { load_layout(scratch.write("zeros", std::string(5000, '\0'))); });
  for (const LayoutForm* form : layout_forms()) CHECK(contains(error, form->name));
  CHECK(contains(error, "zeros: byte 0: expected a layout file, "));
  CHECK(contains(error, " or the text of btrfs inspect-internal dump-tree, found none of them"));
  CHECK(contains(error_of([&] { load_layout(scratch.write("empty", "")); }), "an empty file"));
  std::string disk(5000, '\0');
  disk.replace(512, 8, "EFI PART");
  CHECK(contains(error_of([&] { load_layout(scratch.write("disk", disk)); }),
                 "a whole disk with a partition table; losetup -P"));
  CHECK(
      contains(error_of([&] { load_layout(scratch.write("vm", "QFI\xfb" + disk)); }), "found a qcow2 image; qemu-img"));
}

TEST_CASE("every form has a name of its own and a sentence, which help prints") {
  std::set<std::string> names;
  const std::string help = layout_form_help();
  for (const LayoutForm* form : layout_forms()) {
    CHECK(names.insert(form->name).second);
    CHECK(contains(help, "  " + form->name + ": " + form->sentence + "\n"));
    CHECK(form->sentence.ends_with("."));
  }
}

TEST_CASE("files of different forms, and two of a form that stands alone, are refused") {
  const auto stream = samples() / "dup-4k.image.c9", text = samples() / "dup-4k.dump.txt.zst";
  const auto load = [](std::vector<std::filesystem::path> files) { return [files] { load_layout(files); }; };
  CHECK(contains(error_of(load({text, stream})), "expected the text of btrfs inspect-internal dump-tree as "));
  CHECK(contains(error_of(load({text, stream})), "found a btrfs-image stream"));
  CHECK(contains(error_of(load({stream, stream})), "expected a btrfs-image stream alone, found 2 of them"));
}
