package import ApusIO

/// Why the administrator's credentials were not read or written. Nothing was changed.
package enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
  case system(SystemError)
  /// Others may read or change it. `mode` has the permission bits.
  case exposed(path: String, mode: UInt32)
  /// Somebody else could change it at any time.
  case foreign(path: String, owner: UInt32)
  /// A folder, a device or a pipe where a file belongs, or the other way round.
  case wrongKind(path: String, wanted: String)
  case tooLong(path: String)
  /// Empty, not text, or with characters that Basic authentication can't carry.
  case unusable(path: String, reason: String)
  /// Another process makes and removes them while we look.
  case unsettled(path: String)

  package var description: String {
    switch self {
    case .system(let error):
      error.description
    case .exposed(let path, let mode):
      "\(path) has mode \(CredentialError.octal(mode)), so others than its owner can use it: chmod go= \(path), and "
        + "change the password (apus auth rotate) if strangers are on this machine"
    case .foreign(let path, let owner):
      "\(path) belongs to user \(owner), who could change it: run as that user, or chown it to the one who runs this"
    case .wrongKind(let path, let wanted):
      "\(path) is not a \(wanted): move it away"
    case .tooLong(let path):
      "\(path) has more than \(AccessLimits.credentialBytes) bytes: write the name or the password alone into it"
    case .unusable(let path, let reason):
      "\(path) \(reason): correct it, or remove it to have a new one made"
    case .unsettled(let path):
      "\(path) changes while it is read: stop what else writes there, then start again"
    }
  }

  private static func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
