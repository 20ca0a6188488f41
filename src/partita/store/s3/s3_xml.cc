#include "partita/store/s3/s3_xml.h"

#include <charconv>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "partita/http/canonical_url.h"
#include "partita/store/s3/s3_time.h"
#include "partita/store/s3/xml_answer.h"

namespace partita {
namespace {

constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

// Keys may be a blank, or hold line ends: nothing in a text is trimmed or changed but escapes.
constexpr unsigned int kParseOptions =
    pugi::parse_escapes | pugi::parse_cdata | pugi::parse_ws_pcdata_single;

arrow::Result<pugi::xml_node> Load(std::string_view xml, const char* root_name,
                                   pugi::xml_document* document) {
  return LoadAnswer(xml, root_name, kParseOptions, document);
}

// The text of a child; empty where there is none.
std::string Text(const pugi::xml_node& node, const char* name) {
  return node.child_value(name);
}

// The same, decoded where the server has obeyed `encoding-type=url`.
class ListedText {
 public:
  explicit ListedText(const pugi::xml_node& root)
      : is_encoded_(Text(root, "EncodingType") == "url") {}

  std::string Of(const pugi::xml_node& node, const char* name) const {
    return is_encoded_ ? DecodeUri(node.child_value(name)) : Text(node, name);
  }

 private:
  bool is_encoded_;
};

bool IsTrue(const pugi::xml_node& node, const char* name) {
  return Text(node, name) == "true";
}

arrow::Result<int64_t> ParseSize(const std::string& text) {
  int64_t size = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, size);
  if (parsed.ec != std::errc() || parsed.ptr != end || size < 0) {
    return MalformedAnswer(fmt::format("a size is no number: \"{}\"", text));
  }
  return size;
}

// What XML gives a meaning, and characters that have no other way into it.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || byte < 0x20 ||
        byte == 0x7F) {
      escaped += fmt::format("&#{};", byte);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

arrow::Result<S3Listing> ParseListing(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "ListBucketResult", &document));
  const ListedText listed(root);
  S3Listing listing;
  for (const pugi::xml_node& node : root.children("Contents")) {
    S3Object& object = listing.objects.emplace_back();
    object.key = listed.Of(node, "Key");
    object.etag = Text(node, "ETag");
    object.modified =
        ParseIsoTime(Text(node, "LastModified")).value_or(std::chrono::seconds(0));
    ARROW_ASSIGN_OR_RAISE(object.bytes, ParseSize(Text(node, "Size")));
    if (object.key.empty()) {
      return MalformedAnswer("an object without a key");
    }
  }
  for (const pugi::xml_node& node : root.children("CommonPrefixes")) {
    listing.prefixes.push_back(listed.Of(node, "Prefix"));
  }
  listing.is_truncated = IsTrue(root, "IsTruncated");
  listing.next_token = Text(root, "NextContinuationToken");
  return listing;
}

arrow::Result<S3UploadListing> ParseUploadListing(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "ListMultipartUploadsResult", &document));
  const ListedText listed(root);
  S3UploadListing listing;
  for (const pugi::xml_node& node : root.children("Upload")) {
    listing.uploads.push_back({.key = listed.Of(node, "Key"),
                               .id = Text(node, "UploadId"),
                               .begun = ParseIsoTime(Text(node, "Initiated"))});
    if (listing.uploads.back().key.empty() || listing.uploads.back().id.empty()) {
      return MalformedAnswer("an upload without a key or an id");
    }
  }
  listing.is_truncated = IsTrue(root, "IsTruncated");
  listing.next_key = listed.Of(root, "NextKeyMarker");
  listing.next_id = Text(root, "NextUploadIdMarker");
  return listing;
}

arrow::Result<S3PartListing> ParsePartListing(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "ListPartsResult", &document));
  S3PartListing listing;
  for (const pugi::xml_node& node : root.children("Part")) {
    listing.parts.push_back(
        {.etag = Text(node, "ETag"), .checksum = Text(node, "ChecksumCRC32C")});
    if (listing.parts.back().etag.empty()) {
      return MalformedAnswer("a part without an ETag");
    }
  }
  listing.is_truncated = IsTrue(root, "IsTruncated");
  listing.next_marker = Text(root, "NextPartNumberMarker");
  return listing;
}

arrow::Result<std::string> ParseCreatedUpload(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "InitiateMultipartUploadResult", &document));
  std::string id = Text(root, "UploadId");
  return id.empty()
             ? arrow::Result<std::string>(MalformedAnswer("an upload without an id"))
             : id;
}

bool IsCompletedUpload(std::string_view xml) {
  pugi::xml_document document;
  return Load(xml, "CompleteMultipartUploadResult", &document).ok();
}

std::optional<S3ErrorDocument> ParseErrorDocument(std::string_view xml) {
  pugi::xml_document document;
  const auto root = Load(xml, "Error", &document);
  if (!root.ok()) {
    return std::nullopt;
  }
  S3ErrorDocument error{.code = Text(*root, "Code"),
                        .message = Text(*root, "Message"),
                        .region = Text(*root, "Region"),
                        .request_id = Text(*root, "RequestId")};
  return error.code.empty() ? std::nullopt : std::optional(std::move(error));
}

arrow::Result<std::vector<S3DeleteError>> ParseDeleteResult(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root, Load(xml, "DeleteResult", &document));
  std::vector<S3DeleteError> errors;
  for (const pugi::xml_node& node : root.children("Error")) {
    errors.push_back({.key = Text(node, "Key"),
                      .code = Text(node, "Code"),
                      .message = Text(node, "Message")});
  }
  return errors;
}

std::string CompleteUploadText(std::span<const UploadedPart> parts) {
  std::string text = fmt::format("<CompleteMultipartUpload xmlns=\"{}\">", kNamespace);
  int number = 0;
  for (const UploadedPart& part : parts) {
    text += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag>", ++number,
                        Escaped(part.etag));
    if (!part.checksum.empty()) {
      text += fmt::format("<ChecksumCRC32C>{}</ChecksumCRC32C>", Escaped(part.checksum));
    }
    text += "</Part>";
  }
  return text + "</CompleteMultipartUpload>";
}

std::string DeleteObjectsText(std::span<const std::string> keys) {
  std::string text = fmt::format("<Delete xmlns=\"{}\"><Quiet>true</Quiet>", kNamespace);
  for (const std::string& key : keys) {
    text += fmt::format("<Object><Key>{}</Key></Object>", Escaped(key));
  }
  return text + "</Delete>";
}

}  // namespace partita
