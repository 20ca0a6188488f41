#pragma once

// toml++, header-only and without exceptions; to be included instead of its own header.
//
// Its parser asserts of some bytes what it has not looked at yet, and a few lines on tells the error itself (3.3: a
// table header `[` before a byte that no key begins with; found by tests/fuzz). So its assertions are off in all builds.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expr) static_assert(true)

#include <toml++/toml.h>  // IWYU pragma: export
