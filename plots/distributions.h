// Cumulative distributions, a line each, over a logarithmic axis.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plots/figure.h"
#include "plots/lines.h"

namespace headway {

struct Distribution {
  std::string label;
  std::vector<double> values{};  // in any order, not negative
};

// The x axis is the caller's to name.
LineChart distributions_chart(std::vector<Distribution> all, const std::string& y_title);

// The same, drawn. Throws as FigureKind::draw does.
void plot_distributions(std::vector<Distribution> all, const std::string& x_title, const std::string& y_title,
                        const std::filesystem::path& out, const FigureOptions& options = {});

}  // namespace headway
