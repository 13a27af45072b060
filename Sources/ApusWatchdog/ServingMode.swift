import ApusHTTP

/// What answers the calls. It belongs to its loop.
protocol ServingMode: AnyObject {
  /// Returns when calls can be answered.
  ///
  /// - Throws: why that will never be.
  func start() async throws(StartFailure)
  /// Calls can be answered now.
  func isHealthy() async -> Bool
  /// Answers; a response that is not finished when this returns is cut.
  func answer(_ exchange: Exchange, _ call: WatchdogCall) async
  /// After the last call: ends what runs.
  func stop() async
  /// The same at once, waiting for nothing.
  func kill()
}

/// Why the watchdog can't do its work.
struct StartFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
