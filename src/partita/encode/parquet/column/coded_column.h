#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "partita/encode/parquet/column/rle.h"
#include "partita/encode/parquet/column/typed_column.h"

namespace partita {

/// \brief What columns with a dictionary share: values get codes as long as that pays, and
/// are stored plain when it does not.
///
/// Beside what TypedColumn asks for, `Column` has AddPlainOf(code), which stores a value of
/// the dictionary plain in the open page, AppendPlainValues(body), and dictionary_page_bytes().
/// Ownership, thread safety: as TypedColumn.
/// Cost:          a look-up per value; no virtual call.
template <typename Column, typename Dictionary>
class CodedColumn : public TypedColumn<Column> {
 public:
  CodedColumn(const ColumnSettings& settings, size_t page_rows, PageWriter* writer)
      : TypedColumn<Column>(settings, page_rows, writer),
        dictionary_bytes_(static_cast<size_t>(settings.options.dictionary_bytes)),
        is_dictionary_(settings.options.use_dictionary) {}

 protected:
  const Dictionary& dictionary() const { return dictionary_; }

  /// Codes of the open page; none where its values are plain.
  const std::vector<uint32_t>& codes() const { return codes_; }

  /// Whether values still get codes.
  bool is_dictionary() const { return is_dictionary_; }

  /// Takes the code added last once more.
  void RepeatCode() { codes_.push_back(codes_.back()); }

  int64_t code_bytes() const {
    return static_cast<int64_t>(codes_.size() *
                                static_cast<size_t>(BitWidth(dictionary_.size())) / 8);
  }

  /// Gives the value of `key` (as the dictionary takes it) a code. False if it has none and
  /// gets none: it is to be stored plain, where it takes `plain_bytes`.
  template <typename... Key>
  bool AddCode(size_t plain_bytes, Key... key) {
    const std::optional<uint32_t> code = dictionary_.Find(key...);
    if (code.has_value()) {
      codes_.push_back(*code);
      return true;
    }
    if (!HasRoom(plain_bytes)) {
      return false;
    }
    codes_.push_back(dictionary_.Add(key...));
    return true;
  }

  /// Begins the open page's body with its values, which take `plain_bytes` without codes.
  ParquetEncoding AppendValues(size_t plain_bytes) {
    const auto bits = static_cast<size_t>(BitWidth(std::max(dictionary_.size(), 1U) - 1));
    if (is_dictionary_ && this->pages().is_first() &&
        column()->dictionary_page_bytes() + codes_.size() * bits / 8 >= plain_bytes) {
      const bool may_use_dictionary = codes_.empty();
      TurnPlain();
      is_dictionary_ = may_use_dictionary;  // a page of NULLs tells nothing
    }
    std::string* body = this->pages().BeginBody();
    if (is_dictionary_ && dictionary_.size() > 0) {
      body->push_back(static_cast<char>(bits));
      AppendRle(codes_, static_cast<int>(bits), body);
      return ParquetEncoding::kPlainDictionary;
    }
    column()->AppendPlainValues(body);
    return ParquetEncoding::kPlain;
  }

  /// Begins the next page.
  void ForgetCodes() {
    codes_.clear();
    is_dictionary_ = is_dictionary_ && !is_full_;
  }

  /// Begins the next chunk with an empty dictionary.
  void ForgetDictionary() {
    dictionary_.Clear();
    is_full_ = false;
    is_dictionary_ = this->settings().options.use_dictionary;
  }

 private:
  // With so many distinct values at the start of a chunk, a dictionary is given up if
  // hardly one of them came twice: it would only fill the caches.
  static constexpr size_t kProbeSize = 2048;

  Column* column() { return static_cast<Column*>(this); }

  bool HasRoom(size_t plain_bytes);
  void TurnPlain();

  size_t dictionary_bytes_;
  bool is_dictionary_;
  bool is_full_ = false;  // nested: no further page gets codes
  Dictionary dictionary_;
  std::vector<uint32_t> codes_;
};

template <typename Column, typename Dictionary>
bool CodedColumn<Column, Dictionary>::HasRoom(size_t plain_bytes) {
  const bool is_hopeless = this->pages().is_first() && dictionary_.size() == kProbeSize &&
                           codes_.size() * 19 < kProbeSize * 20;
  if (is_hopeless) {
    TurnPlain();
    return false;
  }
  if (column()->dictionary_page_bytes() + plain_bytes <= dictionary_bytes_) {
    return true;
  }
  if (this->pages().num_rows() > 0) {
    this->EndPage();  // whose failure error() tells
  }
  if (this->pages().is_nested() && !codes_.empty()) {
    is_full_ =
        true;  // the page goes on with codes, as it has begun, to the end of its row
    return true;
  }
  is_dictionary_ = false;
  return false;
}

// Gives up the dictionary before any page was written with it.
template <typename Column, typename Dictionary>
void CodedColumn<Column, Dictionary>::TurnPlain() {
  for (const uint32_t code : codes_) {
    column()->AddPlainOf(code);
  }
  codes_.clear();
  dictionary_.Clear();
  is_dictionary_ = false;
}

}  // namespace partita
