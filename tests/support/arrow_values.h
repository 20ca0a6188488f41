#pragma once

#include <memory>
#include <string>

#include <arrow/array.h>
#include <arrow/json/from_string.h>

#include <gtest/gtest.h>

namespace partita {

/// \brief Values as Arrow's JSON text spells them: `[1, null]`. Ends the test's case
/// where they are none of `type`.
inline std::shared_ptr<arrow::Array> ArrayOf(const std::shared_ptr<arrow::DataType>& type,
                                             const std::string& json) {
  auto array = arrow::json::ArrayFromJSONString(type, json);
  EXPECT_TRUE(array.ok()) << array.status();
  return array.ValueOr(nullptr);
}

}  // namespace partita
