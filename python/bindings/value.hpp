#pragma once

#include <functional>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "convert.hpp"

namespace heddle::python {

/// One field of a value type, as Python sees it.
template <class T>
struct Field {
    std::string name;
    bool required;
    std::function<void(T&, nb::handle)> set;
    std::function<nb::object(const T&, nb::handle)> get;
};

/// \throws TypeError "Motif has no field 'valus'; did you mean 'values'?".
[[noreturn]] void raise_unknown_field(const std::string& type, const std::string& field,
                                      const std::vector<std::string>& known);
[[noreturn]] void raise_missing_field(const std::string& type, const std::string& field);
[[noreturn]] void raise_too_many_fields(const std::string& type, std::size_t most,
                                        std::size_t found);

/// Binds a plain struct as an immutable Python value: built by keyword (or in the order of its
/// fields), with read-only attributes, a one-line repr, pickles, and `_fields`, the names of all
/// fields.
template <class T>
class Value {
  public:
    using Check = std::function<void(T&)>;
    using Describe = std::string (*)(const T&);

    Value(nb::module_& module, const char* name, const char* doc, Describe describe)
        : class_(module, name, doc) {
        name_ = name;
        fields_.clear();
        class_.def("__init__", [](T* self, const nb::args& args, const nb::kwargs& named) {
            new (self) T(build(args, named));
        });
        class_.def("__getstate__", &state);
        class_.def("__setstate__", [](T& self, const nb::dict& fields) {
            new (&self) T(build(nb::tuple(), fields));
        });
        class_.def("__repr__", [describe](const T& self) { return describe(self); });
    }

    /// A field that must be given.
    template <class F>
    Value& required(const char* name, F T::* member, const char* doc) {
        return add(name, member, doc, true);
    }

    /// A field that keeps its default if it is missing or None.
    template <class F>
    Value& optional(const char* name, F T::* member, const char* doc) {
        return add(name, member, doc, false);
    }

    /// Called with every value that Python builds; completes it, and throws if it is not valid.
    Value& check(Check check) {
        check_ = std::move(check);
        return *this;
    }

    /// Ends the list of fields. \return nanobind's class, for more methods.
    nb::class_<T>& done() {
        nb::list names;
        for (const Field<T>& field : fields_) names.append(field.name);
        class_.attr("_fields") = nb::tuple(names);
        return class_;
    }

    /// A value from fields in order and by keyword.
    [[nodiscard]] static T build(const nb::tuple& args, const nb::dict& named) {
        T value{};
        if (args.size() > fields_.size()) raise_too_many_fields(name_, fields_.size(), args.size());
        for (std::size_t i = 0; i < args.size(); ++i) assign(value, fields_[i], args[i]);
        for (const auto [key, item] : named) {
            const Field<T>& field = find(nb::cast<std::string>(key), args.size());
            assign(value, field, item);
        }
        for (std::size_t i = args.size(); i < fields_.size(); ++i)
            if (fields_[i].required && !named.contains(fields_[i].name.c_str()))
                raise_missing_field(name_, fields_[i].name);
        if (check_) check_(value);
        return value;
    }

  private:
    template <class F>
    Value& add(const char* name, F T::* member, const char* doc, bool required) {
        const std::string called = name_ + ": " + name;
        fields_.push_back({name, required,
                           [member, called](T& value, nb::handle item) {
                               value.*member = from_python<F>(item, called);
                           },
                           [member](const T& value, nb::handle owner) {
                               return to_python(value.*member, owner);
                           }});
        class_.def_prop_ro(
            name,
            [member](nb::handle self) { return to_python(nb::cast<const T&>(self).*member, self); },
            doc);
        return *this;
    }

    static void assign(T& value, const Field<T>& field, nb::handle item) {
        if (item.is_none() && !field.required) return;
        field.set(value, item);
    }

    [[nodiscard]] static const Field<T>& find(const std::string& name, std::size_t after) {
        for (std::size_t i = after; i < fields_.size(); ++i)
            if (fields_[i].name == name) return fields_[i];
        std::vector<std::string> known;
        for (const Field<T>& field : fields_) known.push_back(field.name);
        raise_unknown_field(name_, name, known);
    }

    [[nodiscard]] static nb::dict state(nb::handle self) {
        nb::dict fields;
        for (const Field<T>& field : fields_)
            fields[field.name.c_str()] = field.get(nb::cast<const T&>(self), self);
        return fields;
    }

    nb::class_<T> class_;
    static inline std::string name_;
    static inline std::vector<Field<T>> fields_;
    static inline Check check_;
};

}  // namespace heddle::python
