#include "partita/http/canonical_url.h"

#include <algorithm>
#include <utility>

namespace partita {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

// Letters and digits of ASCII whatever the locale.
bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '.' || c == '_' || c == '~';
}

void AppendEncoded(char c, std::string* out) {
  const auto byte = static_cast<unsigned char>(c);
  out->push_back('%');
  out->push_back(kHexDigits[byte >> 4]);
  out->push_back(kHexDigits[byte & 15]);
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string CanonicalQuery(const std::vector<HttpField>& query) {
  std::vector<HttpField> fields;
  fields.reserve(query.size());
  for (const HttpField& field : query) {
    fields.emplace_back(UriEncode(field.first), UriEncode(field.second));
  }
  // By the encoded text, as the signature has it.
  std::sort(fields.begin(), fields.end());
  std::string text;
  for (const HttpField& field : fields) {
    text += text.empty() ? "?" : "&";
    text += field.first + "=" + field.second;
  }
  return text;
}

}  // namespace

std::string UriEncode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded.push_back(c);
    } else {
      AppendEncoded(c, &encoded);
    }
  }
  return encoded;
}

std::string UriEncodePath(std::string_view path) {
  std::string encoded;
  encoded.reserve(path.size());
  for (const char c : path) {
    if (IsUnreserved(c) || c == '/') {
      encoded.push_back(c);
    } else {
      AppendEncoded(c, &encoded);
    }
  }
  return encoded;
}

std::string CanonicalUrl(std::string_view base, std::string_view path,
                         const std::vector<HttpField>& query) {
  if (base.ends_with('/')) {
    base.remove_suffix(1);
  }
  std::string url(base);
  if (!path.starts_with('/')) {
    url += '/';
  }
  return url + UriEncodePath(path) + CanonicalQuery(query);
}

std::string DecodeUri(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    decoded.push_back(text[i] == '+' ? ' ' : text[i]);
  }
  return decoded;
}

}  // namespace partita
