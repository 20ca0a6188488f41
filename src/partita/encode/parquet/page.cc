#include "partita/encode/parquet/page.h"

#include <cstring>
#include <limits>
#include <utility>

#include <isa-l/crc.h>

#include "partita/base/error.h"
#include "partita/encode/parquet/thrift.h"

namespace partita {
namespace {

// No page header without statistics is longer.
constexpr size_t kMostHeaderBytes = 64;

}  // namespace

char* PageStore::Reserve(size_t size) {
  is_large_ = size > kBlockBytes;
  if (is_large_) {
    large_.push_back(std::make_unique_for_overwrite<char[]>(size));
    return large_.back().get();
  }
  if (block_ < blocks_.size() && used_ + size > kBlockBytes) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
  }
  return blocks_[block_].get() + used_;
}

void PageStore::Keep(size_t size) {
  bytes_kept_ += static_cast<int64_t>(size);
  if (!is_large_) {
    used_ += size;
  }
}

void PageStore::Clear() {
  large_.clear();
  block_ = 0;
  used_ = 0;
  bytes_kept_ = 0;
}

arrow::Result<std::unique_ptr<PageWriter>> PageWriter::Make(
    const ParquetOptions& options) {
  ARROW_ASSIGN_OR_RAISE(auto compressor,
                        PageCompressor::Make(options.codec, options.zstd_level));
  return std::unique_ptr<PageWriter>(
      new PageWriter(std::move(compressor), options.write_checksums));
}

void PageWriter::BuildHeader(const PageShape& shape, size_t body_bytes,
                             std::string_view compressed) {
  constexpr int kDataPage = 0;
  constexpr int kDictionaryPage = 2;
  header_.clear();
  ThriftWriter out(&header_);
  out.BeginElement();
  out.I32(1, shape.is_dictionary ? kDictionaryPage : kDataPage);
  out.I32(2, static_cast<int32_t>(body_bytes));
  out.I32(3, static_cast<int32_t>(compressed.size()));
  if (write_checksums_) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(compressed.data());
    out.I32(4, static_cast<int32_t>(crc32_gzip_refl(0, bytes, compressed.size())));
  }
  out.BeginStruct(shape.is_dictionary ? 7 : 5);
  out.I32(1, static_cast<int32_t>(shape.num_values));
  out.I32(2, static_cast<int32_t>(shape.encoding));
  if (!shape.is_dictionary) {
    const auto encoding = [](bool has_levels) {
      return static_cast<int32_t>(has_levels ? ParquetEncoding::kRle
                                             : ParquetEncoding::kBitPacked);
    };
    out.I32(3, encoding(shape.has_levels));
    out.I32(4, encoding(shape.has_repetitions));
  }
  out.EndStruct();
  out.EndStruct();
}

arrow::Result<StoredPage> PageWriter::Write(const PageShape& shape,
                                            std::string_view body) {
  const size_t most = compressor_->MaxSize(body.size());
  if (most > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    return Error(ErrorCode::kBadInput,
                 "a Parquet page ends at 2 GiB; a value is too long for it, of bytes: {}",
                 body.size());
  }
  // The header's length is known last, so it grows backwards from the body.
  char* begin = store_.Reserve(kMostHeaderBytes + most);
  char* compressed = begin + kMostHeaderBytes;
  ARROW_ASSIGN_OR_RAISE(const size_t size, compressor_->Compress(body, compressed));
  BuildHeader(shape, body.size(), {compressed, size});
  char* page = compressed - header_.size();
  std::memcpy(page, header_.data(), header_.size());
  store_.Keep(kMostHeaderBytes + size);
  return StoredPage{
      .bytes = {page, header_.size() + size},
      .uncompressed_bytes = static_cast<int64_t>(header_.size() + body.size())};
}

}  // namespace partita
