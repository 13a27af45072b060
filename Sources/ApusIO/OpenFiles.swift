import CLinux
import Glibc

/// The limit on open descriptors, which is a limit on connections.
package enum OpenFiles {
  /// Raises the soft limit to the hard one: the low default is for programs that use select(2), and none of ours does.
  package static func raiseLimit() {
    apus_raise_open_files()
  }

  /// Opens /dev/null where a program was started without one of the first three: a socket or an event queue of ours
  /// would else get that number, and whatever is printed would go there.
  package static func fillStandardOnes() {
    while true {
      let descriptor = open("/dev/null", O_RDWR)
      if descriptor < 0 { return }
      if descriptor > 2 {
        close(descriptor)
        return
      }
    }
  }
}
