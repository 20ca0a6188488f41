#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace partita::cli {
namespace {

TEST(ExitCodeTest, FollowsTheDocumentedTable) {
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kInvalidConfig)), 2);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kNotFound)), 2);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kBadInput)), 3);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kStoreUnavailable)), 4);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kAlreadyExists)), 5);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kCommitConflict)), 5);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kCommitStateUnknown)), 6);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kPartialCommit)), 7);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kCancelled)), 130);
  EXPECT_EQ(static_cast<int>(ExitCodeOf(ErrorCode::kInternal)), 70);
}

}  // namespace
}  // namespace partita::cli
