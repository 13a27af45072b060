/// Which of a replica's two outputs a line came from.
package enum LogStream: UInt8, Sendable, Equatable {
  case stdout = 0
  case stderr = 1

  package var name: String { self == .stdout ? "stdout" : "stderr" }
}
