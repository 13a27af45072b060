import Instruments

/// Runs scripts in the shells of this machine.
enum ShellRunner {
  static func has(_ shell: String) -> Bool {
    (try? Shell.run("command -v \(shell)"))?.status == 0
  }

  /// What the script writes to both of its streams.
  static func run(_ shell: String, _ script: String, options: String = "") throws -> String {
    try Shell.run("\(shell) \(options) /dev/stdin 2>&1", input: Array(script.utf8)).output
  }
}
