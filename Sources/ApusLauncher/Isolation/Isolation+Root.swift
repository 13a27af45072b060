import ApusIO
import Glibc

extension Isolation {
  /// The files that a program sees: a small file system in memory with `/proc`, `/dev`, `/tmp` and what is shared.
  package struct Root: Sendable, Equatable {
    /// A file or folder of the machine, with all that is mounted below it.
    package struct Share: Sendable, Equatable {
      package var source: String
      /// Where it is inside.
      package var path: String
      package var isWritable = false
      package var isExecutable = false
      package var isFile = false

      /// The function's own files: read and run, never written, since replicas share them.
      package static func program(_ source: String, at path: String) -> Share {
        Share(source: source, path: path, isExecutable: true)
      }

      package static func readOnly(_ source: String, at path: String) -> Share { Share(source: source, path: path) }

      package static func readOnlyFile(_ source: String, at path: String) -> Share {
        Share(source: source, path: path, isFile: true)
      }

      package static func volume(_ source: String, at path: String) -> Share {
        Share(source: source, path: path, isWritable: true)
      }
    }

    package var shares: [Share]
    /// Small files that are made anew, by path.
    package var files: [String: String] = [:]
    /// Symbolic links, by path.
    package var links: [String: String] = [:]
    /// The room in `/tmp`, and in the rest of a root that may be written, in bytes each. It counts as memory.
    package var scratchBytes = 64 << 20
    /// What stands in `/tmp` may be run.
    package var scratchIsExecutable = false
    /// Nothing can be written but `/tmp` and volumes.
    package var isReadOnly: Bool
    /// `/proc` also tells of the machine: processors, memory, load. Most programs in other languages ask for it.
    package var showsMachine = false

    package init(shares: [Share] = [], isReadOnly: Bool = true) {
      self.shares = shares
      self.isReadOnly = isReadOnly
    }

    /// For a program that is not static: its loader, libraries and tools, to be read and run.
    package mutating func addSystemFolders() {
      showsMachine = true
      for folder in ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"] {
        if let target = Root.linkTarget(folder) {
          links[folder] = target
        } else if Root.exists(folder) {
          shares.append(.program(folder, at: folder))
        }
      }
      addFiles(["/etc/ld.so.cache"])
      if Root.exists("/etc/alternatives") { shares.append(.readOnly("/etc/alternatives", at: "/etc/alternatives")) }
    }

    /// For a program on the machine's network: how names are looked up, and whose certificates count.
    package mutating func addNetworkFiles() {
      addFiles(["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl/certs/ca-certificates.crt"])
    }

    private mutating func addFiles(_ paths: [String]) {
      for path in paths where Root.exists(path) { shares.append(.readOnlyFile(path, at: path)) }
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func linkTarget(_ path: String) -> String? {
      var text = [CChar](repeating: 0, count: 256)
      let count = readlink(path, &text, text.count)
      return count < 0 ? nil : String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func check() throws(SystemError) {
      for path in shares.map(\.path) + files.keys + links.keys {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isPlain = path.utf8.first == UInt8(ascii: "/") && !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
        let own = ["proc", "dev", "tmp"].contains { parts.first ?? "" == $0 } && parts.count == 1
        guard isPlain, !own else {
          let advice =
            "Write an absolute path without “.”, “..” and empty parts, other than the root's own /proc, /dev and /tmp"
          throw SystemError(EINVAL, "place in a root", path, advice: advice)
        }
      }
      for share in shares where !share.source.hasPrefix("/") || share.source.hasPrefix("/proc/") {
        let advice = "Write an absolute path of the machine's that is not below /proc, where the root is built"
        throw SystemError(EINVAL, "share", share.source, advice: advice)
      }
    }
  }
}
