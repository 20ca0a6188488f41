#include "partita/encode/parquet/footer.h"

#include <limits>
#include <utility>

#include "partita/version.h"

namespace partita {
namespace {

// Bounds longer than this, both together, are left out of a chunk's statistics, as
// parquet-mr does.
constexpr size_t kMostBoundBytes = 4096;

// Spark reads dates and timestamps of files by this version or a later one as they
// stand; it compares the texts.
constexpr std::string_view kSparkVersion = "4.0.0";

bool IsBytes(const ParquetField& field) {
  return field.physical == ParquetType::kByteArray;
}

// Parquet's first pair of bounds was compared as signed bytes by everyone, so it is
// written only where that is right.
bool HasOldBounds(const ParquetField& field, const ParquetBounds& bounds) {
  const bool is_signed = !IsBytes(field) && field.type.id != TypeId::kDecimal;
  return is_signed || bounds.min == bounds.max;
}

void WriteStatistics(const ParquetField& field, const ChunkSummary& chunk,
                     ThriftWriter* out) {
  int64_t num_nulls = 0;
  for (const PageSummary& page : chunk.pages) {
    num_nulls += page.num_nulls;
  }
  const ParquetBounds& bounds = chunk.bounds;
  const bool has_bounds =
      bounds.is_known && bounds.min.size() + bounds.max.size() < kMostBoundBytes;
  const bool has_old_bounds = has_bounds && HasOldBounds(field, bounds);
  out->BeginStruct(12);
  if (has_old_bounds) {
    out->Binary(1, bounds.max);
    out->Binary(2, bounds.min);
  }
  out->I64(3, num_nulls);
  if (has_bounds) {
    out->Binary(5, bounds.max);
    out->Binary(6, bounds.min);
  }
  out->EndStruct();
}

void WriteEncodings(const ParquetField& field, const ChunkSummary& chunk,
                    ThriftWriter* out) {
  const bool has_plain = chunk.plain_pages > 0;
  const bool has_levels = field.max_definition > 0;
  const bool lacks_levels = field.max_definition == 0 || field.max_repetition == 0;
  const size_t count = static_cast<size_t>(chunk.has_dictionary) +
                       static_cast<size_t>(has_plain) + static_cast<size_t>(has_levels) +
                       static_cast<size_t>(lacks_levels);
  out->BeginList(2, ThriftType::kI32, count);
  if (has_plain) {
    out->ElementI32(static_cast<int32_t>(ParquetEncoding::kPlain));
  }
  if (chunk.has_dictionary) {
    out->ElementI32(static_cast<int32_t>(ParquetEncoding::kPlainDictionary));
  }
  if (has_levels) {
    out->ElementI32(static_cast<int32_t>(ParquetEncoding::kRle));
  }
  if (lacks_levels) {
    out->ElementI32(static_cast<int32_t>(ParquetEncoding::kBitPacked));
  }
}

void WriteEncodingCount(int page_type, ParquetEncoding encoding, int32_t count,
                        ThriftWriter* out) {
  out->BeginElement();
  out->I32(1, page_type);
  out->I32(2, static_cast<int32_t>(encoding));
  out->I32(3, count);
  out->EndStruct();
}

// Tells readers whether a whole chunk can be judged by its dictionary.
void WriteEncodingStatistics(const ChunkSummary& chunk, ThriftWriter* out) {
  constexpr int kDataPage = 0;
  constexpr int kDictionaryPage = 2;
  const size_t count = static_cast<size_t>(chunk.has_dictionary) +
                       static_cast<size_t>(chunk.dictionary_coded_pages > 0) +
                       static_cast<size_t>(chunk.plain_pages > 0);
  out->BeginList(13, ThriftType::kStruct, count);
  if (chunk.has_dictionary) {
    WriteEncodingCount(kDictionaryPage, ParquetEncoding::kPlainDictionary, 1, out);
  }
  if (chunk.dictionary_coded_pages > 0) {
    WriteEncodingCount(kDataPage, ParquetEncoding::kPlainDictionary,
                       chunk.dictionary_coded_pages, out);
  }
  if (chunk.plain_pages > 0) {
    WriteEncodingCount(kDataPage, ParquetEncoding::kPlain, chunk.plain_pages, out);
  }
}

void WriteSizeStatistics(const ParquetField& field, const ChunkSummary& chunk,
                         ThriftWriter* out) {
  if (!IsBytes(field)) {
    return;
  }
  int64_t bytes = 0;
  for (const PageSummary& page : chunk.pages) {
    bytes += page.value_bytes;
  }
  out->BeginStruct(16);
  out->I64(1, bytes);
  out->EndStruct();
}

void WriteColumnIndex(const ParquetField& field, const ChunkSummary& chunk,
                      std::string* bytes) {
  const std::vector<PageSummary>& pages = chunk.pages;
  std::vector<const ParquetBounds*> bounds;
  bounds.reserve(pages.size());
  for (const PageSummary& page : pages) {
    bounds.push_back(&page.bounds);
  }
  ThriftWriter out(bytes);
  out.BeginElement();
  out.BeginList(1, ThriftType::kBool, pages.size());
  for (const ParquetBounds* page : bounds) {
    out.ElementBool(!page->is_known);
  }
  out.BeginList(2, ThriftType::kBinary, pages.size());
  for (const ParquetBounds* page : bounds) {
    out.ElementBinary(page->min);
  }
  out.BeginList(3, ThriftType::kBinary, pages.size());
  for (const ParquetBounds* page : bounds) {
    out.ElementBinary(page->max);
  }
  out.I32(4, static_cast<int32_t>(OrderOfPages(field, bounds)));
  out.BeginList(5, ThriftType::kI64, pages.size());
  for (const PageSummary& page : pages) {
    out.ElementI64(page.num_nulls);
  }
  out.EndStruct();
}

void WriteOffsetIndex(const ParquetField& field, const ChunkSummary& chunk,
                      std::string* bytes) {
  ThriftWriter out(bytes);
  out.BeginElement();
  out.BeginList(1, ThriftType::kStruct, chunk.pages.size());
  for (const PageSummary& page : chunk.pages) {
    out.BeginElement();
    out.I64(1, page.offset);
    out.I32(2, static_cast<int32_t>(page.bytes));
    out.I64(3, page.first_row);
    out.EndStruct();
  }
  if (IsBytes(field)) {
    out.BeginList(2, ThriftType::kI64, chunk.pages.size());
    for (const PageSummary& page : chunk.pages) {
      out.ElementI64(page.value_bytes);
    }
  }
  out.EndStruct();
}

std::string BuildHead(const ParquetSchema& schema) {
  std::string head;
  ThriftWriter out(&head);
  out.BeginElement();
  out.I32(1, 1);
  WriteParquetSchema(schema, &out);
  return head;
}

void WriteKeyValue(std::string_view key, std::string_view value, ThriftWriter* out) {
  out->BeginElement();
  out->Binary(1, key);
  out->Binary(2, value);
  out->EndStruct();
}

// The fields behind the row groups, which are field 4.
std::string BuildTail(const ParquetSchema& schema) {
  std::string tail;
  ThriftWriter out(&tail);
  out.BeginElement();
  out.Raw({}, 4);
  out.BeginList(5, ThriftType::kStruct, 2);
  WriteKeyValue("org.apache.spark.version", kSparkVersion, &out);
  WriteKeyValue("org.apache.spark.sql.parquet.row.metadata",
                SparkSchemaJson(schema.columns), &out);
  out.Binary(6, "partita version " PARTITA_VERSION_STRING);
  out.BeginList(7, ThriftType::kStruct, schema.leaves.size());
  for (size_t i = 0; i < schema.leaves.size(); ++i) {
    out.BeginElement();
    out.BeginStruct(1);  // the order of the column's type
    out.EndStruct();
    out.EndStruct();
  }
  out.EndStruct();
  return tail;
}

}  // namespace

int64_t ChunkSummary::compressed_bytes() const {
  int64_t bytes = has_dictionary ? static_cast<int64_t>(dictionary.bytes.size()) : 0;
  for (const PageSummary& page : pages) {
    bytes += page.bytes;
  }
  return bytes;
}

int64_t ChunkSummary::uncompressed_bytes() const {
  int64_t bytes = has_dictionary ? dictionary.uncompressed_bytes : 0;
  for (const PageSummary& page : pages) {
    bytes += page.page.uncompressed_bytes;
  }
  return bytes;
}

void ChunkSummary::Clear() {
  has_dictionary = false;
  dictionary_coded_pages = 0;
  plain_pages = 0;
  has_column_index = true;
  pages.clear();
  bounds = {};
}

FooterWriter::FooterWriter(ParquetSchema schema, ParquetCodec codec)
    : codec_(codec), head_(BuildHead(schema)), tail_(BuildTail(schema)) {
  fields_ = std::move(schema.leaves);
}

void FooterWriter::AppendIndexes(int64_t offset, std::vector<RowGroupSummary>* row_groups,
                                 std::string* out) const {
  const auto base = offset - static_cast<int64_t>(out->size());
  const auto position = [&] { return base + static_cast<int64_t>(out->size()); };
  for (RowGroupSummary& row_group : *row_groups) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      ChunkSummary& chunk = row_group.chunks[i];
      if (!chunk.has_column_index) {
        continue;
      }
      chunk.column_index_offset = position();
      WriteColumnIndex(fields_[i], chunk, out);
      chunk.column_index_bytes =
          static_cast<int32_t>(position() - chunk.column_index_offset);
    }
  }
  for (RowGroupSummary& row_group : *row_groups) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      ChunkSummary& chunk = row_group.chunks[i];
      chunk.offset_index_offset = position();
      WriteOffsetIndex(fields_[i], chunk, out);
      chunk.offset_index_bytes =
          static_cast<int32_t>(position() - chunk.offset_index_offset);
    }
  }
}

