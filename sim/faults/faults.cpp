#include "sim/faults/faults.h"

#include <algorithm>
#include <cerrno>

namespace headway {

extern const FaultKind fault_read_error, fault_slow, fault_gone, fault_no_memory;

namespace {

constexpr const FaultKind* fault_kinds[] = {&fault_read_error, &fault_slow, &fault_gone, &fault_no_memory};

}  // namespace

Shape fault_shape() {
  TaggedShape tagged{.sentence = "What goes wrong."};
  for (const FaultKind* kind : fault_kinds) tagged.cases.push_back({{kind->name}, kind->sentence, kind->keys, ""});
  return Shape::tagged(tagged);
}

std::shared_ptr<const Fault> read_fault(const JsonNode& node) {
  static const Shape shape = fault_shape();
  shape.check(node);
  const std::string name = node.at("kind").string();
  return (*std::ranges::find(fault_kinds, name, &FaultKind::name))->read(node);
}

std::unique_ptr<Drive> with_faults(std::unique_ptr<Drive> drive, std::uint64_t devid, const Faults& faults) {
  for (const auto& fault : faults) {
    if (fault->devid == devid) drive = fault->on_drive(std::move(drive));
  }
  return drive;
}

std::optional<double> memory_error_rate(const Faults& faults) {
  for (const auto& fault : faults) {
    if (const auto rate = fault->memory_error_rate()) return rate;
  }
  return std::nullopt;
}

int ReadErrors::error_of_write(std::uint64_t devid, double end_s) const {
  const bool gone = std::any_of(faults_.begin(), faults_.end(),
                                [&](const auto& fault) { return fault->devid == devid && fault->is_gone(end_s); });
  return gone ? ENODEV : 0;
}

int ReadErrors::error_of(std::uint64_t devid, const Read& read, double end_s) {
  int error = error_of_write(devid, end_s);
  for (const auto& fault : faults_) {
    if (fault->devid != devid) continue;
    const auto rate = fault->read_error_rate(read);
    if (!rate) continue;
    const double lot = static_cast<double>(draw_() >> 11) * 0x1p-53;
    if (lot < *rate && error == 0) error = EIO;
  }
  return error;
}

}  // namespace headway
