#include "core/base/markup.h"

#include <doctest/doctest.h>

using namespace headway;

TEST_CASE("a cell of CSV is in quotes where it needs them") {
  CHECK(csv_text("walk") == "walk");
  CHECK(csv_text("a,b") == "\"a,b\"");
  CHECK(csv_text("say \"no\"\n") == "\"say \"\"no\"\"\n\"");
}

TEST_CASE("text stays text in Markdown and LaTeX") {
  CHECK(markdown_text("a|b_c\n<d>") == "a\\|b\\_c \\<d\\>");
  CHECK(latex_text("50% of a_b & \\x{y} $1 #2 ^~") ==
        "50\\% of a\\_b \\& \\textbackslash{}x\\{y\\} \\$1 \\#2 \\textasciicircum{}\\textasciitilde{}");
  CHECK(latex_text("a--b \"é\"") == "a-{}-b \\char34{}é\\char34{}");
}
