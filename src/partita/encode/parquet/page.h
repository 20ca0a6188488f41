#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/parquet/codec.h"
#include "partita/encode/parquet/options.h"

namespace partita {

/// \brief Encodings of Parquet; the numbers are those of the format.
enum class ParquetEncoding : int8_t {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,
};

/// \brief What a page's header says of its content.
struct PageShape {
  bool is_dictionary = false;  ///< a dictionary page; else a data page
  ParquetEncoding encoding = ParquetEncoding::kPlain;
  bool has_levels = true;  ///< data pages: definition levels stand before the values
  bool has_repetitions = false;  ///< and repetition levels before these
  int64_t num_values = 0;        ///< NULLs included
};

/// \brief A finished page in the PageStore: header and compressed body.
struct StoredPage {
  std::string_view bytes;
  int64_t uncompressed_bytes = 0;  ///< header included
};

/// \brief Memory in which the finished pages of a row group wait for its end.
///
/// Ownership:     owns blocks of 1 MiB, kept over Clear(); larger pages have a block of
/// their own, which is not kept.
/// Thread safety: one thread at a time.
class PageStore {
 public:
  /// `size` bytes to write to; valid until Clear().
  char* Reserve(size_t size);

  /// Keeps the first `size` bytes of what was reserved last, gives back the rest.
  void Keep(size_t size);

  int64_t bytes_kept() const { return bytes_kept_; }

  void Clear();

 private:
  static constexpr size_t kBlockBytes = size_t{1} << 20;

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<char[]>> large_;
  size_t block_ = 0;       // the block being filled
  size_t used_ = 0;        // its bytes in use
  bool is_large_ = false;  // what was reserved last has a block of its own
  int64_t bytes_kept_ = 0;
};

/// \brief Compresses pages, puts their headers before them and keeps them in a store.
///
/// Ownership:     owns its store and scratch memory; shared by all columns of an encoder.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput for a page over 2 GiB (a single value that long); else as
/// PageCompressor.
class PageWriter {
 public:
  static arrow::Result<std::unique_ptr<PageWriter>> Make(const ParquetOptions& options);

  /// Scratch for the next page's body; empty.
  std::string* NewBody() {
    body_.clear();
    return &body_;
  }

  const std::string& body() const { return body_; }

  /// Stores a page with the given body (NewBody()'s or another).
  arrow::Result<StoredPage> Write(const PageShape& shape, std::string_view body);

  PageStore& store() { return store_; }

 private:
  PageWriter(std::unique_ptr<PageCompressor> compressor, bool write_checksums)
      : compressor_(std::move(compressor)), write_checksums_(write_checksums) {}

  void BuildHeader(const PageShape& shape, size_t body_bytes,
                   std::string_view compressed);

  std::unique_ptr<PageCompressor> compressor_;
  bool write_checksums_;
  PageStore store_;
  std::string body_;
  std::string header_;
};

}  // namespace partita
