import CBenchSpawn
import Glibc

/// Why a measurement, or the whole run, cannot go on.
enum BenchError: Error {
  /// The command line makes no sense.
  case usage(String)
  /// A peer or tool is not installed: its row is skipped.
  case missing(String)
  /// Something that should have worked did not.
  case failed(String)
  /// SIGINT, SIGTERM or SIGHUP: unwind, end everything, exit.
  case interrupted(Int32)

  /// Throws once somebody has asked the program to end; every wait calls it.
  static func checkInterruption() throws(BenchError) {
    let signal = bench_interrupted()
    if signal != 0 { throw .interrupted(signal) }
  }

  /// A failed system call, with what was being done and the system's reason.
  static func system(_ doing: String, _ code: Int32 = errno) -> BenchError {
    .failed("\(doing): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")")
  }
}