void FooterWriter::AppendFooter(const std::vector<RowGroupSummary>& row_groups,
                                std::string* out) const {
  const size_t begin = out->size();
  int64_t num_rows = 0;
  for (const RowGroupSummary& row_group : row_groups) {
    num_rows += row_group.num_rows;
  }
  ThriftWriter thrift(out);
  thrift.BeginElement();
  thrift.Raw(head_, 2);
  thrift.I64(3, num_rows);
  thrift.BeginList(4, ThriftType::kStruct, row_groups.size());
  int ordinal = 0;
  for (const RowGroupSummary& row_group : row_groups) {
    WriteRowGroup(row_group, ordinal++, &thrift);
  }
  out->append(tail_);
  const auto size = static_cast<uint32_t>(out->size() - begin);
  for (int shift = 0; shift < 32; shift += 8) {
    out->push_back(static_cast<char>(size >> shift));
  }
  out->append("PAR1");
}

void FooterWriter::WriteRowGroup(const RowGroupSummary& row_group, int ordinal,
                                 ThriftWriter* out) const {
  int64_t compressed = 0;
  int64_t uncompressed = 0;
  out->BeginElement();
  out->BeginList(1, ThriftType::kStruct, fields_.size());
  for (size_t i = 0; i < fields_.size(); ++i) {
    const ChunkSummary& chunk = row_group.chunks[i];
    WriteChunk(fields_[i], chunk, out);
    compressed += chunk.compressed_bytes();
    uncompressed += chunk.uncompressed_bytes();
  }
  out->I64(2, uncompressed);
  out->I64(3, row_group.num_rows);
  out->I64(5, row_group.chunks[0].begin());
  out->I64(6, compressed);
  if (ordinal <= std::numeric_limits<int16_t>::max()) {  // may be left out
    out->I16(7, static_cast<int16_t>(ordinal));
  }
  out->EndStruct();
}

