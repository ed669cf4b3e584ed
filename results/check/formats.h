// The forms in which a check's outcome can be told, each in a file of its own, and the phrases that they share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "results/check/check.h"

namespace headway {

struct CheckFormat {
  std::string_view name;  // --format NAME, --NAME FILE
  std::string_view sentence;
  std::string (*write)(const Check&);
};
std::span<const CheckFormat> check_formats();

std::string check_as_text(const Check& check);
std::string check_as_markdown(const Check& check);
inline constexpr int check_schema_version = 1;  // of check_as_json()
std::string check_as_json(const Check& check);
std::string check_as_junit(const Check& check);
std::string check_as_github(const Check& check);
std::string check_as_benchmark_smaller(const Check& check);
std::string check_as_benchmark_bigger(const Check& check);

std::string_view kind_name(ChangeKind kind);    // "worse"
std::string headline(const Check& check);       // "2 of 69 values are worse, 1 is better"
// Why it is red, beside the changes: runs that failed, policies that did other work.
std::vector<std::string> reasons_beside_changes(const Check& check);
std::string metric_text(const Change& change);  // "elapsed_s", "elapsed_s of files"
// Old and new in one unit for people: "2.23 s", "2.951 ±0.023 s".
std::string before_text(const Change& change);
std::string after_text(const Change& change);
// "+32.3 %", the difference where there is no ratio, or "other work".
std::string change_text(const Change& change);
std::string interval_text(const Change& change);  // of the change, "+31.0 to +33.5 %"; "one seed" where there is none
std::string tolerance_text(const Tolerance& tolerance);  // "1 %", "5", "1 % + 5"
std::string sentence_of(const Change& change);           // all of it, on one line

}  // namespace headway
