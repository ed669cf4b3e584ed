#include "models/drive/fit/trial_drive.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/drive/read_drive.h"

namespace headway::fit {

RequestLog part_of(const RequestLog& log, std::size_t begin, std::size_t end) {
  RequestLog part = log;
  const auto& all = log.requests;
  part.requests.assign(all.begin() + static_cast<std::ptrdiff_t>(std::min(begin, all.size())),
                       all.begin() + static_cast<std::ptrdiff_t>(std::min(end, all.size())));
  return part;
}

std::vector<Replayed> run(const Json& file, const RequestLog& log) {
  const auto model = std::make_shared<DriveModel>(read_drive(JsonNode::parse(file.dump(), "the fitted drive")));
  return replay(model, QueueSpec{}, 0, log, Arrivals::closed);
}

std::vector<Replayed> alone(std::vector<Replayed> all) {
  std::erase_if(all, [](const Replayed& one) { return one.request.waited; });
  return all;
}

}  // namespace headway::fit
