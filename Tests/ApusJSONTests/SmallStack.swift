import Glibc

/// Runs a body on a thread with as little stack as asked for.
enum SmallStack {
  struct Failure: Error {}

  private final class Work {
    let body: @Sendable () throws -> Void
    var error: (any Error)?
    init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }
  }

  static func run(bytes: Int, _ body: @escaping @Sendable () throws -> Void) throws {
    let work = Work(body)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, bytes)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { @Sendable argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
        do { try work.body() } catch { work.error = error }
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    guard status == 0 else { throw Failure() }
    pthread_join(thread, nil)
    try withExtendedLifetime(work) { if let error = work.error { throw error } }
  }
}
