// Cumulative distributions, a line each, over a logarithmic axis.
#pragma once

#include <cstdint>
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

enum class Tail : std::uint8_t { below, above };

// Per cent of the values that are at most x, or with Tail::above those that are more: one sample as it is, of several,
// those of replicates, the mean of their distributions with its 95 % interval.
Line distribution_line(const std::string& label, std::vector<std::vector<double>> replicates, Looks looks, Tail side);

// The x axis is the caller's to name.
LineChart distributions_chart(std::vector<Distribution> all, const std::string& y_title);

// The same, drawn. Throws as FigureKind::draw does.
void plot_distributions(std::vector<Distribution> all, const std::string& x_title, const std::string& y_title,
                        const std::filesystem::path& out, const FigureOptions& options = {});

}  // namespace headway
