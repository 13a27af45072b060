internal import Synchronization

/// Content that is in memory already, and yet read only once, as content from a connection is.
final class HeldContent: Sendable {
  let bytes: [UInt8]
  private let isTaken = Atomic<Bool>(false)

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// All of it the first time, then nil.
  func take() -> [UInt8]? {
    isTaken.exchange(true, ordering: .relaxed) ? nil : bytes
  }
}
