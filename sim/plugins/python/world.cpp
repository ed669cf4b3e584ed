// See world.h.
#include "sim/plugins/python/world.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <stdexcept>

namespace headway::python {

namespace {

// A column as Python's own view of memory, which cannot be written by.
template <class Item>
py::memoryview view(std::span<const Item> column) {
  static constexpr Item none{};  // Python wants an address even of nothing
  return py::memoryview::from_buffer(column.empty() ? &none : column.data(), {static_cast<py::ssize_t>(column.size())},
                                     {static_cast<py::ssize_t>(sizeof(Item))});
}

template <class Item>
py::memoryview view(const std::vector<Item>& column) {
  return view(std::span<const Item>(column));
}

py::object record() { return py::module_::import("types").attr("SimpleNamespace")(); }

}  // namespace

World::World(const Context& context, const Parameters& values)
    : context_(context),
      check_(context.volume, context.forest, context.memory),
      claims_(context.volume.devices().size()),
      held_(context.forest.blocks()) {
  reader_.emplace(*context_, values);
  forest = make_forest();
  devices = make_devices();
  pending = view(context.pending);
}

py::object World::make_forest() const {
  const Forest& from = context_->forest;
  py::object columns = record();
  columns.attr("node_bytes") = from.node_bytes;
  columns.attr("blocks") = from.blocks();
  columns.attr("pointers") = from.pointers();
  columns.attr("logical") = view(from.logical);
  columns.attr("generation") = view(from.generation);
  columns.attr("level") = view(from.level);
  columns.attr("first_pointer") = view(from.first_pointer);
  columns.attr("stripe_set") = view(from.stripe_set);
  columns.attr("key_objectid") = view(from.key_objectid);
  columns.attr("key_type") = view(from.key_type);
  columns.attr("key_offset") = view(from.key_offset);
  columns.attr("child") = view(from.child);
  columns.attr("child_generation") = view(from.child_generation);
  py::list trees;
  for (const TreeRoot& tree : from.trees) {
    py::object one = record();
    one.attr("objectid") = tree.objectid;
    one.attr("root") = tree.root;
    trees.append(one);
  }
  columns.attr("trees") = trees;
  return columns;
}

py::object World::make_devices() const {
  py::list all;
  const auto known_devices = context_->volume.devices();
  for (std::size_t i = 0; i < known_devices.size(); ++i) {
    const DeviceTraits traits = i < context_->traits.size() ? context_->traits[i] : DeviceTraits{};
    py::object device = record();
    device.attr("devid") = known_devices[i].devid;
    device.attr("bytes") = known_devices[i].bytes;
    device.attr("rotational") = traits.rotational;
    device.attr("optimal_io_bytes") = traits.optimal_io_bytes;
    device.attr("max_request_bytes") = traits.max_request_bytes;
    all.append(device);
  }
  return all;
}

void World::end() {
  reader_.reset();
  context_.reset();
  const auto release_view = [](py::handle view) {
    if (!PyMemoryView_Check(view.ptr())) return;
    try {
      view.attr("release")();
    } catch (py::error_already_set&) {  // part of it is still looked at
    }
  };
  for (const auto& [name, column] : py::dict(forest.attr("__dict__"))) release_view(column);
  release_view(pending);
}

const Context& World::context() const {
  if (!context_) throw std::runtime_error("the run that this world was of is over");
  return *context_;
}

BlockId World::known(BlockId block) const {
  const std::size_t blocks = context().forest.blocks();
  if (block >= blocks) throw std::out_of_range(fmt::format("block {}: there are {}", block, blocks));
  return block;
}

void World::completed(const Read& read, int error) {
  check_.completed(read);
  reader_->complete(read, error);
  failed_ = error != 0 && read.blocks == 1 ? std::optional(read) : std::nullopt;
}

py::list World::children(BlockId block, const Range& range, std::optional<PointerId> top) const {
  const Forest& from = context().forest;
  if (top && *top >= from.pointers())
    throw std::out_of_range(fmt::format("pointer {}: there are {}", *top, from.pointers()));
  py::list found;
  for_each_child_in(from, known(block), top.value_or(no_top), range, [&](PointerId pointer, PointerId above) {
    found.append(py::make_tuple(from.child[pointer], above == no_top ? py::none() : py::object(py::int_(above))));
  });
  return found;
}

std::vector<Read> World::copies(BlockId block) const {
  const Forest& from = context().forest;
  const Mapping mapping = context().volume.map(from.logical[known(block)]);
  std::vector<Read> all;
  for (std::uint8_t i = 0; i < mapping.copies; ++i)
    all.push_back({.block = block,
                   .device = mapping.copy[i].device,
                   .mirror = static_cast<std::uint8_t>(i + 1),
                   .level = from.level[block],
                   .bytes = from.node_bytes,
                   .logical = from.logical[block],
                   .physical = mapping.copy[i].physical});
  return all;
}

Read World::issue(const Read& read, std::uint32_t blocks) {
  claim(read);
  release(read);
  return issue_claimed(read, blocks);
}

void World::claim(const Read& read) {
  if (read.device >= claims_.size()) throw std::out_of_range(fmt::format("device {}", read.device));
  reader().claim(read);
  ++claims_[read.device];
}

void World::release(const Read& read) {
  if (read.device >= claims_.size() || claims_[read.device] == 0)
    throw std::out_of_range(fmt::format("device {} has no claimed read to release", read.device));
  --claims_[read.device];
  reader().release(read.device);
}

Read World::issue_claimed(const Read& read, std::uint32_t blocks) {
  return decide([&] {
    Read whole = read;
    whole.blocks = blocks;
    whole.bytes = blocks * context().forest.node_bytes;
    check_.issue(whole);
    reader().issue_claimed(whole);
    return whole;
  });
}

std::optional<Read> World::retry(const Read& failed) {
  return decide([&]() -> std::optional<Read> {
    if (!failed_ || failed_->block != failed.block)
      throw std::invalid_argument("retry() is for a read of one block whose failure complete() is just being told");
    if (in_flight(failed.block)) throw std::invalid_argument("retry() of a block that has been issued anew");
    if (holds(failed.block))
      throw BrokenContract(Clause::memory, fmt::format("block {} tried again: it is in memory", failed.logical));
    const Read last = *std::exchange(failed_, std::nullopt);
    const auto again = reader().retry(last);
    if (again) check_.issue(*again);
    return again;
  });
}

void World::hit(const Read& read) {
  decide([&] {
    check_.hit(read);
    context().port.hit(read);
  });
}

void World::zone(DeviceIndex device, std::uint64_t logical) {
  decide([&] {
    check_.zone(device, logical);
    context().port.zone(device, logical);
  });
}

void World::finish(HandleId handle) {
  decide([&] {
    check_.finish(handle);
    context().port.finish(handle);
  });
}

void World::hold(BlockId block) {
  ++held_[known(block)];
  if (context().bound != nullptr) context().bound->hold(block);
}

void World::let_go(BlockId block) {
  if (held_[known(block)] == 0) throw std::out_of_range(fmt::format("block {} is not held", block));
  --held_[block];
  if (context().bound != nullptr) context().bound->release(block);
}

}  // namespace headway::python
