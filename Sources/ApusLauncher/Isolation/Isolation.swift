import ApusIO
import Glibc

/// What of the machine a program sees and reaches; all else is as if it were not there.
///
/// A value says what is wanted; `permitted(by:)` makes of it what this machine permits, and says which layers are left
/// out. Each layer stands by itself. docs/THREATS.md says what none of them protects from.
package struct Isolation: Sendable, Equatable {
  package enum Layer: String, CaseIterable, Sendable, Hashable {
    /// A user namespace, which gives an ordinary user the rights that the other namespaces need.
    case users
    /// A root of its own, in which there is only what it was given.
    case mounts
    /// It sees no process but its own, and all of them end with its first.
    case processes
    /// System V and POSIX queues, semaphores and shared memory.
    case ipc
    case hostName
    /// A network of its own with `lo` alone. Sockets that are handed over work across it.
    case network
    /// A user and group of its own.
    case identity
    case capabilities
    /// No gain of rights from set-user-id programs (PR_SET_NO_NEW_PRIVS in prctl(2)).
    case privileges
    /// A filter of system calls (seccomp(2)).
    case systemCalls
    /// Landlock: rights on paths, kept by another part of the kernel than mounts.
    case paths
    /// A cgroup of its own: limits for all its processes together.
    case resources
  }

  /// The user that a program runs as.
  package struct Identity: Sendable, Equatable {
    package var user: UInt32
    package var group: UInt32
    /// Further groups, one for each volume. An ordinary user can't give them.
    package var groups: [UInt32]

    package init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
      self.user = user
      self.group = group
      self.groups = groups
    }

    /// Nobody's, as most systems number it.
    package static let nobody = Identity(user: 65534, group: 65534)

    /// The last of the hundred thousand that gateways give to functions and volumes.
    static let last = Identity(user: 299_999, group: 299_999)
  }

  package var layers: Set<Layer>
  package var root: Root
  package var identity: Identity
  package var hostName = "function"
  /// The program does not expect to be a namespace's first process: it traps no SIGTERM and reaps no orphans.
  package var needsInit = false
  /// 0 for the kernel's; `permitted(by:)` sets it.
  package var landlockVersion = 0
  /// Our descriptor of a network to enter, made ahead by `makeNetwork`; nil to make one in the child. Root's only, and
  /// for one program: what the last one left there would be the next one's to find.
  package var network: CInt?

  package init(
    layers: Set<Layer> = Set(Layer.allCases), root: Root = Root(), identity: Identity = .nobody
  ) {
    self.layers = layers
    self.root = root
    self.identity = identity
  }

  /// The root is built anew; else the program sees the machine's files as far as Landlock lets it.
  package var hasOwnRoot: Bool { layers.contains(.mounts) }

  /// Where the program finds what is shared as `path`: there, or where it is from if there is no root of its own.
  package func location(of path: String) -> String {
    if hasOwnRoot { return path }
    let holders = root.shares.filter { path == $0.path || path.hasPrefix($0.path + "/") }
    guard let share = holders.max(by: { $0.path.utf8.count < $1.path.utf8.count }) else { return path }
    return share.source + path.dropFirst(share.path.count)
  }

  func check() throws(SystemError) {
    if hasOwnRoot { try root.check() }
    if ([identity.user, identity.group] + identity.groups).contains(.max) {
      let advice = "\(UInt32.max) means “as it is” to the kernel: choose another number"
      throw SystemError(EINVAL, "run as a user or group", "\(UInt32.max)", advice: advice)
    }
    let texts = root.shares.flatMap { [$0.source, $0.path] } + root.files.values + [hostName]
    if texts.contains(where: { $0.utf8.contains(0) }) {
      throw SystemError(EINVAL, "isolate", advice: "A path or text has a NUL byte, which would end it: remove it")
    }
  }
}
