// The shipped plug-in for policies in Python: headway-python.so. It has no policy itself; of a file *.py that is named
// as a plug-in it makes policies of the classes that derive from headway.Policy.
//
// The interpreter stands alone: it heeds no environment and no folder beside the file, so that what a policy decides
// follows from its file, which is what results know it by, from Python's version and from what is installed. Hashes of
// strings are the same in each process. It works in one thread, which holds Python's lock throughout.
#include <dlfcn.h>
#include <fmt/format.h>
#include <pybind11/embed.h>

#include <array>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/plugin.h"
#include "sim/plugins/python/policy.h"
#include "sim/plugins/python/words.h"

namespace headway::python {

namespace {

namespace py = pybind11;

void check(const PyStatus& status) {
  if (PyStatus_Exception(status))
    throw std::runtime_error(fmt::format("Python does not start: {}", status.err_msg == nullptr ? "" : status.err_msg));
}

void start_interpreter() {
  if (Py_IsInitialized() != 0) return;
  // Modules that are shared objects themselves take it for granted that all of the process sees libpython.
  Dl_info library{};
  if (::dladdr(reinterpret_cast<void*>(&Py_IsInitialized), &library) != 0)
    static_cast<void>(::dlopen(library.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD));
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
#ifdef HEADWAY_PYTHON_MALLOC  // whose blocks a sanitizer knows
  before.allocator = PYMEM_ALLOCATOR_MALLOC;
#endif
  check(Py_PreInitialize(&before));
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.write_bytecode = 0;
  config.buffered_stdio = 0;  // runs end without Python's doing
  const PyStatus named = PyConfig_SetString(&config, &config.program_name, L"" HEADWAY_PYTHON);
  const PyStatus started = PyStatus_Exception(named) ? named : Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  check(started);
}

// A script's policies and classes, kept as long as the program runs.
std::deque<Declared>& declared() {
  static auto* const all = new std::deque<Declared>;  // outlives whatever is destroyed at the end
  return *all;
}

// Policy::make is a plain function: one for each policy that there can be.
template <std::size_t i>
std::unique_ptr<Strategy> make(const Context& context, const Parameters& values) {
  return make_strategy(declared()[i], context, values);
}
template <std::size_t... i>
constexpr auto makers_of(std::index_sequence<i...>) {
  return std::array{&make<i>...};
}
constexpr auto makers = makers_of(std::make_index_sequence<64>());

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The file, run as a module by the name of the file; its dictionary.
py::dict run(const std::string& file, const std::string& name) {
  py::module_ builtins = py::module_::import("builtins");
  py::object module = py::module_::import("types").attr("ModuleType")(name);
  module.attr("__file__") = file;
  py::module_::import("sys").attr("modules")[py::str(name)] = module;
  py::dict names = module.attr("__dict__");
  const py::object code = builtins.attr("compile")(py::bytes(bytes_of(file)), name, "exec", 0, true);
  builtins.attr("exec")(code, names);
  return names;
}

void declare_all(const std::string& file, PluginContents& contents) {
  const std::string name = file.substr(file.rfind('/') + 1);
  const py::dict names = run(file, name);
  const py::object base = py::module_::import("headway").attr("Policy");
  for (const auto& [key, value] : names) {
    const bool is_own = py::isinstance<py::type>(value) && PyObject_IsSubclass(value.ptr(), base.ptr()) == 1 &&
                        !value.is(base) && py::str(value.attr("__module__")).equal(py::str(name));
    if (!is_own || std::string(py::str(key)).starts_with('_')) continue;
    if (declared().size() == makers.size())
      throw std::runtime_error(fmt::format("policies in Python beyond the {} that there can be", makers.size()));
    declared().push_back(declare(py::reinterpret_borrow<py::object>(value)));
    declared().back().policy.make = makers[declared().size() - 1];
    contents.policies.push_back(&declared().back().policy);
  }
  if (contents.policies.empty()) throw std::runtime_error("no class that derives from headway.Policy");
}

}  // namespace

}  // namespace headway::python

// Puts the file's policies into `contents`. Returns what is wrong with it, in words; empty where nothing is.
extern "C" __attribute__((visibility("default"))) void headway_script(const std::string& file,
                                                                      headway::PluginContents& contents,
                                                                      std::string& wrong) {
  try {
    headway::python::start_interpreter();
    headway::python::in_words([&] { headway::python::declare_all(file, contents); });
  } catch (const std::exception& error) {
    wrong = error.what();
  }
}

HEADWAY_PLUGIN();
