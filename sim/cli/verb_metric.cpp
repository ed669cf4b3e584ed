// headway metric list: what is measured, in which unit, and what it means.
#include <fmt/format.h>

#include <memory>

#include "results/metrics/metric.h"
#include "sim/cli/verbs.h"

namespace headway {

void add_metric_verb(CLI::App& app) {
  CLI::App* metric = app.add_subcommand("metric", "What is measured");
  metric->require_subcommand(1);
  CLI::App* list = metric->add_subcommand("list", "List the metrics with their units and meanings");
  const auto markdown = std::make_shared<bool>(false);
  list->add_flag("--markdown", *markdown, "As a Markdown table, for documents");
  list->callback([markdown] { fmt::print("{}", *markdown ? metrics_as_markdown() : metrics_as_text()); });
}

}  // namespace headway
