// What `import headway` gives a policy in Python.
#include <pybind11/embed.h>
#include <pybind11/stl.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/parameter.h"
#include "core/port_check.h"
#include "core/strategy.h"
#include "sim/plugins/python/world.h"

namespace headway::python {

namespace {

// As Python's own types have it, where a caster would take 6.5 for true.
ParameterValue value_of(const py::object& value) {
  if (PyBool_Check(value.ptr())) return value.cast<bool>();
  if (PyLong_Check(value.ptr())) return value.cast<std::int64_t>();
  if (PyUnicode_Check(value.ptr())) return value.cast<std::string>();
  throw py::type_error("a parameter's default is True or False, a whole number, or a word out of choices");
}

Parameter parameter(const py::object& default_value, std::string sentence, std::string unit, std::int64_t low,
                    std::int64_t high, std::vector<std::string> choices) {
  return {.name = "",
          .default_value = value_of(default_value),
          .unit = std::move(unit),
          .sentence = std::move(sentence),
          .low = low,
          .high = high,
          .choices = std::move(choices)};
}

py::tuple tuple_of(const Key& key) { return py::make_tuple(key.objectid, key.type, key.offset); }

void declare_policy(py::module_& module) {
  py::dict body;
  body["__module__"] = "headway";
  body["__doc__"] = "What a policy derives from. self.world is there before __init__(self), and so are its parameters.";
  body["copy"] = "pid";
  body["source"] = "";
  body["is_search"] = false;
  body["foresees"] = false;
  body["idle_class"] = false;
  body["restart_interval_s"] = 0.0;
  module.attr("Policy") =
      py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&PyType_Type))("Policy", py::tuple(), body);
  py::class_<Parameter>(module, "Parameter", "A parameter of a policy's class; its objects have the value in its place")
      .def(py::init(&parameter), py::arg("default"), py::arg("sentence"), py::kw_only(), py::arg("unit") = "",
           py::arg("low") = 0, py::arg("high") = INT64_MAX, py::arg("choices") = std::vector<std::string>{});
}

void declare_records(py::module_& module) {
  py::class_<Range>(module, "Range", "A key range of one tree, its end exclusive")
      .def_readonly("tree", &Range::tree)
      .def_property_readonly("start", [](const Range& range) { return tuple_of(range.start); })
      .def_property_readonly("end", [](const Range& range) { return tuple_of(range.end); })
      .def_readonly("is_visited", &Range::is_visited);
  py::class_<Read>(module, "Read", "A read of tree blocks")
      .def_readonly("block", &Read::block)
      .def_readonly("blocks", &Read::blocks)
      .def_readonly("device", &Read::device)
      .def_readonly("mirror", &Read::mirror)
      .def_readonly("level", &Read::level)
      .def_readonly("bytes", &Read::bytes)
      .def_readonly("logical", &Read::logical)
      .def_readonly("physical", &Read::physical);
}

}  // namespace

PYBIND11_EMBEDDED_MODULE(headway, module) {
  module.doc() = "Policies in Python for headway: core/README.md tells what is here.";
  py::register_exception<BrokenContract>(module, "BrokenContract");
  declare_policy(module);
  declare_records(module);
  const auto block = py::arg("block"), read = py::arg("read");
  const auto blocks = py::arg("blocks") = 1;
  py::class_<World, std::shared_ptr<World>>(module, "World", "What a policy sees and does")
      .def_readonly("forest", &World::forest)
      .def_readonly("devices", &World::devices)
      .def_readonly("pending", &World::pending)
      .def_property_readonly("now_s", &World::now_s)
      .def_property_readonly("seed", &World::seed)
      .def("holds", &World::holds, block)
      .def("in_flight", &World::in_flight, block)
      .def("children", &World::children, block, py::arg("range"), py::arg("top") = py::none())
      .def("read_of", &World::read_of, block)
      .def("copies", &World::copies, block)
      .def("issue", py::overload_cast<const Read&, std::uint32_t>(&World::issue), read, blocks)
      .def("issue", py::overload_cast<BlockId, std::uint32_t>(&World::issue), block, blocks)
      .def("claim", &World::claim, read)
      .def("release", &World::release, read)
      .def("issue_claimed", &World::issue_claimed, read, blocks)
      .def("retry", &World::retry, read)
      .def("hit", py::overload_cast<const Read&>(&World::hit), read)
      .def("hit", py::overload_cast<BlockId>(&World::hit), block)
      .def("zone", &World::zone, py::arg("device"), py::arg("logical"))
      .def("finish", &World::finish, py::arg("handle"))
      .def("hold", &World::hold, block)
      .def("let_go", &World::let_go, block);
}

}  // namespace headway::python
