import Glibc

/// The limit on open descriptors, which is a limit on connections.
package enum OpenFiles {
  /// Raises the soft limit to the hard one: the low default is for programs that use select(2), and none of ours does.
  package static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    // A refusal leaves things as they were.
    setrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit)
  }
}
