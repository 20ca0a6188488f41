#include "partita/partition/partition_router.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/model/hive_path.h"
#include "partita/model/scalar_text.h"
#include "partita/partition/key_arena.h"
#include "partita/partition/key_slots.h"

namespace partita {
namespace {

constexpr size_t kMaxSegmentBytes = 255;  // of a file name, on every usual file system
constexpr size_t kBlockRows = 64;         // looked up together, to overlap cache misses
constexpr size_t kSmallTable = 2048;      // keys that stay in the nearer caches anyway

// One key as first seen, with its bytes behind it. Several may belong to one partition
// (`02020` and `2020` of a bigint).
struct KeyEntry {
  PartitionTotals totals;  // num_empty_keys: 1 if the key has an empty string, else 0
  PartitionId id = 0;
  uint32_t length = 0;

  const char* key_bytes() const {
    return reinterpret_cast<const char*>(this) + sizeof(KeyEntry);
  }
};

// Key columns that stand next to each other; their bytes are one stretch of the row.
struct ColumnSpan {
  int first = 0;
  int last = 0;
};

std::vector<ColumnSpan> SpansOf(std::vector<int> columns) {
  std::ranges::sort(columns);
  std::vector<ColumnSpan> spans;
  for (const int column : columns) {
    if (!spans.empty() && spans.back().last + 1 == column) {
      spans.back().last = column;
    } else {
      spans.push_back({column, column});
    }
  }
  return spans;
}

std::string_view SpanText(const RowBatch& batch, size_t row, const ColumnSpan& span) {
  const uint32_t* ends =
      batch.field_ends.data() + row * static_cast<size_t>(batch.num_columns);
  const uint32_t begin =
      span.first == 0 ? batch.row_begins[row] : ends[span.first - 1] + 1;
  return {batch.bytes.data() + begin, ends[span.last] - begin};
}

// Keys are short: a call of memcmp would cost more than the comparison.
bool SameBytes(const char* left, const char* right, size_t size) {
  const auto differ = [&]<typename Word>(size_t at, Word) {
    Word left_word;
    Word right_word;
    std::memcpy(&left_word, left + at, sizeof(Word));
    std::memcpy(&right_word, right + at, sizeof(Word));
    return left_word != right_word;
  };
  if (size >= 8) {
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (differ(i, uint64_t{})) {
        return false;
      }
    }
    return !differ(size - 8, uint64_t{});
  }
  if (size >= 4) {
    return !differ(0, uint32_t{}) && !differ(size - 4, uint32_t{});
  }
  for (size_t i = 0; i < size; ++i) {
    if (left[i] != right[i]) {
      return false;
    }
  }
  return true;
}

class CachingRouter : public PartitionRouter {
 public:
  CachingRouter(const Schema& schema, const RowFormat& format, PartitionSpec spec,
                PartitionTable* table, MemoryBudget* budget)
      : format_(format),
        spec_(std::move(spec)),
        spans_(SpansOf(spec_.columns)),
        table_(table),
        arena_(budget),
        slots_(budget) {
    for (const int column : spec_.columns) {
      types_.push_back(schema.fields[static_cast<size_t>(column)].type);
    }
  }

  arrow::Status Route(const RowBatch& batch, std::vector<PartitionId>* ids) override {
    const size_t num_rows = batch.num_rows();
    const size_t before = ids->size();
    ids->resize(before + num_rows);
    for (size_t begin = 0; begin < num_rows; begin += kBlockRows) {
      const size_t count = std::min(kBlockRows, num_rows - begin);
      arrow::Status status =
          RouteBlock(batch, begin, count, ids->data() + before + begin);
      if (!status.ok()) {
        ids->resize(before + fault_.row);
        return status;
      }
    }
    return arrow::Status::OK();
  }

  const RouteFault& fault() const override { return fault_; }

  void AddTotals(std::vector<PartitionTotals>* sums) const override {
    size_t size = sums->size();
    slots_.ForEach(
        [&](uint32_t place) { size = std::max(size, EntryAt(place)->id + size_t{1}); });
    sums->reserve(size);  // exactly: resize() alone might take twice as much
    sums->resize(size);
    slots_.ForEach([&](uint32_t place) {
      const KeyEntry* entry = EntryAt(place);
      PartitionTotals added = entry->totals;
      added.num_empty_keys *= added.num_rows;
      (*sums)[entry->id] += added;
    });
  }

 private:
  arrow::Status RouteBlock(const RowBatch& batch, size_t begin, size_t count,
                           PartitionId* ids) {
    FindKeys(batch, begin, count);
    PrefetchEntries(count);
    const ColumnSpan whole_row{0, batch.num_columns - 1};
    for (size_t i = 0; i < count; ++i) {
      KeyEntry* entry = Find(tags_[i], keys_[i]);
      if (entry == nullptr) {
        ARROW_ASSIGN_OR_RAISE(entry, Add(batch, begin + i, i));
      }
      const std::string_view text = SpanText(batch, begin + i, whole_row);
      entry->totals.num_rows += 1;
      entry->totals.bytes += static_cast<int64_t>(text.size()) + 1;
      entry->totals.hash_sum += Hash64(text);
      ids[i] = entry->id;
    }
    return arrow::Status::OK();
  }

  // Sets keys_ and tags_ for a block of rows.
  void FindKeys(const RowBatch& batch, size_t begin, size_t count) {
    if (spans_.size() == 1) {
      for (size_t i = 0; i < count; ++i) {
        keys_[i] = SpanText(batch, begin + i, spans_.front());
      }
    } else {
      JoinKeys(batch, begin, count);
    }
    for (size_t i = 0; i < count; ++i) {
      tags_[i] = static_cast<uint32_t>(Hash64(keys_[i]));
      slots_.Prefetch(tags_[i]);
    }
  }

