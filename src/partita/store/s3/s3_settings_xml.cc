#include "partita/store/s3/s3_settings_xml.h"

#include <charconv>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "partita/store/s3/xml_answer.h"

namespace partita {
namespace {

arrow::Result<pugi::xml_node> Load(std::string_view xml, const char* root_name,
                                   pugi::xml_document* document) {
  return LoadAnswer(xml, root_name, pugi::parse_default, document);
}

// The text at a path of names; empty where there is none.
template <typename... Names>
std::string Text(pugi::xml_node node, Names... names) {
  ((node = node.child(names)), ...);
  return node.child_value();
}

arrow::Result<std::optional<int>> ParseDays(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  int days = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, days);
  return parsed.ec == std::errc() && parsed.ptr == end && days >= 0
             ? arrow::Result<std::optional<int>>(days)
             : MalformedAnswer(fmt::format("days are no number: \"{}\"", text));
}

// Rules of old have their prefix outside a filter.
std::string PrefixOf(const pugi::xml_node& rule) {
  for (std::string prefix :
       {Text(rule, "Filter", "Prefix"), Text(rule, "Filter", "And", "Prefix"),
        Text(rule, "Prefix")}) {
    if (!prefix.empty()) {
      return prefix;
    }
  }
  return {};
}

}  // namespace

arrow::Result<std::string> ParseBucketRegion(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "LocationConstraint", &document));
  std::string region = root.child_value();
  if (region.empty()) {
    return "us-east-1";
  }
  return region == "EU" ? "eu-west-1" : region;
}

arrow::Result<Versioning> ParseVersioning(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "VersioningConfiguration", &document));
  const std::string status = Text(root, "Status");
  if (status == "Enabled") {
    return Versioning::kEnabled;
  }
  return status == "Suspended" ? Versioning::kSuspended : Versioning::kNever;
}

arrow::Result<std::string> ParseEncryption(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "ServerSideEncryptionConfiguration", &document));
  const pugi::xml_node by_default =
      root.child("Rule").child("ApplyServerSideEncryptionByDefault");
  const std::string key = Text(by_default, "KMSMasterKeyID");
  return Text(by_default, "SSEAlgorithm") + (key.empty() ? "" : " with key " + key);
}

arrow::Result<std::vector<LifecycleRule>> ParseLifecycle(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "LifecycleConfiguration", &document));
  std::vector<LifecycleRule> rules;
  for (const pugi::xml_node& node : root.children("Rule")) {
    if (Text(node, "Status") != "Enabled") {
      continue;
    }
    LifecycleRule& rule = rules.emplace_back();
    rule.id = Text(node, "ID");
    rule.prefix = PrefixOf(node);
    ARROW_ASSIGN_OR_RAISE(
        rule.abort_uploads_after_days,
        ParseDays(Text(node, "AbortIncompleteMultipartUpload", "DaysAfterInitiation")));
    // An Expiration may also only clear away marks of what was deleted.
    const pugi::xml_node expiration = node.child("Expiration");
    rule.expires_objects = expiration.child("Days") || expiration.child("Date");
    rule.expires_old_versions =
        static_cast<bool>(node.child("NoncurrentVersionExpiration"));
  }
  return rules;
}

arrow::Result<std::string> ParseCallerIdentity(std::string_view xml) {
  pugi::xml_document document;
  ARROW_ASSIGN_OR_RAISE(const pugi::xml_node root,
                        Load(xml, "GetCallerIdentityResponse", &document));
  std::string arn = Text(root, "GetCallerIdentityResult", "Arn");
  return arn.empty() ? arrow::Result<std::string>(MalformedAnswer("no ARN in it"))
                     : std::move(arn);
}

}  // namespace partita
