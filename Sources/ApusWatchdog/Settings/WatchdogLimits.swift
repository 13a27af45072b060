/// Limits of the watchdog that nobody needs to set, with their reasons.
package enum WatchdogLimits {
  /// Of a log line, whatever `log_buffer_size` says: each pipe of each running program may hold as much.
  package static let lineBytes = 1 << 20
  /// What is read of a pipe at once: all that a pipe holds by default (pipe(7)).
  static let readBytes = 64 << 10
  /// For a program that was asked to end, before it is killed. Kubernetes gives 30 s for everything.
  static let endTime: Duration = .seconds(5)
  /// For a program whose caller has left.
  static let leftTime: Duration = .seconds(2)
  /// What a program wrote before its end is read to the end, unless something that it left behind keeps the pipe open.
  static let outputGrace: Duration = .milliseconds(200)
  /// Idle connections to the program of http mode, and for how long: both as of-watchdog has them.
  static let idleConnections = 100
  static let upstreamIdle: Duration = .milliseconds(500)
  /// Silence of an answer of events or a tunnel.
  static let streamIdle: Duration = .seconds(300)
  /// For a connection to the program of http mode, which is on this machine.
  static let connectTime: Duration = .seconds(1)
}
