#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "partita/encode/parquet/bounds.h"
#include "partita/encode/parquet/page.h"
#include "partita/encode/parquet/schema.h"

namespace partita {

/// \brief One data page of a column chunk, as its indexes tell of it.
struct PageSummary {
  StoredPage page;     ///< valid until its row group is written
  int64_t offset = 0;  ///< in the file
  int64_t bytes = 0;   ///< header included
  int64_t first_row = 0;
  int64_t num_values = 0;  ///< NULLs included
  int64_t num_nulls = 0;
  int64_t value_bytes = 0;  ///< of all strings, their lengths apart
  ParquetBounds bounds;     ///< cut to kIndexBytes
};

/// \brief One column chunk, as the footer tells of it.
struct ChunkSummary {
  bool has_dictionary = false;
  StoredPage dictionary;  ///< valid until its row group is written
  int64_t dictionary_offset = 0;
  int32_t dictionary_coded_pages = 0;
  int32_t plain_pages = 0;
  bool has_column_index = true;
  std::vector<PageSummary> pages;
  ParquetBounds bounds;
  // Where the indexes stand in the file; set by FooterWriter.
  int64_t column_index_offset = 0;
  int32_t column_index_bytes = 0;
  int64_t offset_index_offset = 0;
  int32_t offset_index_bytes = 0;

  int64_t begin() const { return has_dictionary ? dictionary_offset : pages[0].offset; }

  int64_t compressed_bytes() const;
  int64_t uncompressed_bytes() const;

  void Clear();
};

/// \brief One row group, as the footer tells of it.
struct RowGroupSummary {
  int64_t num_rows = 0;
  std::vector<ChunkSummary> chunks;
};

/// \brief Writes the end of a Parquet file: page indexes and footer.
///
/// Ownership:     owns what is the same in all files of an encoder, written once.
/// Thread safety: one thread at a time.
class FooterWriter {
 public:
  FooterWriter(ParquetSchema schema, ParquetCodec codec);

  /// Appends the page indexes of all row groups, which start at `offset` in the file, and
  /// notes where each is.
  void AppendIndexes(int64_t offset, std::vector<RowGroupSummary>* row_groups,
                     std::string* out) const;

  /// Appends the footer with its length and the closing magic.
  void AppendFooter(const std::vector<RowGroupSummary>& row_groups,
                    std::string* out) const;

 private:
  void WriteRowGroup(const RowGroupSummary& row_group, int ordinal,
                     ThriftWriter* out) const;
  void WriteChunk(const ParquetField& field, const ChunkSummary& chunk,
                  ThriftWriter* out) const;
  void WriteChunkMetadata(const ParquetField& field, const ChunkSummary& chunk,
                          ThriftWriter* out) const;

  std::vector<ParquetField> fields_;  // leaves, as chunks are theirs
  ParquetCodec codec_;
  std::string head_;  // version and schema
  std::string tail_;  // key-value metadata, created_by, column orders
};

}  // namespace partita
