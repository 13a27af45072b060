import ApusIO
import Glibc

/// Programs that are not ours, by whose word ours is measured.
package enum Oracle {
  package static func has(_ program: String) -> Bool { succeeds("command -v \(program)") }

  package static func succeeds(_ command: String) -> Bool { (try? run(command)) != nil }

  /// What `command` prints when it reads `input`; throws if it fails.
  package static func run(_ command: String, input: [UInt8] = []) throws -> String {
    let (output, status) = try Shell.run("\(command) 2>/dev/null", input: input)
    guard status == 0 else { throw SystemError(EINVAL, "run", command, advice: "it ended with \(status): \(output)") }
    return output
  }
}
