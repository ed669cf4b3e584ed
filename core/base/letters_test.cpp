#include "core/base/letters.h"

#include <doctest/doctest.h>

#include <numeric>
#include <random>

using namespace headway;

using Letters = std::vector<std::string>;

TEST_CASE("letters are what a reader takes for one") {
  CHECK(letters_of("walk") == Letters{"w", "a", "l", "k"});
  CHECK(letters_of("先é") == Letters{"先", "é"});
  CHECK(letters_of("e\u0301x") == Letters{"e\u0301", "x"});                                   // a mark upon its base
  CHECK(letters_of("\U0001F469\u200D\U0001F680!") == Letters{"\U0001F469\u200D\U0001F680", "!"});  // joined emoji
  CHECK(letters_of("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7").size() == 2);                // two flags
  CHECK(letters_of("").empty());
  CHECK(code_points_of("a先\U000FFFF0") == std::vector<char32_t>{'a', 0x5148, 0xFFFF0});
  for (const char32_t code : {U'a', U'é', U'先', U'\U000FFFF0'}) CHECK(code_points_of(utf8_of(code))[0] == code);
}

TEST_CASE("widths are those of a terminal's columns") {
  CHECK(display_width("reada-2011") == 10);
  CHECK(display_width("先読み-é") == 8);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("±…█µ") == 4);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("\U0001F680") == 2);
  CHECK(pad_right("先", 4) == "先  ");
  CHECK(pad_left("é", 3) == "  é");
  CHECK(pad_left("先読み", 3) == "先読み");
}

TEST_CASE("bytes that are no UTF-8 come out as they are, each as wide as a letter") {
  CHECK(letters_of("a\xff") == Letters{"a", "\xff"});
  CHECK(letters_of("\xe5\x85") == Letters{"\xe5", "\x85"});        // cut
  CHECK(letters_of("\x85x") == Letters{"\x85", "x"});               // begins within one
  CHECK(letters_of("\xc0\x80").size() == 2);                       // longer than need be
  CHECK(display_width("\xed\xa0\x80") == 3);                       // half a UTF-16 pair
  CHECK(display_width("\xf5\x80\x80\x80") == 4);                   // beyond Unicode
  CHECK(code_points_of("\xff!\xe5") == std::vector<char32_t>{'!'});
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (std::size_t length = random() % 12; text.size() < length;) text += static_cast<char>(random());
    const Letters letters = letters_of(text);
    CHECK(std::accumulate(letters.begin(), letters.end(), std::string()) == text);
    CHECK(display_width(text) <= 2 * text.size());
    CHECK(display_width(pad_left(text, 30)) == 30);
  }
}

TEST_CASE("words are wrapped at the width, in columns, and none is lost") {
  CHECK(wrapped("one two three", 2, 9) == "one two\n  three");
  CHECK(wrapped("one two three", 2, 8) == "one\n  two\n  three");
  CHECK(wrapped("one  two ", 0, 80) == "one two");
  CHECK(wrapped("a-word-that-is-wider b", 4, 10) == "a-word-that-is-wider\n    b");
  CHECK(wrapped("先読み 先読", 0, 11) == "先読み 先読");
  CHECK(wrapped("先読み 先読", 0, 10) == "先読み\n先読");
  CHECK(wrapped("", 3, 10).empty());
}

TEST_CASE("what is printable steers no terminal and breaks no line, and the rest is as it was") {
  CHECK(printable("reada-2011, 先読み é \U0001F680 %s `x`") == "reada-2011, 先読み é \U0001F680 %s `x`");
  CHECK(printable("a\x1b[31mb\nc\td\r\x7f") == "a\\x1b[31mb\\nc\\td\\x0d\\x7f");
  CHECK(printable("a\xff\xc3") == "a\\xff\\xc3");
  CHECK(printable("\u009b31m \u202eb \u2028 \u2066\uffff") == "\\u{9b}31m \\u{202e}b \\u{2028} \\u{2066}\\u{ffff}");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable(printable("\x1b")) == printable("\x1b"));
  CHECK(printable_lines("a\n\x1b\n\nb\n") == "a\n\\x1b\n\nb\n");
  CHECK(printable_lines("").empty());
}
