// What lies between a C++ function and the JSON of its call; see assay_workers/sandbox/driving.py.
//
// Included before the program, so that none of its macros reaches this; it is compiled with the program, for the
// types of the function must be seen. What needs no type is in assay_driver.cpp, which never sees the program.
#ifndef ASSAY_DRIVER_HPP
#define ASSAY_DRIVER_HPP

#include <array>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace assay_driver {

[[noreturn]] void refuse(const char *complaint);

class Reader {
public:
  explicit Reader(const std::string &text) : at_(text.data()), end_(text.data() + text.size()) {}
  bool take(char token);
  void expect(char token);
  bool null();
  bool boolean();
  double number();
  // A whole number, and whether it is negative; refused beyond 64 bits.
  unsigned long long whole(bool &negative);
  std::string string();

private:
  void space();
  std::string numeral();
  const char *at_;
  const char *end_;
};

class Writer {
public:
  void raw(const char *text);
  void raw(char character);
  void boolean(bool value);
  void integer(long long value);
  void natural(unsigned long long value);
  void number(double value);
  void string(const char *text, std::size_t size);
  const std::string &text() const { return text_; }

private:
  std::string text_;
};

template <class> inline constexpr bool never = false;

template <class T> struct Sequence : std::false_type {};
template <class T, class A> struct Sequence<std::vector<T, A>> : std::true_type {};
template <class T, class A> struct Sequence<std::deque<T, A>> : std::true_type {};
template <class T, class A> struct Sequence<std::list<T, A>> : std::true_type {};
template <class T, class C, class A> struct Sequence<std::set<T, C, A>> : std::true_type {};
template <class T, class C, class A> struct Sequence<std::multiset<T, C, A>> : std::true_type {};
template <class T, class H, class E, class A> struct Sequence<std::unordered_set<T, H, E, A>> : std::true_type {};
template <class T, class H, class E, class A> struct Sequence<std::unordered_multiset<T, H, E, A>> : std::true_type {};

template <class T> struct Mapping : std::false_type {};
template <class K, class V, class C, class A> struct Mapping<std::map<K, V, C, A>> : std::true_type {};
template <class K, class V, class H, class E, class A> struct Mapping<std::unordered_map<K, V, H, E, A>> : std::true_type {};

template <class T> struct Array : std::false_type {};
template <class T, std::size_t N> struct Array<std::array<T, N>> : std::true_type {};
template <class T> struct Optional : std::false_type {};
template <class T> struct Optional<std::optional<T>> : std::true_type {};
template <class T> struct Tuple : std::false_type {};
template <class A, class B> struct Tuple<std::pair<A, B>> : std::true_type {};
template <class... T> struct Tuple<std::tuple<T...>> : std::true_type {};

template <class T> T read(Reader &reader);

template <class T> T read_integer(Reader &reader) {
  bool negative = false;
  const unsigned long long size = reader.whole(negative);
  using Limits = std::numeric_limits<T>;
  if (!negative && size <= static_cast<unsigned long long>(Limits::max())) return static_cast<T>(size);
  if (negative && size == 0) return 0;
  if (negative && Limits::is_signed && size - 1 <= static_cast<unsigned long long>(Limits::max()))
    return static_cast<T>(-static_cast<long long>(size - 1) - 1);
  refuse("a whole number is too large for its parameter");
}

template <class T> T read_sequence(Reader &reader) {
  T values;
  reader.expect('[');
  if (reader.take(']')) return values;
  do values.insert(values.end(), read<typename T::value_type>(reader));
  while (reader.take(','));
  reader.expect(']');
  return values;
}

template <class T> T read_array(Reader &reader) {
  T values{};
  reader.expect('[');
  for (std::size_t place = 0; place < values.size(); place++) {
    if (place) reader.expect(',');
    values[place] = read<typename T::value_type>(reader);
  }
  reader.expect(']');
  return values;
}

template <class K> K read_key(Reader &reader) {
  std::string text = reader.string();
  if constexpr (std::is_same_v<K, std::string>) {
    return text;
  } else if constexpr (std::is_same_v<K, char>) {
    if (text.size() != 1) refuse("a key is no single byte");
    return text[0];
  } else {
    Reader inner(text);
    return read<K>(inner);
  }
}

template <class T> T read_mapping(Reader &reader) {
  T values;
  reader.expect('{');
  if (reader.take('}')) return values;
  do {
    auto key = read_key<typename T::key_type>(reader);
    reader.expect(':');
    values.emplace(std::move(key), read<typename T::mapped_type>(reader));
  } while (reader.take(','));
  reader.expect('}');
  return values;
}

template <class T, std::size_t... I> T read_tuple(Reader &reader, std::index_sequence<I...>) {
  T values{};
  reader.expect('[');
  ((I ? reader.expect(',') : void(), std::get<I>(values) = read<std::tuple_element_t<I, T>>(reader)), ...);
  reader.expect(']');
  return values;
}

template <class T> T read(Reader &reader) {
  if constexpr (std::is_same_v<T, bool>) {
    return reader.boolean();
  } else if constexpr (std::is_same_v<T, char>) {
    const std::string text = reader.string();
    if (text.size() != 1) refuse("a string is no single byte, as the parameter is");
    return text[0];
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer<T>(reader);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(reader.number());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return reader.string();
  } else if constexpr (Sequence<T>::value) {
    return read_sequence<T>(reader);
  } else if constexpr (Mapping<T>::value) {
    return read_mapping<T>(reader);
  } else if constexpr (Array<T>::value) {
    return read_array<T>(reader);
  } else if constexpr (Tuple<T>::value) {
    return read_tuple<T>(reader, std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (Optional<T>::value) {
    if (reader.null()) return std::nullopt;
    return read<typename T::value_type>(reader);
  } else {
    static_assert(never<T>, "function tests cannot pass an argument of this type (see docs/languages.md)");
  }
}

template <class T> void write(Writer &writer, const T &value);

template <class T> void write_key(Writer &writer, const T &key) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, char>) {
    writer.raw('"');
    write(writer, key);
    writer.raw('"');
  } else {
    static_assert(std::is_same_v<T, std::string> || std::is_same_v<T, char>, "function tests cannot return such keys");
    write(writer, key);
  }
}

