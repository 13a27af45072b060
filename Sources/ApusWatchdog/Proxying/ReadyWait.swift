import ApusIO

/// A call that waits for the program of http mode. It belongs to its loop.
final class ReadyWait {
  private var continuation: UnsafeContinuation<Void, Never>?

  func untilWoken(by deadline: Instant, on loop: Loop) async {
    let timer = Timer { [unowned self] in wake() }
    loop.set(timer, to: deadline)
    defer { loop.remove(timer) }
    await withUnsafeContinuation { continuation = $0 }
  }

  func wake() {
    continuation?.resume()
    continuation = nil
  }
}
