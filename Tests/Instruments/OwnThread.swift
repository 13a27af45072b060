import Glibc

/// A thread that a test starts, and joins.
// Safe because the id is written before anybody else has the value.
package final class OwnThread: @unchecked Sendable {
  private let body: @Sendable () -> Void
  private var thread = pthread_t()

  package init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    let code = pthread_create(&thread, nil, runOwnThread, Unmanaged.passRetained(self).toOpaque())
    precondition(code == 0, "no thread: error \(code)")
  }

  package func join() {
    pthread_join(thread, nil)
  }

  fileprivate func run() {
    // Threads of the language's own pool have signals blocked, and we inherit that from whichever starts us.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    body()
  }
}

private func runOwnThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<OwnThread>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}
