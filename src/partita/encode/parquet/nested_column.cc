#include "partita/encode/parquet/nested_column.h"

#include <optional>

#include <arrow/util/base64.h>

#include "partita/base/error.h"

namespace partita {

arrow::Status NestedColumn::Append(const RowBatch& rows, size_t begin, size_t end) {
  FieldCursor fields(rows, begin, index_);
  std::string scratch;
  for (size_t row = begin; row < end; ++row) {
    const FieldValue value = ReadField(fields.Next(), row_format_, &scratch);
    if (value.is_null) {
      ARROW_RETURN_NOT_OK(AddNull(node_, 0));
      continue;
    }
    NestedTextReader text(value.text);
    const arrow::Status added = AddValue(node_, 0, &text);
    ARROW_RETURN_NOT_OK(added.ok() || !text.is_sound() ? text.Finish() : added);
  }
  return arrow::Status::OK();
}

arrow::Status NestedColumn::AddNullable(const ParquetNode& node, uint32_t repetition,
                                        NestedTextReader* text) {
  return text->TakeNull() ? AddNull(node, repetition) : AddValue(node, repetition, text);
}

arrow::Status NestedColumn::AddValue(const ParquetNode& node, uint32_t repetition,
                                     NestedTextReader* text) {
  switch (node.type) {
    case TypeId::kStruct:
      text->EnterStruct();
      return AddParts(node, repetition, 1, text);
    case TypeId::kArray:
      return AddParts(node, repetition, text->EnterArray(), text);
    case TypeId::kMap:
      return AddParts(node, repetition, text->EnterMap(), text);
    default:
      return AddScalar(node, repetition, text->TakeScalar());
  }
}

// The parts of a struct, once, or those of so many elements or entries.
arrow::Status NestedColumn::AddParts(const ParquetNode& node, uint32_t repetition,
                                     size_t count, NestedTextReader* text) {
  if (count == 0) {
    return AddEmpty(node, repetition, node.definition);
  }
  for (size_t i = 0; i < count; ++i) {
    for (const ParquetNode& child : node.children) {
      ARROW_RETURN_NOT_OK(
          AddNullable(child, i == 0 ? repetition : node.repetition, text));
    }
  }
  return arrow::Status::OK();
}

arrow::Status NestedColumn::AddScalar(const ParquetNode& node, uint32_t repetition,
                                      std::string_view text) {
  if (node.type == TypeId::kBinary) {
    ARROW_ASSIGN_OR_RAISE(bytes_, arrow::util::base64_decode(text));
    text = bytes_;
  }
  return leaves_[node.first_leaf]->AppendEntry(
      {.repetition = repetition, .definition = node.definition, .text = text});
}

arrow::Status NestedColumn::AddNull(const ParquetNode& node, uint32_t repetition) {
  if (!node.is_optional) {
    return Error(ErrorCode::kBadInput,
                 "NULL in a part of column {} that is declared without NULLs: {}",
                 node_.name, node.name);
  }
  return AddEmpty(node, repetition, node.definition - 1);
}

arrow::Status NestedColumn::AddEmpty(const ParquetNode& node, uint32_t repetition,
                                     uint32_t definition) {
  for (size_t leaf = node.first_leaf; leaf < node.end_leaf; ++leaf) {
    ARROW_RETURN_NOT_OK(leaves_[leaf]->AppendEntry(
        {.repetition = repetition, .definition = definition, .text = std::nullopt}));
  }
  return arrow::Status::OK();
}

}  // namespace partita
