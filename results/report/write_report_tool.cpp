// For the browser test: the report without the command line around it. Usage: write_report_tool RESULTS OUT.html
#include <fmt/format.h>

#include <exception>

#include "results/report/report.h"

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    headway::write_report(arguments[1], arguments[2]);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
