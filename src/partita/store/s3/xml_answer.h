#pragma once

#include <string_view>

#include <arrow/result.h>
#include <pugixml.hpp>

namespace partita {

/// \brief The error of an answer that is not one of S3's documents.
///
/// Thread safety: pure, as all of these.
arrow::Status MalformedAnswer(std::string_view what);

/// \brief Reads a document and gives its root, which must have this name. `options` are pugixml's; `document` owns what is read.
///
/// Errors: kStoreUnavailable.
arrow::Result<pugi::xml_node> LoadAnswer(std::string_view xml, const char* root_name,
                                         unsigned int options,
                                         pugi::xml_document* document);

}  // namespace partita
