import ApusModel

extension EnrolmentURI {
  /// Reads what `text` writes; nil for anything else, other hashes, digits and periods included.
  package init?(_ text: String) {
    let scheme = "otpauth://totp/"
    guard text.hasPrefix(scheme) else { return nil }
    let parts = text.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let label = parts[0].split(separator: ":", omittingEmptySubsequences: false).map { PercentCoding.decode($0) }
    guard label.count == 2, let issuer = label[0], let login = label[1], !login.isEmpty else { return nil }
    var fields: [String: String] = [:]
    for pair in parts[1].split(separator: "&", omittingEmptySubsequences: false) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let name = PercentCoding.decode(halves[0]), let value = PercentCoding.decode(halves[1]),
        fields.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    guard fields["issuer"] == issuer, fields["algorithm"] ?? "SHA1" == "SHA1", fields["digits"] ?? "6" == "6",
      fields["period"] ?? "30" == "30", let secret = fields["secret"].flatMap({ Base32.decode($0.utf8) }),
      !secret.isEmpty, !issuer.utf8.contains(UInt8(ascii: ":")), !login.utf8.contains(UInt8(ascii: ":"))
    else { return nil }
    self.init(issuer: issuer, login: login, secret: secret)
  }
}