template <class T> void write_all(Writer &writer, const T &values) {
  bool first = true;
  writer.raw('[');
  for (const auto &value : values) {
    if (!first) writer.raw(',');
    first = false;
    write<typename T::value_type>(writer, value);
  }
  writer.raw(']');
}

template <class T> void write_mapping(Writer &writer, const T &values) {
  bool first = true;
  writer.raw('{');
  for (const auto &entry : values) {
    if (!first) writer.raw(',');
    first = false;
    write_key(writer, entry.first);
    writer.raw(':');
    write(writer, entry.second);
  }
  writer.raw('}');
}

template <class T, std::size_t... I> void write_tuple(Writer &writer, const T &values, std::index_sequence<I...>) {
  writer.raw('[');
  ((I ? writer.raw(',') : void(), write(writer, std::get<I>(values))), ...);
  writer.raw(']');
}

template <class T> void write(Writer &writer, const T &value) {
  if constexpr (std::is_same_v<T, bool>) {
    writer.boolean(value);
  } else if constexpr (std::is_same_v<T, char>) {
    writer.string(&value, 1);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    writer.integer(value);
  } else if constexpr (std::is_integral_v<T>) {
    writer.natural(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    writer.number(static_cast<double>(value));
  } else if constexpr (std::is_same_v<T, const char *>) {
    value ? writer.string(value, std::char_traits<char>::length(value)) : writer.raw("null");
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    writer.string(value.data(), value.size());
  } else if constexpr (Sequence<T>::value || Array<T>::value) {
    write_all(writer, value);
  } else if constexpr (Mapping<T>::value) {
    write_mapping(writer, value);
  } else if constexpr (Tuple<T>::value) {
    write_tuple(writer, value, std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (Optional<T>::value) {
    value ? write(writer, *value) : writer.raw("null");
  } else {
    static_assert(never<T>, "function tests cannot compare a value of this type (see docs/languages.md)");
  }
}

// Arguments that are references refer to what the driver keeps; the others are copied from there.
template <class A, class T> decltype(auto) pass(T &kept) {
  if constexpr (std::is_rvalue_reference_v<A>) {
    return std::move(kept);
  } else {
    return static_cast<T &>(kept);
  }
}

template <class... A, std::size_t... I>
std::tuple<std::decay_t<A>...> read_arguments(Reader &reader, std::index_sequence<I...>) {
  reader.expect('[');
  std::tuple<std::decay_t<A>...> values{(I ? reader.expect(',') : void(), read<std::decay_t<A>>(reader))...};
  if (!reader.take(']')) refuse("the function takes another number of arguments");
  return values;
}

template <class R, class... A, class F, std::size_t... I>
void invoke_with(Reader &reader, Writer &writer, long in_place, F function, std::index_sequence<I...> places) {
  auto arguments = read_arguments<A...>(reader, places);
  if (in_place >= static_cast<long>(sizeof...(A))) refuse("the function takes another number of arguments");
  if constexpr (std::is_void_v<R>) {
    function(pass<A>(std::get<I>(arguments))...);
    if (in_place < 0) writer.raw("null");
  } else {
    const std::decay_t<R> value = function(pass<A>(std::get<I>(arguments))...);
    if (in_place < 0) write(writer, value);
  }
  ((static_cast<long>(I) == in_place ? write(writer, std::get<I>(arguments)) : void()), ...);
}

template <class R, class... A> void invoke(R (*function)(A...), Reader &reader, Writer &writer, long in_place) {
  invoke_with<R, A...>(reader, writer, in_place, function, std::index_sequence_for<A...>());
}

template <class R, class... A, class T, class M>
void invoke_method(T &object, M method, Reader &reader, Writer &writer, long in_place) {
  auto function = [&](A... arguments) -> R { return (object.*method)(static_cast<A &&>(arguments)...); };
  invoke_with<R, A...>(reader, writer, in_place, function, std::index_sequence_for<A...>());
}

template <class C, class R, class... A> void invoke(R (C::*method)(A...), Reader &reader, Writer &writer, long in_place) {
  C object{};
  invoke_method<R, A...>(object, method, reader, writer, in_place);
}

template <class C, class R, class... A>
void invoke(R (C::*method)(A...) const, Reader &reader, Writer &writer, long in_place) {
  C object{};
  invoke_method<R, A...>(object, method, reader, writer, in_place);
}

template <class T, class R, class... A>
void invoke_object(T &object, R (T::*method)(A...) const, Reader &reader, Writer &writer, long in_place) {
  invoke_method<R, A...>(object, method, reader, writer, in_place);
}

template <class T, class R, class... A>
void invoke_object(T &object, R (T::*method)(A...), Reader &reader, Writer &writer, long in_place) {
  invoke_method<R, A...>(object, method, reader, writer, in_place);
}

// An object that can be called: a lambda, a std::function.
template <class T, class = decltype(&T::operator())>
void invoke(T *object, Reader &reader, Writer &writer, long in_place) {
  invoke_object(*object, &T::operator(), reader, writer, in_place);
}

} // namespace assay_driver

// Defined behind the program: calls its entry point.
void assay_call_entry_point(assay_driver::Reader &reader, assay_driver::Writer &writer, long in_place);

#endif
