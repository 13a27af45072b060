import CLinux

/// The limit on open descriptors, which is a limit on connections.
package enum OpenFiles {
  /// Raises the soft limit to the hard one: the low default is for programs that use select(2), and none of ours does.
  package static func raiseLimit() {
    apus_raise_open_files()
  }
}
