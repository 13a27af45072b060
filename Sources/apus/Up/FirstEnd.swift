/// The first thing that ends `apus up`: a signal, or a function that ended by itself. What comes later changes nothing.
final class FirstEnd {
  private var waiter: UnsafeContinuation<String?, Never>?
  private var hasCome = false
  private var failure: String?

  /// It has come, and was asked for.
  var wasAskedFor: Bool { hasCome && failure == nil }

  /// `failure` is nil for an end that was asked for.
  func come(_ failure: String?) {
    guard !hasCome else { return }
    hasCome = true
    self.failure = failure
    waiter?.resume(returning: failure)
    waiter = nil
  }

  func wait() async -> String? {
    hasCome ? failure : await withUnsafeContinuation { waiter = $0 }
  }
}
