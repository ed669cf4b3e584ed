// Tics and labels.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include "plots/gnuplot.h"
#include "plots/testing/figures.h"
#include "plots/text_size.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("tics are round, few and labelled with the digits that they need") {
  for (const auto& [low, high] :
       std::vector<std::pair<double, double>>{{0, 1}, {0, 7.3}, {812.001, 812.004}, {0, 12345}}) {
    for (const int most : {2, 3, 5}) {
      const Tics tics = tics_for(low, high, most);
      CHECK((high - low) / tics.step <= most * 1.0001);
      CHECK((high - low) / tics.step >= most / 2.6);
    }
  }
  CHECK(tics_for(0, 0.004, 2).decimals == 3);
  CHECK(tics_for(0, 40, 4).decimals == 0);
}

TEST_CASE("labels break at their joints, and lose their middles to an ellipsis") {
  CHECK(wrapped_label("walk", 10, 2) == "walk");
  CHECK(wrapped_label("reada-2011-no-peer-lock", 7, 3) == "reada-2011-\nno-peer-lock");
  CHECK(wrapped_label("reada-2011-no-peer-lock", 8, 1) == "reada-…er-lock");
  CHECK(wrapped_label("reada-2011-with-16-in-flight", 9, 1) == "reada-…in-flight");  // and no 6
  CHECK(wrapped_label("先読みポリシー", 3, 2) == "先読み\n…シー");
  CHECK(wrapped_label("a\nb", 10, 2) == "a\\nb");
  for (const double ems : {3.0, 5.0, 9.0}) {
    CHECK(text_ems(wrapped_label("WWWWWWWWWWWWWWWWWWWWWW", ems, 1)) <= ems);
    CHECK(text_ems(wrapped_label(std::string(100000, 'i'), ems, 2)) <= ems);
  }
}

TEST_CASE("labels that differ stay different when they are shortened, whatever part of them differs") {
  const std::vector<std::string> names = {"a-family-of-names-that-differ-1-in-the-middle-of-it-all",
                                          "a-family-of-names-that-differ-2-in-the-middle-of-it-all",
                                          "a-family-of-names-that-differ-at-the-end-of-it",
                                          "a-family-of-names-that-differ-at-the-end-of-us",
                                          "walk",
                                          "walk"};
  const auto labels = wrapped_labels(names, 8, 1);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(text_ems(labels[i]) <= 8);
    for (std::size_t other = 0; other < i; ++other) CHECK((labels[i] == labels[other]) == (names[i] == names[other]));
  }
}
