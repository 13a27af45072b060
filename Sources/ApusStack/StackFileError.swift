/// Why a file could not be had.
package enum StackFileError: Error, Hashable, Sendable {
  /// `reason` is the system's word.
  case unreadable(reason: String)
  case tooLarge(limit: Int)
}

extension StackFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let reason): "it cannot be read (\(reason)); check the path, which begins at the stack's folder"
    case .tooLarge(let limit): "it has more than \(limit) bytes; split it"
    }
  }
}