  // Raw fields joined by the separator: as unambiguous as in the row itself.
  void JoinKeys(const RowBatch& batch, size_t begin, size_t count) {
    std::array<size_t, kBlockRows> ends{};
    joined_.clear();
    for (size_t i = 0; i < count; ++i) {
      for (const ColumnSpan& span : spans_) {
        joined_.append(SpanText(batch, begin + i, span));
        joined_.push_back(format_.separator);
      }
      ends[i] = joined_.size();
    }
    const std::string_view joined = joined_;
    size_t key_begin = 0;
    for (size_t i = 0; i < count; ++i) {
      keys_[i] = joined.substr(key_begin, ends[i] - key_begin);
      key_begin = ends[i];
    }
  }

  void PrefetchEntries(size_t count) const {
    if (slots_.size() < kSmallTable) {
      return;
    }
    for (size_t i = 0; i < count; ++i) {
      const uint32_t place = slots_.Find(tags_[i], [](uint32_t) { return true; });
      if (place != KeySlots::kNone) {
        __builtin_prefetch(arena_.at(place), 1);
        __builtin_prefetch(arena_.at(place) + sizeof(KeyEntry), 1);
      }
    }
  }

  KeyEntry* EntryAt(uint32_t place) const {
    return std::launder(reinterpret_cast<KeyEntry*>(arena_.at(place)));
  }

  KeyEntry* Find(uint32_t tag, std::string_view key) const {
    const uint32_t place = slots_.Find(tag, [&](uint32_t candidate) {
      const KeyEntry* entry = EntryAt(candidate);
      return entry->length == key.size() &&
             SameBytes(entry->key_bytes(), key.data(), key.size());
    });
    return place == KeySlots::kNone ? nullptr : EntryAt(place);
  }

  // Reads, renders and enters the key of `row`, which is the block's row `i`.
  arrow::Result<KeyEntry*> Add(const RowBatch& batch, size_t row, size_t i) {
    std::string path;
    bool has_empty = false;
    for (size_t level = 0; level < spec_.columns.size(); ++level) {
      const std::string_view raw =
          batch.raw_field(row, static_cast<size_t>(spec_.columns[level]));
      has_empty = has_empty || raw == "\"\"";
      if (const char* what = AppendSegment(raw, level, &path); what != nullptr) {
        fault_ = {.row = row, .column = spec_.columns[level], .what = what};
        return Error(ErrorCode::kBadInput, "partition column `{}`: {}",
                     spec_.names[level], what);
      }
    }
    const std::string_view key = keys_[i];
    const uint32_t place = arena_.Allocate(sizeof(KeyEntry) + key.size());
    auto* entry = new (arena_.at(place)) KeyEntry();
    entry->totals.num_empty_keys = has_empty ? 1 : 0;
    entry->id = table_->FindOrAdd(path);
    entry->length = static_cast<uint32_t>(key.size());
    std::memcpy(arena_.at(place) + sizeof(KeyEntry), key.data(), key.size());
    slots_.Insert(tags_[i], place);
    return entry;
  }

  // Appends one level to `path`; what is wrong with the value, or null if nothing is.
  const char* AppendSegment(std::string_view raw, size_t level, std::string* path) {
    const DataType& type = types_[level];
    const FieldValue field = ReadField(raw, format_, &scratch_);
    std::optional<std::string> value;
    if (!field.is_null && !field.text.empty()) {
      if (!FitsType(field.text, type)) {
        return "the partition value does not fit the column's type; mend the value or "
               "declare another type";
      }
      value.emplace();
      if (type.id == TypeId::kString || type.id == TypeId::kBinary) {
        value->assign(field.text);
      } else {
        AppendRendered(field.text, type, RenderStyle::kCast, &*value);
      }
      if (const char* what = ValueFault(*value); what != nullptr) {
        return what;
      }
    }
    const std::string segment = PartitionSegment(spec_.names[level], value);
    if (segment.size() > kMaxSegmentBytes) {
      return "the partition value is too long for a folder name, which ends at 255 bytes "
             "with the column's name and escapes; shorten it or partition by another "
             "column";
    }
    path->append(path->empty() ? "" : "/").append(segment);
    return nullptr;
  }

  const char* ValueFault(std::string_view value) const {
    if (value.find('\0') != std::string_view::npos) {
      return "the partition value holds a NUL byte, which no folder name can; remove it "
             "or partition by another column";
    }
    if (value == kNullPartitionName && !spec_.allow_default_literal) {
      return "the partition value is the text __HIVE_DEFAULT_PARTITION__, which names "
             "the "
             "folder of NULL and would be read back as NULL; change it, or accept that "
             "with --allow-default-partition-literal";
    }
    return nullptr;
  }

  RowFormat format_;
  PartitionSpec spec_;
  std::vector<DataType> types_;    // of the partition columns
  std::vector<ColumnSpan> spans_;  // of the partition columns, in the row's order
  PartitionTable* table_;
  KeyArena arena_;
  KeySlots slots_;  // places of KeyEntry by key
  RouteFault fault_;
  std::string scratch_;
  std::string joined_;
  std::array<std::string_view, kBlockRows> keys_;
  std::array<uint32_t, kBlockRows> tags_{};
};

}  // namespace

std::unique_ptr<PartitionRouter> PartitionRouter::Make(const Schema& schema,
                                                       const RowFormat& format,
                                                       const PartitionSpec& spec,
                                                       PartitionTable* table,
                                                       MemoryBudget* budget) {
  return std::make_unique<CachingRouter>(schema, format, spec, table, budget);
}

}  // namespace partita