void FooterWriter::WriteChunk(const ParquetField& field, const ChunkSummary& chunk,
                              ThriftWriter* out) const {
  out->BeginElement();
  out->I64(2, 0);
  WriteChunkMetadata(field, chunk, out);
  out->I64(4, chunk.offset_index_offset);
  out->I32(5, chunk.offset_index_bytes);
  if (chunk.has_column_index) {
    out->I64(6, chunk.column_index_offset);
    out->I32(7, chunk.column_index_bytes);
  }
  out->EndStruct();
}

void FooterWriter::WriteChunkMetadata(const ParquetField& field,
                                      const ChunkSummary& chunk,
                                      ThriftWriter* out) const {
  int64_t num_values = 0;
  for (const PageSummary& page : chunk.pages) {
    num_values += page.num_values;
  }
  out->BeginStruct(3);
  out->I32(1, static_cast<int32_t>(field.physical));
  WriteEncodings(field, chunk, out);
  out->BeginList(3, ThriftType::kBinary, field.path.size());
  for (const std::string& name : field.path) {
    out->ElementBinary(name);
  }
  out->I32(4, static_cast<int32_t>(codec_));
  out->I64(5, num_values);
  out->I64(6, chunk.uncompressed_bytes());
  out->I64(7, chunk.compressed_bytes());
  out->I64(9, chunk.pages[0].offset);
  if (chunk.has_dictionary) {
    out->I64(11, chunk.dictionary_offset);
  }
  WriteStatistics(field, chunk, out);
  WriteEncodingStatistics(chunk, out);
  WriteSizeStatistics(field, chunk, out);
  out->EndStruct();
}

}  // namespace partita
