import ApusAccess

/// A token that is good once: it names its account and holds 160 random bits, of which the account keeps a hash.
package struct OneTimeToken: Sendable, Equatable {
  /// What a token is for; one kind is never taken for another, since the purpose is hashed along.
  package enum Purpose: UInt8, Sendable {
    case claim = 1
    case renewal = 2
    case refresh = 3
  }

  package let purpose: Purpose
  package let account: AccountID
  /// Of a refresh token: which session; else empty.
  package let session: [UInt8]
  private let secret: [UInt8]

  private static let secretSize = 20
  package static let sessionSize = 8

  package init(_ purpose: Purpose, of account: AccountID, session: [UInt8] = []) {
    self.purpose = purpose
    self.account = account
    self.session = session
    secret = Sodium.randomBytes(OneTimeToken.secretSize)
  }

  /// Nil for anything that is not the text of a token for that purpose.
  package init?(_ text: String, for purpose: Purpose) {
    let sessionSize = purpose == .refresh ? OneTimeToken.sessionSize : 0
    let size = 1 + AccountID.size + sessionSize + OneTimeToken.secretSize
    guard text.utf8.count <= 128, let bytes = Sodium.base64(text.utf8, .urlUnpadded), bytes.count == size,
      bytes[0] == purpose.rawValue, let account = AccountID(bytes: Array(bytes[1..<1 + AccountID.size]))
    else { return nil }
    self.purpose = purpose
    self.account = account
    session = Array(bytes[(1 + AccountID.size)..<(size - OneTimeToken.secretSize)])
    secret = Array(bytes.suffix(OneTimeToken.secretSize))
  }

  /// As it is given out.
  package var text: String { Sodium.base64Text([purpose.rawValue] + account.bytes + session + secret, .urlUnpadded) }

  /// As it is stored.
  package var hash: [UInt8] { Sodium.hash([purpose.rawValue] + account.bytes + session + secret) }

  package func matches(_ stored: [UInt8]) -> Bool { Sodium.areEqual(hash, stored) }
}

extension OneTimeToken: CustomStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
