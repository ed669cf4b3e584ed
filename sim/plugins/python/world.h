// What a policy in Python sees of the world and does to it: Context, Port and copy::Reader (core/) as one object.
//
// Whatever Python hands over is held against the contract of core/strategy.h before it reaches anything of headway's:
// what a policy in C++ can break by a wrong number, one in Python gets an exception for, with the line in its words.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "core/copy/reader.h"
#include "core/port_check.h"
#include "core/strategy.h"
#include "core/wanted.h"

namespace headway::python {

namespace py = pybind11;

class World {
 public:
  // What it refers to must live until end().
  World(const Context& context, const Parameters& values);

  // The driver's word, before the policy hears it.
  void added(HandleId handle) { check_.added(handle); }
  void completed(const Read& read, int error);
  // What a decision has thrown on its way through Python, where it may have been caught or become another; null: none.
  std::exception_ptr take_thrown() { return std::exchange(thrown_, nullptr); }
  // The strategy is over. A policy may have kept this object, or columns of it: they then say so.
  void end();

  // For Python, all of it with the meaning that Context, Port and Reader give it.
  py::object forest, devices, pending;
  double now_s() const { return context().now_s; }
  std::uint64_t seed() const { return context().seed; }
  bool holds(BlockId block) const { return context().memory.holds(known(block)); }
  bool in_flight(BlockId block) const { return reader().in_flight(known(block)); }
  py::list children(BlockId block, const Range& range, std::optional<PointerId> top) const;
  Read read_of(BlockId block) const { return reader().read_of(known(block)); }
  std::vector<Read> copies(BlockId block) const;
  Read issue(BlockId block, std::uint32_t blocks) { return issue(read_of(block), blocks); }
  Read issue(const Read& read, std::uint32_t blocks);
  void claim(const Read& read);
  void release(const Read& read);
  Read issue_claimed(const Read& read, std::uint32_t blocks);
  std::optional<Read> retry(const Read& failed);
  void hit(BlockId block) { hit(read_of(block)); }
  void hit(const Read& read);
  void zone(DeviceIndex device, std::uint64_t logical);
  void finish(HandleId handle);
  void hold(BlockId block);
  void let_go(BlockId block);

 private:
  const Context& context() const;
  copy::Reader& reader() const { return (static_cast<void>(context()), *reader_); }
  BlockId known(BlockId block) const;
  py::object make_forest() const;
  py::object make_devices() const;

  // What it throws is kept, whatever Python makes of it.
  template <class Decision>
  auto decide(Decision&& decision) {
    try {
      return decision();
    } catch (...) {
      thrown_ = std::current_exception();
      throw;
    }
  }

  std::optional<Context> context_;  // until the end
  mutable std::optional<copy::Reader> reader_;
  PortCheck check_;
  std::optional<Read> failed_;         // has just completed so, and may be tried again
  std::vector<std::uint32_t> claims_;  // by device
  std::vector<std::uint32_t> held_;    // by block
  std::exception_ptr thrown_;
};

}  // namespace headway::python
