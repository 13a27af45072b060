import ApusAccess
package import ApusJSON

/// Members of a stored account, each by the type that it was written with.
package struct StoredDocument {
  private let document: JSON

  package init(_ document: JSON) {
    self.document = document
  }

  func text(_ name: String) throws(AccountError) -> String {
    guard let text = document[name]?.stringValue else { throw damaged(name) }
    return text
  }

  func integer(_ name: String) throws(AccountError) -> Int64 {
    guard let number = document[name]?.integerValue else { throw damaged(name) }
    return number
  }

  func integerOrNil(_ name: String) throws(AccountError) -> Int64? {
    guard let value = document[name], !value.isNull else { return nil }
    guard let number = value.integerValue else { throw damaged(name) }
    return number
  }

  func flag(_ name: String) throws(AccountError) -> Bool {
    guard let flag = document[name]?.boolValue else { throw damaged(name) }
    return flag
  }

  func bytes(_ name: String) throws(AccountError) -> [UInt8] {
    guard let bytes = StoredDocument.bytes(document[name]) else { throw damaged(name) }
    return bytes
  }

  func listOfBytes(_ name: String) throws(AccountError) -> [[UInt8]] {
    guard let list = document[name]?.arrayValue else { throw damaged(name) }
    let all = list.compactMap { StoredDocument.bytes($0) }
    guard all.count == list.count else { throw damaged(name) }
    return all
  }

  func part(_ name: String) -> StoredDocument? { document[name].map(StoredDocument.init) }

  func parts(_ name: String) throws(AccountError) -> [StoredDocument] {
    guard let value = document[name] else { return [] }
    guard let list = value.arrayValue else { throw damaged(name) }
    return list.map(StoredDocument.init)
  }

  func damaged(_ name: String) -> AccountError {
    AccountError(
      .damaged, "a stored account has no `\(name)` that can be read",
      advice: "Another program wrote it, or it is damaged: restore a backup")
  }

  private static func bytes(_ value: JSON?) -> [UInt8]? {
    value?.stringValue.flatMap { Sodium.base64($0.utf8, .unpadded) }
  }
}
