/// Every limit of accounts, with its reason.
package enum AccountLimits {
  /// Characters of a login: as people count them.
  package static let loginCharacters = 3...64
  /// Bytes of a login: a character may carry marks without end.
  package static let loginBytes = 256
  /// Bytes of a password that is tried; ours have 24, and each byte is work for the hash.
  package static let passwordBytes = 1_024
  /// Bytes of a body: a login, a password and a token are well below.
  package static let bodyBytes = 16_384
  /// Pixels of a QR code's edge: below the one it can't be scanned from a screen, above the other it is mere bytes.
  package static let codePixels = 128...1_024
  package static let usualCodePixels = 320
  /// Sign-ins of one account that are refreshed at a time; one more ends the oldest.
  package static let sessions = 16
  /// Keys in `accounts-key`: one in use, one going, and room.
  package static let keys = 8
  /// Calls that wait for a place to hash at most: they would wait for many seconds.
  package static let waitingForHash = 64
  /// Tries of a change that others keep getting ahead of.
  package static let attempts = 32
  /// Accounts whose sealed fields a start tries to open: more than are damaged by chance, fewer than take time.
  package static let checkedAccounts = 8
  /// Rows of one answer of the operator's list.
  package static let listRows = 500
  /// Of one account's record that is exported.
  package static let exportedEvents = 10_000
  /// Seconds that what happened is kept: thirteen months, so that a year can be looked at whole.
  package static let auditSeconds: Int64 = 400 * 86_400
  /// Seconds after the last failure that a login's or an address's failures are remembered.
  package static let strikeSeconds: Int64 = 30 * 86_400
}
