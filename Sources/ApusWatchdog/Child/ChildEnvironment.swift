import ApusIO

/// Our variables without those that are for us alone.
enum ChildEnvironment {
  private static let ours = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "APUS_READY_FD"]

  static func variables(_ environment: ProcessEnvironment) -> [String: String] {
    var variables = environment.values
    for name in ours { variables[name] = nil }
    return variables
  }
}
