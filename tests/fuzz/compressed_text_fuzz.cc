// Compressed text: whatever its bytes, and however it is cut into pieces, a file gives the text that the library itself
// unpacks at once, or is refused where the library refuses it; never more text than is allowed. Built once for each
// compression. The first eight bytes say whether the rest is such a file, or text to make and spoil one of.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include "partita/base/error.h"
#include "partita/scan/text_stream.h"

#include "support/plain_decoders.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

constexpr Compression kCompression = Compression::FUZZED_COMPRESSION;
constexpr size_t kOptionBytes = 8;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

const char* Path() {
  switch (kCompression) {
    case Compression::kGzip:
      return "x.csv.gz";
    case Compression::kDeflate:
      return "x.csv.deflate";
    case Compression::kBzip2:
      return "x.csv.bz2";
    case Compression::kSnappy:
      return "x.csv.snappy";
    default:
      return "x.csv.zst";
  }
}

// What the first bytes ask for.
struct Plan {
  bool is_file = false;    // the rest is the file's bytes; else text to pack
  size_t num_members = 1;  // that the text becomes
  int level = 1;           // of packing
  size_t cut = 0;          // bytes taken off the end
  size_t num_garbage = 0;  // bytes put behind it
  size_t read_bytes = 1;   // that are asked for at a time
  size_t file_piece = 16;  // bytes of the file that are read at a time
  size_t max_bytes = 1;    // of text
};

Plan ReadPlan(const uint8_t* bytes) {
  return {.is_file = bytes[0] % 4 == 0,
          .num_members = size_t{1} + bytes[0] / 4 % 4,
          .level = 1 + bytes[1] % 9,
          .cut = bytes[2],
          .num_garbage = bytes[3],
          .read_bytes = size_t{1} + bytes[4] * size_t{4},
          .file_piece = size_t{16} + bytes[5],
          .max_bytes = size_t{1} + bytes[6] + size_t{256} * bytes[7]};
}

struct Spoiled {
  std::string bytes;
  bool is_whole = true;        // the file is as it was made
  bool is_cut_within = false;  // its last member has lost its end
};

// A file of the text, as the plan spoils it.
Spoiled MakeFile(const Plan& plan, std::string_view text) {
  Spoiled file;
  const size_t garbage = std::min(plan.num_garbage, text.size());
  const std::string_view behind = text.substr(text.size() - garbage);
  text.remove_suffix(garbage);
  size_t last = 0;
  for (size_t left = plan.num_members; left > 0; --left) {
    const std::string member =
        Packed(kCompression, text.substr(0, text.size() / left), plan.level);
    text.remove_prefix(text.size() / left);
    file.bytes += member;
    last = member.size();
  }
  const size_t cut = std::min(plan.cut, file.bytes.size());
  file.bytes.resize(file.bytes.size() - cut);
  file.bytes += behind;
  file.is_whole = cut == 0 && behind.empty();
  file.is_cut_within = cut > 0 && cut < last && behind.empty();
  return file;
}

// The text, or nothing where the file is refused.
std::optional<std::string> Read(const Plan& plan, const std::string& bytes) {
  InputFile file{
      .path = Path(),
      .file = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)),
      .size = static_cast<int64_t>(bytes.size()),
      .max_unpacked_bytes = static_cast<int64_t>(plan.max_bytes)};
  const auto stream =
      TextStream::Open(std::move(file), TextEncoding::kUtf8, plan.file_piece);
  Require(stream.ok());
  const auto out = std::make_unique<char[]>(plan.read_bytes);
  std::string text;
  while (true) {
    const auto count = (*stream)->Read(plan.read_bytes, out.get());
    Require((*stream)->file_position() <= static_cast<int64_t>(bytes.size()));
    if (!count.ok()) {
      Require(CodeOf(count.status()) == ErrorCode::kBadInput);
      Require(count.status().message().find(Path()) != std::string::npos);
      return std::nullopt;
    }
    if (*count == 0) {
      Require((*stream)->file_position() == static_cast<int64_t>(bytes.size()));
      return text;
    }
    Require(*count <= plan.read_bytes);
    text.append(out.get(), *count);
    Require(text.size() <= plan.max_bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kOptionBytes) {
    return 0;
  }
  const Plan plan = ReadPlan(data);
  const std::string rest(reinterpret_cast<const char*>(data) + kOptionBytes,
                         size - kOptionBytes);
  if (plan.is_file) {
    Require(MayBeUnpacked(kCompression, rest, plan.max_bytes, Read(plan, rest)));
    return 0;
  }
  const Spoiled file = MakeFile(plan, rest);
  const auto text = Read(plan, file.bytes);
  Require(MayBeUnpacked(kCompression, file.bytes, plan.max_bytes, text));
  Require(!file.is_whole || rest.size() > plan.max_bytes || text == rest);
  Require(!file.is_cut_within || !text.has_value());
  return 0;
}
