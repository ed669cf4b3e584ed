// See policy.h.
#include "sim/plugins/python/policy.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "core/copy/rule.h"
#include "sim/plugins/python/words.h"
#include "sim/plugins/python/world.h"

namespace headway::python {

namespace {

std::string name_of(const py::object& type) { return py::str(type.attr("__name__")); }

// An attribute of a class, or of an object of it, of the type that it must have.
template <class Value>
Value attribute(const py::object& type, const py::object& of, const char* name, std::string_view expected) {
  const py::object value = of.attr(name);
  const bool is_flag = PyBool_Check(value.ptr()) != 0;
  try {
    if (is_flag == std::is_same_v<Value, bool>) return value.cast<Value>();
  } catch (const py::cast_error&) {
  }
  throw std::runtime_error(
      fmt::format("class {} whose {} is {}, not {}", name_of(type), name, std::string(py::repr(value)), expected));
}

void check_method(const py::object& type, const char* name, const char* arguments) {
  if (!py::hasattr(type, name) || PyCallable_Check(type.attr(name).ptr()) == 0)
    throw std::runtime_error(fmt::format("class {} without a method {}(self, {})", name_of(type), name, arguments));
}

// The first paragraph of the class's docstring.
std::string sentence_of(const py::object& type) {
  const py::object text = type.attr("__doc__");
  const bool is_own = type.attr("__dict__").contains("__doc__") && !text.is_none();
  if (!is_own)
    throw std::runtime_error(fmt::format("class {} without a docstring that says what it does", name_of(type)));
  const py::object clean = py::module_::import("inspect").attr("cleandoc")(text);
  const py::list words = clean.attr("split")("\n\n").cast<py::list>()[0].attr("split")();
  return py::str(" ").attr("join")(words).cast<std::string>();
}

// By name, in the order in which they were written, those of the base classes first.
py::dict parameters_of(const py::object& type) {
  py::dict all;
  const py::list bases = py::list(type.attr("__mro__"));
  for (std::size_t i = bases.size(); i-- > 0;) {
    for (const auto& item : bases[i].attr("__dict__").attr("items")()) {
      const auto pair = item.cast<py::tuple>();
      if (py::isinstance<Parameter>(pair[1])) all[pair[0]] = pair[1];
    }
  }
  return all;
}

py::object value_in_python(const ParameterValue& value) {
  return std::visit([](const auto& one) -> py::object { return py::cast(one); }, value);
}

class PythonStrategy final : public Strategy {
 public:
  PythonStrategy(const py::object& type, const Context& context, const Parameters& values)
      : world_(std::make_shared<World>(context, values)), self_(type.attr("__new__")(type)) {
    self_.attr("world") = world_;
    for (const auto& item : parameters_of(type)) {
      const std::string name = py::str(item.first);
      self_.attr(name.c_str()) = value_in_python(values.value(name));
    }
    self_.attr("__init__")();
    add_ = self_.attr("add");
    complete_ = self_.attr("complete");
    visited_ = method("visited");
    wait_ = method("wait");
    detach_ = method("detach");
    restart_ = method("restart");
    left_out_ = method("left_out");
    dump_ = method("dump");
    idle_class_ = attribute<bool>(type, self_, "idle_class", "True or False");
    restart_interval_s_ = attribute<double>(type, self_, "restart_interval_s", "seconds");
    if (!(restart_interval_s_ >= 0 && std::isfinite(restart_interval_s_)))
      throw std::runtime_error(fmt::format("restart_interval_s is {}, no time", restart_interval_s_));
  }
  ~PythonStrategy() override { world_->end(); }

  void add(HandleId handle, const Range& range) override {
    world_->added(handle);
    call("add", add_, handle, range);
  }
  void complete(const Read& read, int error) override {
    world_->completed(read, error);
    call("complete", complete_, read, error);
  }
  void visited(HandleId handle, BlockId block) override {
    if (visited_) call("visited", visited_, handle, block);
  }
  void wait(HandleId handle) override {
    if (wait_) call("wait", wait_, handle);
  }
  void detach(HandleId handle) override {
    if (detach_) call("detach", detach_, handle);
  }
  double restart_interval_s() const override { return restart_interval_s_; }
  void restart() override {
    if (restart_) call("restart", restart_);
  }
  bool idle_class() const override { return idle_class_; }
  std::vector<std::string> left_out() const override {
    if (!left_out_) return {};
    return in_words([&] { return left_out_().cast<std::vector<std::string>>(); });
  }
  std::string dump() const override {
    if (!dump_) return {};
    return in_words([&] { return dump_().cast<std::string>(); });
  }

 private:
  py::object method(const char* name) const {
    return py::hasattr(self_, name) ? py::object(self_.attr(name)) : py::object();
  }

  // What a decision has thrown comes out whatever Python made of it: as it was, but for where Python says it was.
  template <class... Arguments>
  void call(const char* name, const py::object& method, const Arguments&... arguments) {
    std::string words;
    try {
      const py::object answer = method(arguments...);
      if (!answer.is_none())
        words = fmt::format("{}() returned {:.100}: it returns nothing, and decides by self.world", name,
                            in_one_line(py::repr(answer)));
    } catch (const py::error_already_set& error) {
      words = words_of(error);
    }
    if (const std::exception_ptr thrown = world_->take_thrown()) {
      try {
        std::rethrow_exception(thrown);
      } catch (const BrokenContract& broken) {
        throw BrokenContract(broken.clause, words.empty() ? broken.what() : words);
      } catch (const std::invalid_argument& wrong) {
        throw std::invalid_argument(words.empty() ? wrong.what() : words);
      }
    }
    if (!words.empty()) throw std::runtime_error(words);
  }

  const std::shared_ptr<World> world_;
  const py::object self_;
  py::object add_, complete_, visited_, wait_, detach_, restart_, left_out_, dump_;  // null: it has none
  bool idle_class_ = false;
  double restart_interval_s_ = 0;
};

bool foresees(const Parameters&) { return true; }

}  // namespace

Declared declare(const py::object& type) {
  check_method(type, "add", "handle, range");
  check_method(type, "complete", "read, error");
  const auto text = [&](const char* name) { return attribute<std::string>(type, type, name, "a word"); };
  const auto flag = [&](const char* name) { return attribute<bool>(type, type, name, "True or False"); };
  Declared made{.type = type, .policy = {}};
  made.policy.name =
      py::hasattr(type, "name") ? text("name") : type.attr("__name__").attr("lower")().cast<std::string>();
  made.policy.sentence = sentence_of(type);
  const std::string source = text("source");
  made.policy.source = fmt::format("{}in Python {}.{}, where a decision takes some thirty times as long as in C++",
                                   source.empty() ? "" : source + "; ", PY_MAJOR_VERSION, PY_MINOR_VERSION);
  std::vector<Parameter> own;
  for (const auto& [key, value] : parameters_of(type)) {
    own.push_back(value.cast<Parameter>());
    own.back().name = py::str(key);
  }
  made.policy.parameters = copy::declare_with(std::move(own), text("copy"));
  made.policy.is_search = flag("is_search");
  if (flag("foresees")) made.policy.foresees = foresees;
  return made;
}

std::unique_ptr<Strategy> make_strategy(const Declared& declared, const Context& context, const Parameters& values) {
  return in_words([&] { return std::make_unique<PythonStrategy>(declared.type, context, values); });
}

}  // namespace headway::python
