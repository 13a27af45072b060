import Glibc

/// Runs scripts in the shells of this machine.
enum ShellRunner {
  static func has(_ shell: String) -> Bool {
    read("command -v \(shell)") != ""
  }

  /// What the script writes to both of its streams.
  static func run(_ shell: String, _ script: String, options: String = "") -> String {
    var path = Array("/tmp/apus-completion-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else { return "no temporary file: errno \(errno)" }
    defer { unlink(path) }
    fputs(script, file)
    fclose(file)
    let name = String(decoding: path.dropLast().map(UInt8.init), as: UTF8.self)
    return read("\(shell) \(options) \(name) 2>&1")
  }

  private static func read(_ command: String) -> String {
    guard let pipe = popen(command, "r") else { return "popen failed: errno \(errno)" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = fread(&chunk, 1, chunk.count, pipe)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
