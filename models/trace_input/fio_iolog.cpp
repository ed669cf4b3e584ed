// fio's iolog, versions 2 and 3: "FILE read|write OFFSET LENGTH" in bytes, beside add, open, close, sync, datasync, trim
// and wait. Version 3 puts a time in front of each line; version 2 has "FILE wait T" between them. Both in microseconds
// (fio 3.33 writes them so; its manual does not say).
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class FioIolog final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    if (version_ == 0) return heading(fields, line);
    if (fields.size() == 4 && fields[0] == "fio" && fields[3] == "iolog") throw another_trace();
    const std::size_t first = version_ == 3 ? 1 : 0;
    fields.need(first + 2, version_ == 3 ? "TIME FILE ACTION ..." : "FILE ACTION ...");
    if (version_ == 3) waited_us_ = fields.whole(0, "a time in microseconds");
    const std::string_view action = fields[first + 1];
    if (action == "wait") {
      fields.need(first + 3, "FILE wait T");
      waited_us_ += fields.whole(first + 2, "a time in microseconds");
      return Line::nothing;
    }
    if (action != "read" && action != "write") return without_data(fields, first + 1);
    fields.need(first + 4, "FILE read|write OFFSET LENGTH");
    request.time_s = static_cast<double>(waited_us_) * 1e-6;
    request.device = fields[first];
    request.offset_bytes = fields.whole(first + 2, "an offset in bytes");
    request.bytes = fields.whole(first + 3, "a length in bytes");
    request.write = action == "write";
    return Line::request;
  }

 private:
  Line heading(const Fields& fields, std::string_view line) {
    const bool fits = fields.size() == 4 && fields[0] == "fio" && fields[1] == "version" && fields[3] == "iolog";
    if (!fits || (fields[2] != "2" && fields[2] != "3"))
      throw BadLine{"\"fio version 2 iolog\" or \"fio version 3 iolog\"", '"' + std::string(line.substr(0, 40)) + '"'};
    version_ = fields[2] == "2" ? 2 : 3;
    return Line::nothing;
  }

  static Line without_data(const Fields& fields, std::size_t place) {
    for (const char* known : {"add", "open", "close", "sync", "datasync", "trim"}) {
      if (fields[place] == known) return Line::nothing;
    }
    fields.fail(place, "add, open, close, read, write, sync, datasync, trim or wait");
  }

  int version_ = 0;  // not known before the heading
  std::uint64_t waited_us_ = 0;
};

}  // namespace

extern const TraceFormat trace_format_fio{
    .name = "fio",
    .sentence = "fio's iolog, versions 2 and 3.",
    .make_parser = make_parser<FioIolog>};

}  // namespace headway::trace_input
