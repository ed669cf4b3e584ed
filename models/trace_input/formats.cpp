#include "models/trace_input/formats.h"

#include <algorithm>

namespace headway {

namespace trace_input {
extern const TraceFormat trace_format_alibaba;
extern const TraceFormat trace_format_blkparse;
extern const TraceFormat trace_format_disksim;
extern const TraceFormat trace_format_fio;
extern const TraceFormat trace_format_fiu;
extern const TraceFormat trace_format_msr;
extern const TraceFormat trace_format_spc;
extern const TraceFormat trace_format_tencent;
}  // namespace trace_input

std::span<const TraceFormat* const> trace_formats() {
  using namespace trace_input;
  static constexpr const TraceFormat* all[] = {
      &trace_format_msr, &trace_format_alibaba, &trace_format_tencent,  &trace_format_fiu,
      &trace_format_spc, &trace_format_disksim, &trace_format_blkparse, &trace_format_fio,
  };
  return all;
}

const TraceFormat* trace_format(std::string_view name) {
  const auto all = trace_formats();
  const auto at = std::ranges::find(all, name, &TraceFormat::name);
  return at == all.end() ? nullptr : *at;
}

const std::vector<std::string>& trace_format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const TraceFormat* format : trace_formats()) list.push_back(format->name);
    return list;
  }();
  return names;
}

const std::vector<std::string>& trace_action_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const TraceFormat* format : trace_formats())
      list.insert(list.end(), format->actions.begin(), format->actions.end());
    return list;
  }();
  return names;
}

}  // namespace headway
