#pragma once

/// The library's version; the same in the command line's `--version` and in what it
/// writes.
#define PARTITA_VERSION_MAJOR 0
#define PARTITA_VERSION_MINOR 1
#define PARTITA_VERSION_PATCH 0
#define PARTITA_VERSION_STRING "0.1.0"

/// Marks what the shared library offers; everything else in it is hidden.
#define PARTITA_EXPORT __attribute__((visibility("default")))
