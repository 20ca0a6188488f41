#include "partita/crawl/file_format.h"

namespace partita {

std::string_view ClassificationOf(FileFormat format) {
  switch (format) {
    case FileFormat::kCsv:
      return "csv";
    case FileFormat::kJson:
      return "json";
    case FileFormat::kParquet:
      break;
  }
  return "parquet";
}

FileFormat FormatOfHead(std::string_view head) {
  if (head.starts_with("PAR1")) {
    return FileFormat::kParquet;
  }
  return LooksLikeJson(WithoutByteOrderMark(head)) ? FileFormat::kJson : FileFormat::kCsv;
}

bool LooksLikeJson(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '[')) {
    return false;
  }
  const size_t next = text.find_first_not_of(kBlanks, begin + 1);
  if (next == std::string_view::npos) {
    return false;
  }
  return text[begin] == '{' ? text[next] == '"' || text[next] == '}'
                            : text[next] == '{' || text[next] == '[' || text[next] == ']';
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace partita
