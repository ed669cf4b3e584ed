// What runs left undone, said on the figure: an asterisk at each name, and below the axes what it stands for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/figure.h"

namespace headway {

class Undone {
 public:
  // A run of what the figure calls so.
  void add(const std::string& name, const RunResult& run);
  // Whether one of its runs did not bring all that was wanted, or had reads that failed.
  bool marks(std::string_view name) const;
  // A sentence for each name that it marks; one for all where they are many.
  std::vector<std::string> sentences() const;

 private:
  struct Named {
    std::string name;
    std::size_t runs = 0, marked = 0;
    double missing_blocks = 0, errors = 0, reads = 0;  // sums over the runs
  };
  std::vector<Named> all_;
};

// Whether the run did not bring all that was wanted, or had reads that failed.
bool left_something(const RunResult& run);

}  // namespace headway
