package import ApusModel

/// Why a volume cannot be.
package enum VolumeError: Error, Equatable, Sendable {
  case name(NameError)
  case path(String)
  case reserved(String, folder: String)
}

extension VolumeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .name(let error):
      error.description
    case .path(let path):
      "\(QuotedText(path)) is not a path below /; write one such as /data, without . and .."
    case .reserved(let path, let folder):
      "\(QuotedText(path)) would hide \(folder), which every replica needs; choose another folder, such as /data"
    }
  }
}
