// headway metric list: what is measured, in which unit, and what it means.
#include <fmt/format.h>

#include <memory>

#include "results/metrics/metric.h"
#include "sim/cli/verbs.h"

namespace headway {

void add_metric_verb(Verb& app) {
  Verb metric = app.verb("metric", "What is measured");
  Verb list = metric.verb("list", "List the metrics with their units and meanings");
  const auto markdown = std::make_shared<bool>(false);
  list.flag("--markdown", *markdown, "As a Markdown table, for documents");
  list.run([markdown] { fmt::print("{}", *markdown ? metrics_as_markdown() : metrics_as_text()); });
}

}  // namespace headway
