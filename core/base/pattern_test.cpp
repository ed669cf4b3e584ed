#include "core/base/pattern.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace headway;

TEST_CASE("patterns fit what they say and nothing else") {
  struct Case {
    const char* pattern;
    std::vector<std::string> fit, unfit;
  };
  for (const Case& one :
       std::vector<Case>{{"^/", {"/", "/a"}, {"", "a/"}},
                         {"^(a|b)(:|$)", {"a", "b:", "a: x"}, {"", "ab", "c:", "a b"}},
                         {"^(maker|made)(:|$)", {"made", "maker:x"}, {"make", "mad:", "makermade"}},
                         {"^([0-9]{1,3}|0x[0-9a-fA-F]{1,2}|fs|fs-tree)$",
                          {"0", "123", "0x0", "0xfF", "fs", "fs-tree"},
                          {"", "1234", "0x", "0x123", "0xg", "fs-", "f", "12a", " 1", "1\n"}},
                         {"^a[0-9]{0,2}0$", {"a0", "a10", "a000"}, {"a", "a1", "a1000"}},  // takes less than it could
                         {"^((a|b)c|d)e", {"ace", "bce", "de", "dex"}, {"ae", "ce", "cde"}},
                         {"^[a-cx-]$", {"a", "b", "c", "x", "-"}, {"d", "", "ab"}}}) {
    CAPTURE(one.pattern);
    for (const std::string& text : one.fit) CHECK_MESSAGE(fits_pattern(one.pattern, text), text);
    for (const std::string& text : one.unfit) CHECK_MESSAGE(!fits_pattern(one.pattern, text), text);
  }
}
