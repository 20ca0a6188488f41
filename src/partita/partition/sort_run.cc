#include "partita/partition/sort_run.h"

#include <algorithm>
#include <utility>

namespace partita {
namespace {

// Where clearing and walking the counts costs more than sorting the rows.
constexpr size_t kSparseFactor = 32;

void CountingSort(const std::vector<RowRef>& rows, const std::vector<PartitionId>& ids,
                  size_t num_partitions, SortedRun* run) {
  std::vector<uint32_t> next(num_partitions);  // counts, then places of the next rows
  size_t num_present = 0;
  for (const PartitionId id : ids) {
    num_present += next[id]++ == 0 ? 1 : 0;
  }
  run->partitions.reserve(num_present);
  run->begins.reserve(num_present + 1);
  uint32_t begin = 0;
  for (size_t id = 0; id < num_partitions; ++id) {
    if (next[id] != 0) {
      run->partitions.push_back(static_cast<PartitionId>(id));
      run->begins.push_back(begin);
      begin += std::exchange(next[id], begin);
    }
  }
  run->begins.push_back(begin);
  for (size_t i = 0; i < rows.size(); ++i) {
    run->rows[next[ids[i]]++] = rows[i];
  }
}

void SparseSort(const std::vector<RowRef>& rows, const std::vector<PartitionId>& ids,
                SortedRun* run) {
  std::vector<uint64_t> keys(ids.size());  // the row number below the id: stable
  for (size_t i = 0; i < ids.size(); ++i) {
    keys[i] = uint64_t{ids[i]} << 32 | i;
  }
  std::ranges::sort(keys);
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto id = static_cast<PartitionId>(keys[i] >> 32);
    if (run->partitions.empty() || run->partitions.back() != id) {
      run->partitions.push_back(id);
      run->begins.push_back(static_cast<uint32_t>(i));
    }
    run->rows[i] = rows[static_cast<uint32_t>(keys[i])];
  }
  run->begins.push_back(static_cast<uint32_t>(keys.size()));
}

}  // namespace

SortedRun SortRun(Buffer bytes, const std::vector<RowRef>& rows,
                  const std::vector<PartitionId>& ids, size_t num_partitions) {
  SortedRun run;
  run.bytes = std::move(bytes);
  run.rows.resize(rows.size());
  if (num_partitions / kSparseFactor > rows.size()) {
    SparseSort(rows, ids, &run);
  } else {
    CountingSort(rows, ids, num_partitions, &run);
  }
  return run;
}

}  // namespace partita
