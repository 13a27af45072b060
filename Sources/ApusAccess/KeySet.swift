import ApusJSON

/// The keys of an issuer by their ids, out of its JWKS (RFC 7517, RFC 8037).
package struct KeySet: Sendable, Equatable {
  private var keys: [String: VerificationKey] = [:]

  /// Keys for other algorithms and uses are passed over, as RFC 7517 section 5 advises. What claims to be an Ed25519
  /// key for signatures and is not one refuses the whole set: half a set would fail at a distance.
  package init(jwks text: [UInt8]) throws(KeySetError) {
    guard text.count <= AccessLimits.keySetBytes else { throw .tooLong }
    let document: JSON
    do {
      document = try JSON.parse(text, limits: JSONCodec.Limits(depth: AccessLimits.jsonDepth))
    } catch {
      throw .document(error)
    }
    guard let entries = document["keys"]?.arrayValue else { throw .noList }
    guard entries.count <= AccessLimits.keys else { throw .tooMany(entries.count) }
    for (index, entry) in entries.enumerated() {
      guard let (id, key) = try KeySet.key(entry, at: index) else { continue }
      guard keys.updateValue(key, forKey: id) == nil else { throw .duplicate(id) }
    }
    if keys.isEmpty { throw .none }
  }

  package var ids: [String] { keys.keys.sorted() }

  package subscript(id: String) -> VerificationKey? { keys[id] }

  private static func key(_ entry: JSON, at index: Int) throws(KeySetError) -> (String, VerificationKey)? {
    guard entry.objectValue != nil, let type = entry["kty"]?.stringValue else { throw .malformed(index, member: "kty") }
    guard type == "OKP", entry["crv"]?.stringValue == "Ed25519" else { return nil }
    if let use = entry["use"], use.stringValue != "sig" { return nil }
    if let algorithm = entry["alg"], algorithm.stringValue != "EdDSA" { return nil }
    if let operations = entry["key_ops"] {
      guard let list = operations.arrayValue else { throw .malformed(index, member: "key_ops") }
      guard list.contains(.string("verify")) else { return nil }
    }
    guard entry["d"] == nil else { throw .secretPublished(index) }
    guard let id = entry["kid"]?.stringValue, Identifier.isValid(id) else { throw .malformed(index, member: "kid") }
    guard let text = entry["x"]?.stringValue, let bytes = Sodium.base64(text.utf8, .urlUnpadded),
      let key = VerificationKey(bytes)
    else { throw .malformed(index, member: "x") }
    return (id, key)
  }
}
