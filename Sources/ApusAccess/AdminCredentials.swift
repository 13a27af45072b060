/// The administrator's name and password, in memory.
package struct AdminCredentials: Sendable {
  /// Without what looks alike in some typeface.
  private static let readable: StaticString = "23456789abcdefghjkmnpqrstuvwxyz"
  private static let passwordAlphabet: StaticString = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

  package let name: String
  package let password: String
  private let nameHash: [UInt8]
  private let passwordHash: [UInt8]

  package init(name: String, password: String) {
    self.name = name
    self.password = password
    nameHash = Sodium.hash(Array(name.utf8))
    passwordHash = Sodium.hash(Array(password.utf8))
  }

  /// Nobody finds it by trying, however often: then it may be compared even while others who share an address with its
  /// owner have to wait. One that looks as ours do is; what somebody thought of may be long and stand in a list.
  package var isUnguessable: Bool {
    let bytes = Array(password.utf8)
    return bytes.count == Self.passwordLength
      && Self.passwordAlphabet.withUTF8Buffer { alphabet in bytes.allSatisfy(alphabet.contains) }
  }

  /// Both are always compared, as hashes: the time it takes depends on what was sent, not on what is right.
  package func match(name: String, password: String) -> Bool {
    let isName = Sodium.areEqual(Sodium.hash(Array(name.utf8)), nameHash)
    let isPassword = Sodium.areEqual(Sodium.hash(Array(password.utf8)), passwordHash)
    return (isName ? 1 : 0) & (isPassword ? 1 : 0) == 1
  }

  static func randomName() -> String { "admin-" + Sodium.randomText(4, of: readable) }

  /// Of 57 characters: 163 bits.
  private static let passwordLength = 28

  static func randomPassword() -> String { Sodium.randomText(passwordLength, of: passwordAlphabet) }
}

extension AdminCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the password, which logs get by accident.
  package var description: String { "credentials of \(name)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
