import ApusAccess

/// Makes passwords of 24 characters in which every character is as likely as any other at every place.
package enum PasswordMaker {
  package static let length = 24

  /// The classes of which each password has at least one character. No quote, backslash, space or `&<>`: passwords are
  /// pasted into shells, forms and files by people in a hurry.
  package enum Class: Int, CaseIterable, Sendable {
    case upper, lower, digit, special

    package var characters: [UInt8] {
      switch self {
      case .upper: Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
      case .lower: Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
      case .digit: Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
      case .special: Array("!#$%()*+,-./:;=?@[]^_{|}~".utf8)
      }
    }
  }

  package static let alphabet = Class.allCases.flatMap(\.characters)

  /// Draws whole passwords until one has all classes. Putting missing ones in afterwards would make some places and
  /// characters likelier; this way all passwords that are allowed are equally likely. It takes 1.1 draws on average.
  package static func make() -> String {
    while true {
      var bytes = (0..<length).map { _ in alphabet[Sodium.random(below: alphabet.count)] }
      if hasEveryClass(bytes) { return String(decoding: bytes, as: UTF8.self) }
      Sodium.wipe(&bytes)
    }
  }

  private static func hasEveryClass(_ bytes: [UInt8]) -> Bool {
    Class.allCases.allSatisfy { kind in bytes.contains(where: kind.characters.contains) }
  }
}
