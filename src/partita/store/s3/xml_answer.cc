#include "partita/store/s3/xml_answer.h"

#include <fmt/core.h>

#include "partita/base/error.h"

namespace partita {

arrow::Status MalformedAnswer(std::string_view what) {
  return Error(ErrorCode::kStoreUnavailable,
               "the server's answer is not what S3 answers; is the endpoint right? {}",
               what);
}

arrow::Result<pugi::xml_node> LoadAnswer(std::string_view xml, const char* root_name,
                                         unsigned int options,
                                         pugi::xml_document* document) {
  const pugi::xml_parse_result parsed =
      document->load_buffer(xml.data(), xml.size(), options, pugi::encoding_utf8);
  if (!parsed) {
    return MalformedAnswer(parsed.description());
  }
  const pugi::xml_node root = document->child(root_name);
  return root ? arrow::Result<pugi::xml_node>(root)
              : MalformedAnswer(fmt::format("no {} in it", root_name));
}

}  // namespace partita
