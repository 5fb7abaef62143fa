// The part of the driver that knows nothing of the program: reads the call, writes the frame.
#include "assay_driver.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace assay_driver {
namespace {

constexpr int answer_descriptor = 3;
constexpr int call_descriptor = 4;

std::string read_call() {
  std::string text;
  char chunk[1 << 16];
  for (;;) {
    const ssize_t size = ::read(call_descriptor, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(chunk, static_cast<std::size_t>(size));
  }
}

void write_frame(const std::string &value) {
  const std::size_t size = value.size() + 1;
  std::string frame;
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift);
  frame += 'V';
  frame += value;
  for (std::size_t place = 0; place < frame.size();) {
    const ssize_t written = ::write(answer_descriptor, frame.data() + place, frame.size() - place);
    if (written < 0 && errno != EINTR) refuse("the answer cannot be written");
    if (written > 0) place += static_cast<std::size_t>(written);
  }
}

void append_utf8(std::string &text, unsigned long code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

} // namespace

void refuse(const char *complaint) {
  std::fflush(stdout);
  std::fprintf(stderr, "error: %s\n", complaint);
  std::_Exit(1);
}

void Reader::space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n')) at_++;
}

bool Reader::take(char token) {
  space();
  if (at_ == end_ || *at_ != token) return false;
  at_++;
  return true;
}

void Reader::expect(char token) {
  if (take(token)) return;
  switch (token) {
  case '[': refuse("an argument is no list, as the parameter is");
  case '{': refuse("an argument is no object, as the parameter is");
  case '"': refuse("an argument is no string, as the parameter is");
  default: refuse("an argument is not what the parameter is");
  }
}

bool Reader::null() {
  space();
  if (end_ - at_ < 4 || std::memcmp(at_, "null", 4) != 0) return false;
  at_ += 4;
  return true;
}

bool Reader::boolean() {
  space();
  if (end_ - at_ >= 4 && std::memcmp(at_, "true", 4) == 0) return at_ += 4, true;
  if (end_ - at_ >= 5 && std::memcmp(at_, "false", 5) == 0) return at_ += 5, false;
  refuse("an argument is no truth value, as the parameter is");
}

std::string Reader::numeral() {
  space();
  const char *begin = at_;
  while (at_ < end_ && std::strchr("+-.0123456789eE", *at_) && *at_) at_++;
  if (begin == at_) refuse("an argument is no number, as the parameter is");
  return std::string(begin, at_);
}

double Reader::number() { return std::strtod(numeral().c_str(), nullptr); }

unsigned long long Reader::whole(bool &negative) {
  const std::string text = numeral();
  negative = text[0] == '-';
  if (text.find_first_of(".eE") == std::string::npos) {
    errno = 0;
    const unsigned long long size = std::strtoull(text.c_str() + negative, nullptr, 10);
    if (errno) refuse("a whole number is too large for its parameter");
    return size;
  }
  const double value = std::fabs(std::strtod(text.c_str(), nullptr));
  if (value != std::floor(value) || value >= 9007199254740992.0) refuse("an argument is no whole number");
  return static_cast<unsigned long long>(value);
}

std::string Reader::string() {
  expect('"');
  std::string text;
  while (at_ < end_ && *at_ != '"') {
    if (*at_ != '\\') {
      text += *at_++;
      continue;
    }
    const char escape = at_[1];
    at_ += 2;
    switch (escape) {
    case 'b': text += '\b'; break;
    case 'f': text += '\f'; break;
    case 'n': text += '\n'; break;
    case 'r': text += '\r'; break;
    case 't': text += '\t'; break;
    case 'u': // of characters that are spelled out only those below a space have one
      append_utf8(text, std::strtoul(std::string(at_, 4).c_str(), nullptr, 16));
      at_ += 4;
      break;
    default: text += escape;
    }
  }
  expect('"');
  return text;
}

void Writer::raw(const char *text) { text_ += text; }

void Writer::raw(char character) { text_ += character; }

void Writer::boolean(bool value) { raw(value ? "true" : "false"); }

void Writer::integer(long long value) { text_ += std::to_string(value); }

void Writer::natural(unsigned long long value) { text_ += std::to_string(value); }

void Writer::number(double value) {
  if (!std::isfinite(value)) return raw(std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  text_ += digits;
  if (!std::strpbrk(digits, ".e")) text_ += ".0";
}

void Writer::string(const char *text, std::size_t size) {
  text_ += '"';
  for (std::size_t place = 0; place < size; place++) {
    const unsigned char character = static_cast<unsigned char>(text[place]);
    if (character < ' ') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", character);
      text_ += escape;
      continue;
    }
    if (character == '"' || character == '\\') text_ += '\\';
    text_ += text[place];
  }
  text_ += '"';
}

} // namespace assay_driver

int main() {
  const std::string call = assay_driver::read_call();
  assay_driver::Reader reader(call);
  assay_driver::Writer writer;
  reader.expect('[');
  reader.string();
  reader.expect(',');
  bool negative = false;
  const long in_place = reader.null() ? -1 : static_cast<long>(reader.whole(negative));
  reader.expect(',');
  assay_call_entry_point(reader, writer, in_place);
  assay_driver::write_frame(writer.text());
}
