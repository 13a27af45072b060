import ApusIO
import Glibc

/// Tools that are not ours, as a shell runs them.
enum Shell {
  /// What `command` prints, and its exit status.
  static func run(_ command: String) throws -> (output: String, status: CInt) {
    guard let stream = popen("(\(command)) </dev/null", "r") else { throw SystemError(errno, "run", command) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, stream)
      if count == 0 { break }
      output += block[..<count]
    }
    // The wait status: the exit status is its second byte (wait(2)).
    return (String(decoding: output, as: UTF8.self), pclose(stream) >> 8)
  }

  /// The reference that an answer names, under which a log says more.
  static func reference(in text: String) -> String? {
    guard let range = text.firstRange(of: "(reference ") else { return nil }
    let digits = text[range.upperBound...].prefix { $0.isHexDigit }
    return digits.isEmpty ? nil : String(digits)
  }

  static func temporaryFolder() throws -> String {
    var template = Array("/tmp/apus-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(errno, "make a folder below", "/tmp") }
    return String(cString: made)
  }
}
