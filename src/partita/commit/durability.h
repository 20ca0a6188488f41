#pragma once

namespace partita {

/// \brief What a commit survives (docs/format/commit.md §9).
enum class Durability {
  kFull,  ///< power loss: everything is synced before the decision
  kFast,  ///< the death of the process; nothing is synced
};

}  // namespace partita
